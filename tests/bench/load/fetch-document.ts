import { setTimeout as pause } from 'node:timers/promises';
import * as Y from 'yjs';
import type { Contender } from '../servers/contender.ts';
import { Participant } from './participant.ts';
import { newClientId } from './typist.ts';

export interface Fetched {
	/** All that came; null: nothing. */
	update: Uint8Array | null;
	/** Until it was all there; null: it never was. */
	ms: number | null;
}

/** client → clock */
export type Clocks = ReadonlyMap<number, number>;

export const clocksOf = (update: Uint8Array): Clocks =>
	Y.decodeStateVector(Y.encodeStateVectorFromUpdate(update));

export const covers = (has: Clocks, wanted: Clocks): boolean =>
	[...wanted].every(([client, clock]) => (has.get(client) ?? 0) >= clock);

/** Opens a dialogue as somebody new would, until all that is `wanted` has come. */
export async function fetchDocument(
	contender: Contender,
	dialogue: number,
	wanted: Clocks,
	patience = 10_000,
): Promise<Fetched> {
	const came: Uint8Array[] = [];
	let cameAt = 0;
	const began = performance.now();
	const reader = new Participant(
		contender,
		{ dialogue, seat: 'lead', client: newClientId() },
		{
			update: (bytes, from, to) => {
				came.push(new Uint8Array(bytes.subarray(from, to)));
				cameAt = performance.now();
			},
		},
	);
	let update: Uint8Array | null = null;
	try {
		for (let seen = 0; performance.now() - began < patience && !reader.closed; await pause(2)) {
			if (came.length === seen) continue;
			seen = came.length;
			update = Y.mergeUpdates(came);
			if (covers(clocksOf(update), wanted)) return { update, ms: cameAt - began };
		}
		return { update, ms: null };
	} finally {
		reader.cutOff();
	}
}
