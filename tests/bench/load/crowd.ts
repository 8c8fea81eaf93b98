import { setTimeout as pause } from 'node:timers/promises';
import { within } from '../../../server/rooms/within.ts';
import type { Contender } from '../servers/contender.ts';
import { typedFrame } from '../wire/messages.ts';
import { Participant } from './participant.ts';
import { newClientId, type Anchor } from './typist.ts';

const AT_ONCE = 20;
const ENTER_WITHIN = 15_000;

/** Seats the annotator in dialogues `from` … `to` − 1; with `bring`, each brings the document where the server has none. */
export async function enterAll(
	contender: Contender,
	[from, to]: readonly [from: number, to: number],
	{ bring }: { bring: boolean },
): Promise<Participant[]> {
	const all: Participant[] = [];
	for (let at = from; at < to; at += AT_ONCE) {
		const some = Array.from(
			{ length: Math.min(AT_ONCE, to - at) },
			(_, nth) =>
				new Participant(contender, { dialogue: at + nth, seat: 'annotator', client: newClientId() }),
		);
		await within(ENTER_WITHIN, Promise.all(some.map(({ ready }) => ready)));
		const { brings } = contender.door;
		if (bring && brings) for (const one of some) one.update(brings);
		all.push(...some);
		await pause(20);
	}
	return all;
}

export function typeOnce(one: Participant, { left, right }: Anchor): void {
	one.say(typedFrame(one.prefix, { client: one.client, clock: 0 }, left, right, 'x'));
}
