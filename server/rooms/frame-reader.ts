import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { MESSAGE_LIMIT, PAYLOAD_LIMIT } from './limits.ts';

const FINAL_BINARY = 0x82;
const CONTROL = 0x08;
const FINAL = 0x80;
const MASKED = 0x80;
const OPCODE = 0x0f;
const CLOSE = 0x08;
/** What a length of two bytes can say. */
const SMALL = 0xffff;
/** How long a socket that is over is not read after each reading. */
const DRAIN_EVERY_MS = 10;

type Chunks = (this: Duplex, chunk: Buffer) => void;

export interface FrameListener {
	/** So many bytes have been read off the socket. */
	arrived(bytes: number): void;
	/** `bytes`: a view that it may keep. False: what has been read beyond it waits for the reader's `goOn`. */
	message(bytes: Buffer): boolean;
	/** A message begins that is larger than what is read: it is passed over. */
	tooLarge(): void;
}

/**
 * Takes ordinary messages off a socket before ws sees them: final, binary, masked, below 64 KiB. All else — control
 * frames, text, fragments, what is large or malformed — goes on to ws's own listener, frame by frame and in order.
 * It costs half of what ws takes for a small message, as it makes no copy and no event of it. A message that is too
 * large is known by its head, and no more is done with it; one far too large is ws's to end.
 *
 * Call it once, right after the handshake. Who stops it pauses the socket too.
 * @returns goes on with what was read and not heard.
 */
export function readFrames(ws: WebSocket, socket: Duplex, listener: FrameListener): () => void {
	const [rest] = socket.listeners('data') as Chunks[];
	if (rest === undefined) throw new Error('the socket has no reader');
	/** What was read and not heard: the beginning of a frame whose end has not come, or all after a stop. */
	let begun: Buffer | null = null;
	/** The frame under way that goes to ws, or nowhere: how much of it is still to come, and whether it is the last. */
	let passing = 0;
	let nowhere = false;
	let closing = false;
	/** Within a fragmented message all frames are ws's. */
	let fragmented = false;

	const take = (chunk: Buffer): void => {
		listener.arrived(chunk.length);
		hear(begun === null ? chunk : Buffer.concat([begun, chunk]));
	};
	const hear = (bytes: Buffer): void => {
		begun = null;
		let at = 0;
		while (at < bytes.length) {
			if (passing > 0) {
				const end = Math.min(bytes.length, at + passing);
				passing -= end - at;
				if (!nowhere) rest.call(socket, bytes.subarray(at, end));
				at = end;
				if (closing && passing === 0) return stop();
				continue;
			}
			const start = startOf(bytes, at);
			if (start > bytes.length) break;
			const first = bytes.readUInt8(at);
			const length = lengthOf(bytes, at);
			const end = start + length;
			const whole = first === FINAL_BINARY && isMasked(bytes, at) && !fragmented;
			if (!whole || length > SMALL) {
				if ((first & CONTROL) === 0) fragmented = (first & FINAL) === 0;
				closing = (first & OPCODE) === CLOSE;
				passing = end - at;
				nowhere = whole && length > MESSAGE_LIMIT && length <= PAYLOAD_LIMIT;
				if (nowhere) listener.tooLarge();
				continue;
			}
			if (end > bytes.length) break;
			unmask(bytes, start, end);
			at = end;
			if (!listener.message(bytes.subarray(start, end))) break;
		}
		if (at < bytes.length) begun = bytes.subarray(at);
	};
	// As ws does: after a close frame, and once ws has found a frame to be none, nothing that comes is looked at.
	const stop = (): void => {
		socket.off('data', take);
		begun = null;
		socket.on('data', () => drain(socket));
		socket.resume();
	};
	socket.off('data', rest);
	socket.on('data', take);
	ws.once('error', stop);
	return () => {
		if (begun !== null) hear(begun);
	};
}

/** Call it at each reading of a socket that is over: nobody waits for what it still brings, and it has no end. */
export function drain(socket: Duplex): void {
	socket.pause();
	setTimeout(() => socket.resume(), DRAIN_EVERY_MS);
}

const isMasked = (bytes: Buffer, at: number): boolean => (bytes.readUInt8(at + 1) & MASKED) !== 0;

/** Where the payload of the frame at `at` begins; beyond the end while its head has not come whole. */
function startOf(bytes: Buffer, at: number): number {
	if (at + 1 >= bytes.length) return Infinity;
	const second = bytes.readUInt8(at + 1);
	const code = second & 127;
	return at + (code < 126 ? 2 : code === 126 ? 4 : 10) + ((second & MASKED) === 0 ? 0 : 4);
}

function lengthOf(bytes: Buffer, at: number): number {
	const code = bytes.readUInt8(at + 1) & 127;
	if (code < 126) return code;
	return code === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
}

/** In place, four bytes at a time; the mask stands before the payload. */
function unmask(bytes: Uint8Array, start: number, end: number): void {
	const [a, b, c, d] = [bytes[start - 4]!, bytes[start - 3]!, bytes[start - 2]!, bytes[start - 1]!];
	let at = start;
	for (; at + 3 < end; at += 4) {
		bytes[at]! ^= a;
		bytes[at + 1]! ^= b;
		bytes[at + 2]! ^= c;
		bytes[at + 3]! ^= d;
	}
	if (at < end) bytes[at]! ^= a;
	if (at + 1 < end) bytes[at + 1]! ^= b;
	if (at + 2 < end) bytes[at + 2]! ^= c;
}
