/** Messages as a client sends them, and as y-protocols would write the server's. */
import { createEncoder, toUint8Array, writeVarUint, writeVarUint8Array } from 'lib0/encoding';
import { AWARENESS, DURABLE, STEP_1, STEP_2, SYNC, UPDATE } from '#lib/wire/message-kinds.ts';
import type { AwarenessEntry } from '#lib/wire/messages.ts';

const SYNC_STEP = { 'step 1': STEP_1, 'step 2': STEP_2, update: UPDATE } as const;

export function writeSync(step: keyof typeof SYNC_STEP, body: Uint8Array): Uint8Array {
	const encoder = createEncoder();
	writeVarUint(encoder, SYNC);
	writeVarUint(encoder, SYNC_STEP[step]);
	writeVarUint8Array(encoder, body);
	return toUint8Array(encoder);
}

export function writeDurable(frames: number, seq: number): Uint8Array {
	const encoder = createEncoder();
	writeVarUint(encoder, DURABLE);
	writeVarUint(encoder, frames);
	writeVarUint(encoder, seq);
	return toUint8Array(encoder);
}

export function writeAwareness(entries: readonly AwarenessEntry[]): Uint8Array {
	const body = createEncoder();
	writeVarUint(body, entries.length);
	for (const { client, clock, state } of entries) {
		writeVarUint(body, client);
		writeVarUint(body, clock);
		writeVarUint8Array(body, state);
	}
	const encoder = createEncoder();
	writeVarUint(encoder, AWARENESS);
	writeVarUint8Array(encoder, toUint8Array(body));
	return toUint8Array(encoder);
}
