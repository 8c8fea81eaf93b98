import { AWARENESS, DURABLE, QUERY_AWARENESS, STEP_1, STEP_2, SYNC, UPDATE } from './message-kinds.ts';
import { Malformed, Reader } from './reader.ts';

/** What either side may send; the bytes are views into the message. */
export type Message =
	| { kind: 'step 1'; vector: Uint8Array }
	| { kind: 'step 2'; update: Uint8Array }
	| { kind: 'update'; update: Uint8Array }
	| { kind: 'awareness'; body: Uint8Array }
	| { kind: 'query' }
	| { kind: 'durable'; frames: number; seq: number };

/** Throws Malformed on an unknown kind, and on anything too short or too long. */
export function readMessage(bytes: Uint8Array): Message {
	const reader = new Reader(bytes);
	const message = messageFrom(reader);
	if (!reader.done) throw new Malformed('bytes after the message');
	return message;
}

function messageFrom(reader: Reader): Message {
	const kind = reader.uint();
	switch (kind) {
		case SYNC:
			return syncFrom(reader);
		case AWARENESS:
			return { kind: 'awareness', body: reader.block() };
		case QUERY_AWARENESS:
			return { kind: 'query' };
		case DURABLE:
			return { kind: 'durable', frames: reader.uint(), seq: reader.uint() };
		default:
			throw new Malformed(`message of kind ${kind}`);
	}
}

function syncFrom(reader: Reader): Message {
	const step = reader.uint();
	switch (step) {
		case STEP_1:
			return { kind: 'step 1', vector: reader.block() };
		case STEP_2:
			return { kind: 'step 2', update: reader.block() };
		case UPDATE:
			return { kind: 'update', update: reader.block() };
		default:
			throw new Malformed(`sync message of kind ${step}`);
	}
}

/** What one client shows; null: it is gone. */
export interface AwarenessEntry {
	client: number;
	/** Of two entries of a client the one with the higher clock is newer. */
	clock: number;
	/** JSON in UTF-8. */
	state: Uint8Array;
}

/** Yields the entries one by one, so that a count says nothing about memory. body = count (client clock state)*count */
export function* readAwareness(body: Uint8Array): Generator<AwarenessEntry> {
	const reader = new Reader(body);
	for (let left = reader.uint(); left > 0; left--) {
		yield { client: reader.uint(), clock: reader.uint(), state: reader.block() };
	}
	if (!reader.done) throw new Malformed('bytes after the last entry');
}
