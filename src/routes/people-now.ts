import type { Services } from '#server/services.ts';

type Person = { userId: number; name: string; color: number; hand: boolean };

/** Who is in which dialogue on this node, each person once, in the colour that they have there. */
export function peopleNow(services: Services): Map<number, Person[]> {
	const now = new Map<number, Person[]>();
	for (const [dialogue, peers] of services.hub.everyone()) {
		const people = peers.map(({ userId, name, color, hand }) => ({ userId, name, color, hand }));
		if (people.length > 0) now.set(dialogue, people);
	}
	return now;
}
