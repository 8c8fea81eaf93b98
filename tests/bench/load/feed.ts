import { setImmediate as turn } from 'node:timers/promises';
import { within } from '../../../server/rooms/within.ts';
import type { Contender } from '../servers/contender.ts';
import { updateRanges } from '../wire/update-ranges.ts';
import { covers, type Clocks } from './fetch-document.ts';
import { Participant } from './participant.ts';
import { newClientId } from './typist.ts';

const FEED_WITHIN = 240_000;
const UPDATES_A_TURN = 200;

export interface Fed {
	/** From the first update sent until a second participant had all of them. */
	ms: number;
	/** Still in its place. */
	writer: Participant;
}

/** One participant says `updates` as fast as the server takes them, until another has heard all that is `wanted`. */
export async function feed(
	contender: Contender,
	dialogue: number,
	updates: readonly Uint8Array[],
	wanted: Clocks,
): Promise<Fed> {
	const heard = new Map<number, number>();
	const all = Promise.withResolvers<void>();
	const count = (client: number, from: number, to: number): void => {
		if (!wanted.has(client) || from > (heard.get(client) ?? 0)) return;
		heard.set(client, Math.max(to, heard.get(client) ?? 0));
		if (covers(heard, wanted)) all.resolve();
	};
	const writer = new Participant(contender, { dialogue, seat: 'annotator', client: newClientId() });
	await writer.ready;
	const { brings } = contender.door;
	if (brings) writer.update(brings);
	const reader = new Participant(
		contender,
		{ dialogue, seat: 'lead', client: newClientId() },
		{
			update: (bytes, from, to) => updateRanges(bytes, from, to, count),
			close: () => all.reject(new Error('the reader was closed')),
		},
	);
	await reader.ready;
	for (const one of [writer, reader]) one.keepPresent();
	const began = performance.now();
	for (const [nth, update] of updates.entries()) {
		if (!writer.update(update)) await writer.drained();
		if (nth % UPDATES_A_TURN === 0) await turn();
	}
	await within(FEED_WITHIN, all.promise);
	const ms = performance.now() - began;
	reader.cutOff();
	return { ms, writer };
}
