import * as Y from 'yjs';
import { Cursor } from './varint.ts';

const GC = 0;
const STRING = 4;
const LEFT = 0x80;
const RIGHT = 0x40;
const KEY = 0x20;

export type Range = (client: number, from: number, to: number) => void;

const cursor = new Cursor();

/**
 * Calls `range` for each run of clocks that an update carries. Typing is read in place; an update with anything
 * else goes through Yjs, and then some ranges may be told twice.
 */
export function updateRanges(bytes: Buffer, from: number, to: number, range: Range): void {
	cursor.over(bytes, from);
	for (let clients = cursor.uint(); clients > 0; clients--) {
		let structs = cursor.uint();
		const client = cursor.uint();
		const first = cursor.uint();
		let clock = first;
		for (; structs > 0; structs--) {
			const info = cursor.byte();
			const kind = info & 31;
			if (kind === GC) clock += cursor.uint();
			else {
				const length = kind === STRING ? stringLength(bytes, info) : -1;
				if (length < 0) return throughYjs(bytes.subarray(from, to), range);
				clock += length;
			}
		}
		range(client, first, clock);
	}
}

/** The characters of the string struct at the cursor; −1 where a byte is not a character. */
function stringLength(bytes: Buffer, info: number): number {
	for (let ids = (info & LEFT ? 1 : 0) + (info & RIGHT ? 1 : 0); ids > 0; ids--) {
		cursor.uint();
		cursor.uint();
	}
	if (!(info & (LEFT | RIGHT))) {
		if (cursor.uint() === 1) cursor.block();
		else {
			cursor.uint();
			cursor.uint();
		}
		if (info & KEY) cursor.block();
	}
	const length = cursor.uint();
	const end = cursor.at + length;
	for (; cursor.at < end; cursor.at++) if ((bytes[cursor.at] ?? 0) > 127) return -1;
	return length;
}

function throughYjs(update: Buffer, range: Range): void {
	for (const struct of Y.decodeUpdate(new Uint8Array(update)).structs) {
		if (struct instanceof Y.Skip) continue;
		range(struct.id.client, struct.id.clock, struct.id.clock + struct.length);
	}
}
