/**
 * Messages as whole frames for the socket (RFC 6455: final, binary, unmasked), made in one piece: so many frames
 * for one peer are one write, and peers of a room share them. The messages are those of wire/message-kinds.ts.
 */
import { AWARENESS, DURABLE, STEP_1, STEP_2, SYNC, UPDATE } from '#lib/wire/message-kinds.ts';
import type { AwarenessEntry } from '#lib/wire/messages.ts';
import { putUint, uintLength } from '#lib/wire/uint.ts';

const FINAL_BINARY = 0x82;

/** Small frames are cut from blocks; one is let go when full, and lives as long as a socket still writes from it. */
const BLOCK = 16 << 10;
/** The most that is copied to make one write of many frames. */
const JOINED = 32 << 10;
let block = Buffer.allocUnsafeSlow(BLOCK);
let used = 0;

function take(length: number): Buffer {
	if (length > BLOCK / 4) return Buffer.allocUnsafeSlow(length);
	if (used + length > BLOCK) {
		block = Buffer.allocUnsafeSlow(BLOCK);
		used = 0;
	}
	return block.subarray(used, (used += length));
}

/** A frame for a message of this length, and where the message begins in it. */
function open(length: number): { frame: Buffer; at: number } {
	const at = length < 126 ? 2 : length < 65_536 ? 4 : 10;
	const frame = take(at + length);
	frame[0] = FINAL_BINARY;
	if (at === 2) frame[1] = length;
	else if (at === 4) {
		frame[1] = 126;
		frame.writeUInt16BE(length, 2);
	} else {
		frame[1] = 127;
		frame.writeBigUInt64BE(BigInt(length), 2);
	}
	return { frame, at };
}

export function syncFrame(step: 'step 1' | 'step 2' | 'update', body: Uint8Array): Buffer {
	const { frame, at } = open(2 + uintLength(body.length) + body.length);
	frame[at] = SYNC;
	frame[at + 1] = step === 'update' ? UPDATE : step === 'step 1' ? STEP_1 : STEP_2;
	frame.set(body, putUint(frame, at + 2, body.length));
	return frame;
}

export function durableFrame(frames: number, seq: number): Buffer {
	const { frame, at } = open(1 + uintLength(frames) + uintLength(seq));
	frame[at] = DURABLE;
	putUint(frame, putUint(frame, at + 1, frames), seq);
	return frame;
}

export function awarenessFrame(entries: readonly AwarenessEntry[]): Buffer {
	let body = uintLength(entries.length);
	for (const { client, clock, state } of entries)
		body += uintLength(client) + uintLength(clock) + uintLength(state.length) + state.length;
	const { frame, at } = open(1 + uintLength(body) + body);
	frame[at] = AWARENESS;
	let end = putUint(frame, putUint(frame, at + 1, body), entries.length);
	for (const { client, clock, state } of entries) {
		end = putUint(frame, putUint(frame, putUint(frame, end, client), clock), state.length);
		frame.set(state, end);
		end += state.length;
	}
	return frame;
}

/** Many frames as one, for one write; large ones stay by themselves, not copied. */
export function joined(frames: readonly Buffer[]): Buffer[] {
	if (frames.length < 2) return [...frames];
	let length = 0;
	for (const frame of frames) length += frame.length;
	if (length > JOINED) return [...frames];
	const whole = take(length);
	let at = 0;
	for (const frame of frames) {
		whole.set(frame, at);
		at += frame.length;
	}
	return [whole];
}
