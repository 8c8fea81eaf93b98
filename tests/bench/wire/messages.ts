/** What participants say, framed. `prefix` goes before every message; Hocuspocus wants the document's name there. */
import {
	createEncoder,
	toUint8Array,
	writeUint8Array,
	writeVarString,
	writeVarUint,
	writeVarUint8Array,
} from 'lib0/encoding';
import { AWARENESS, SYNC, UPDATE, type STEP_1, type STEP_2 } from '#lib/wire/message-kinds.ts';
import { frameOf, openFrame, payloadAt, seal } from './frame.ts';
import { put, sizeOf } from './varint.ts';

/** Hocuspocus: who I am, and the answer. */
export const AUTH = 2;
/** Hocuspocus: a sync message in answer to one. */
export const SYNC_REPLY = 4;

/** Which server speaks how: with Yjs' sync protocol, with Hocuspocus' names and sign-in around it, or not at all. */
export type Dialect = 'y-websocket' | 'hocuspocus' | 'none';

export function prefixFor(dialect: Dialect, name: string): Uint8Array {
	if (dialect !== 'hocuspocus') return new Uint8Array(0);
	const encoder = createEncoder();
	writeVarString(encoder, name);
	return toUint8Array(encoder);
}

export function authFrame(prefix: Uint8Array): Buffer {
	const encoder = createEncoder();
	writeUint8Array(encoder, prefix);
	writeVarUint(encoder, AUTH);
	writeVarUint(encoder, 0);
	writeVarString(encoder, 'bench');
	return frameOf(toUint8Array(encoder));
}

export function syncFrame(
	prefix: Uint8Array,
	step: typeof STEP_1 | typeof STEP_2 | typeof UPDATE,
	body: Uint8Array,
): Buffer {
	const encoder = createEncoder();
	writeUint8Array(encoder, prefix);
	writeVarUint(encoder, SYNC);
	writeVarUint(encoder, step);
	writeVarUint8Array(encoder, body);
	return frameOf(toUint8Array(encoder));
}

/** The id of a character. */
export interface Id {
	client: number;
	clock: number;
}

const idSize = ({ client, clock }: Id): number => sizeOf(client) + sizeOf(clock);
const putId = (bytes: Uint8Array, at: number, { client, clock }: Id): number =>
	put(bytes, put(bytes, at, client), clock);

const STRING = 4;
const HAS_LEFT = 0x80;
const HAS_RIGHT = 0x40;

/** An update of one struct: the ASCII `text` as `id`, typed between `left` and `right`; no right: at the end. */
export function typedFrame(prefix: Uint8Array, id: Id, left: Id, right: Id | null, text: string): Buffer {
	const length = text.length;
	const rightSize = right === null ? 0 : idSize(right);
	// One client, one struct; the struct; no deletions.
	const size = 2 + idSize(id) + 1 + idSize(left) + rightSize + sizeOf(length) + length + 1;
	const frame = openFrame(prefix.length + 2 + sizeOf(size) + size);
	let at = payloadAt(frame);
	frame.set(prefix, at);
	at += prefix.length;
	frame[at++] = SYNC;
	frame[at++] = UPDATE;
	at = put(frame, at, size);
	frame[at++] = 1;
	frame[at++] = 1;
	at = putId(frame, at, id);
	frame[at++] = STRING | HAS_LEFT | (right === null ? 0 : HAS_RIGHT);
	at = putId(frame, at, left);
	if (right !== null) at = putId(frame, at, right);
	at = put(frame, at, length);
	at += frame.write(text, at, 'latin1');
	frame[at] = 0;
	return seal(frame);
}

/** `json`: ASCII. */
export function presenceFrame(prefix: Uint8Array, client: number, clock: number, json: string): Buffer {
	const size = 1 + idSize({ client, clock }) + sizeOf(json.length) + json.length;
	const frame = openFrame(prefix.length + 1 + sizeOf(size) + size);
	let at = payloadAt(frame);
	frame.set(prefix, at);
	at += prefix.length;
	frame[at++] = AWARENESS;
	at = put(frame, at, size);
	frame[at++] = 1;
	at = put(frame, put(frame, at, client), clock);
	at = put(frame, at, json.length);
	frame.write(json, at, 'latin1');
	return seal(frame);
}
