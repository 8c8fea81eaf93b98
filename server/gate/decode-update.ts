/**
 * A strict, bounded reader of Yjs V1 updates. Y.decodeUpdate and Y.applyUpdate are two parsers that disagree on
 * some byte strings (a client section given twice, info byte 0x2a), and applyUpdate allocates what a header
 * claims. This one accepts only what a Yjs encoder writes, allocates in proportion to the bytes read, and
 * refuses every kind of content that the schema has no use for.
 */
import { LIMITS, type DecodeLimits } from './limits.ts';
import { Refusal } from './refusal.ts';
import { UpdateReader } from './update-reader.ts';

export interface Id {
	readonly client: number;
	readonly clock: number;
}

/** Kinds of struct: a garbage-collected range, or an item by its content. */
export const GC = 0;
export const DELETED = 1;
export const STRING = 4;
export const TYPE = 7;
export const ANY = 8;
const SKIP = 10;

/** Flags of an item's first byte. */
const HAS_ORIGIN = 128;
const HAS_RIGHT_ORIGIN = 64;
const HAS_KEY = 32;

const LAST_TYPE = 2; // array, map, text; XML is not ours

export interface Struct extends Id {
	/** Clocks that it takes: UTF-16 units of a string, values of an ANY. */
	readonly length: number;
	readonly kind: number;
	readonly origin: Id | null;
	readonly rightOrigin: Id | null;
	/** Its parent, where it is written out: a root type's name, or the item that holds a type. */
	readonly root: string | null;
	readonly parent: Id | null;
	readonly key: string | null;
	readonly values: readonly unknown[];
	/** Where in the update's bytes it stands. */
	readonly from: number;
	readonly to: number;
}

export interface DeleteRange extends Id {
	readonly length: number;
}

export interface DecodedUpdate {
	/** Contiguous, one section a client. */
	sections: { client: number; structs: Struct[] }[];
	deletes: DeleteRange[];
}

const NO_VALUES: readonly unknown[] = [];

/** Throws Refusal, and nothing else. */
export function decodeUpdate(update: Uint8Array, limits: DecodeLimits = LIMITS['step 2']): DecodedUpdate {
	if (update.length > limits.bytes) throw new Refusal('limit', 'update too large');
	const reader = new UpdateReader(update, limits.values);
	const sections = readSections(reader, limits);
	const deletes = readDeletes(reader, limits);
	if (!reader.atEnd) throw new Refusal('malformed', 'bytes after the end');
	return { sections, deletes };
}

function readSections(reader: UpdateReader, limits: DecodeLimits): DecodedUpdate['sections'] {
	const sections: DecodedUpdate['sections'] = [];
	const seen = new Set<number>();
	const count = reader.uint();
	if (count > limits.clients) throw new Refusal('limit', 'too many clients');
	let total = 0;
	for (let i = 0; i < count; i++) {
		const size = reader.uint();
		const client = readClient(reader);
		let clock = reader.uint();
		if (size === 0) throw new Refusal('malformed', 'empty client section');
		if (seen.has(client)) throw new Refusal('malformed', 'client section given twice');
		seen.add(client);
		const structs: Struct[] = [];
		for (let j = 0; j < size; j++) {
			if (++total > limits.structs) throw new Refusal('limit', 'too many structs');
			const struct = readStruct(reader, client, clock, limits);
			clock += struct.length;
			if (clock > limits.clock) throw new Refusal('limit', 'clock out of range');
			structs.push(struct);
		}
		sections.push({ client, structs });
	}
	return sections;
}

function readDeletes(reader: UpdateReader, limits: DecodeLimits): DeleteRange[] {
	const deletes: DeleteRange[] = [];
	const clients = new Set<number>();
	let count = reader.uint();
	if (count > limits.clients) throw new Refusal('limit', 'too many clients');
	for (; count > 0; count--) {
		const client = readClient(reader);
		if (clients.has(client)) throw new Refusal('malformed', 'delete section given twice');
		clients.add(client);
		let end = 0;
		let ranges = reader.uint();
		if (ranges === 0) throw new Refusal('malformed', 'empty delete section');
		for (; ranges > 0; ranges--) {
			const clock = reader.uint();
			const length = reader.uint();
			if (length === 0) throw new Refusal('malformed', 'empty delete range');
			if (clock < end) throw new Refusal('malformed', 'delete ranges overlap or are unsorted');
			end = clock + length;
			if (end > limits.clock) throw new Refusal('limit', 'clock out of range');
			if (deletes.length >= limits.deleteRanges) throw new Refusal('limit', 'too many delete ranges');
			deletes.push({ client, clock, length });
		}
	}
	return deletes;
}

function readStruct(reader: UpdateReader, client: number, clock: number, limits: DecodeLimits): Struct {
	const from = reader.position;
	const info = reader.byte();
	const kind = info & 31;
	if (kind === GC) {
		if (info !== 0) throw new Refusal('malformed', 'GC with flags');
		const length = nonZero(reader.uint());
		return { ...NOWHERE, client, clock, length, kind, values: NO_VALUES, from, to: reader.position };
	}
	if (kind === SKIP) throw new Refusal('pending', 'update has a gap');
	const origin = (info & HAS_ORIGIN) !== 0 ? readId(reader) : null;
	const rightOrigin = (info & HAS_RIGHT_ORIGIN) !== 0 ? readId(reader) : null;
	let root: string | null = null;
	let parent: Id | null = null;
	let key: string | null = null;
	if (origin === null && rightOrigin === null) {
		const isRoot = reader.uint();
		if (isRoot > 1) throw new Refusal('malformed', 'parent info');
		if (isRoot === 1) root = readKey(reader, limits);
		else parent = readId(reader);
		if ((info & HAS_KEY) !== 0) key = readKey(reader, limits);
	}
	let length = 1;
	let values = NO_VALUES;
	switch (kind) {
		case DELETED:
			length = reader.uint();
			break;
		case STRING:
			length = reader.string().length;
			break;
		case ANY:
			values = readValues(reader, limits);
			length = values.length;
			break;
		case TYPE:
			if (reader.uint() > LAST_TYPE) throw new Refusal('bad-content', 'unknown type');
			break;
		default:
			throw new Refusal('bad-content', `content kind ${kind}`);
	}
	nonZero(length);
	const to = reader.position;
	return { client, clock, length, kind, origin, rightOrigin, root, parent, key, values, from, to };
}

const NOWHERE = { origin: null, rightOrigin: null, root: null, parent: null, key: null };

function nonZero(length: number): number {
	if (length === 0) throw new Refusal('malformed', 'empty struct');
	return length;
}

function readValues(reader: UpdateReader, limits: DecodeLimits): unknown[] {
	const values: unknown[] = [];
	for (let count = reader.uint(); count > 0; count--) values.push(reader.any(limits.valueDepth));
	return values;
}

function readClient(reader: UpdateReader): number {
	const client = reader.uint();
	if (client > 0xffffffff) throw new Refusal('malformed', 'client id out of range');
	return client;
}

function readId(reader: UpdateReader): Id {
	return { client: readClient(reader), clock: reader.uint() };
}

function readKey(reader: UpdateReader, limits: DecodeLimits): string {
	const key = reader.string();
	if (key.length > limits.keyLength) throw new Refusal('limit', 'key too long');
	return key;
}
