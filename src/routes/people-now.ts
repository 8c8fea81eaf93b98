import type { Services } from '#server/services.ts';

type Person = { userId: number; name: string; hand: boolean };

/** Who is in which dialogue on this node, each person once. */
export function peopleNow(services: Services): Map<number, Person[]> {
	const now = new Map<number, Person[]>();
	for (const [dialogue, peers] of services.hub.everyone()) {
		const people = new Map(peers.map(({ userId, name, hand }) => [userId, { userId, name, hand }]));
		if (people.size > 0) now.set(dialogue, [...people.values()]);
	}
	return now;
}
