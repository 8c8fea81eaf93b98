/** Writes Yjs V1 updates by hand, true to the format or not. */
import * as encoding from 'lib0/encoding';

export type Ref = readonly [client: number, clock: number];

/** One struct. Content: one of `string`, `any`, `deleted`, `type`, `gc`, `skip`. */
export interface HandmadeStruct {
	origin?: Ref;
	right?: Ref;
	root?: string;
	parent?: Ref;
	key?: string;
	string?: string;
	any?: unknown[];
	deleted?: number;
	type?: number;
	gc?: number;
	skip?: number;
	/** The first byte, whatever the rest says. */
	info?: number;
}

export interface HandmadeUpdate {
	structs?: [client: number, clock: number, structs: HandmadeStruct[]][];
	deletes?: [client: number, ranges: [clock: number, length: number][]][];
	tail?: number[];
}

function writeRef(encoder: encoding.Encoder, [client, clock]: Ref): void {
	encoding.writeVarUint(encoder, client);
	encoding.writeVarUint(encoder, clock);
}

function kindOf(struct: HandmadeStruct): number {
	if (struct.string !== undefined) return 4;
	if (struct.any !== undefined) return 8;
	if (struct.deleted !== undefined) return 1;
	return struct.type !== undefined ? 7 : 2;
}

function writeStruct(encoder: encoding.Encoder, struct: HandmadeStruct): void {
	const { origin, right, root, parent, key } = struct;
	const length = struct.gc ?? struct.skip;
	if (length !== undefined) {
		encoding.writeUint8(encoder, struct.info ?? (struct.gc !== undefined ? 0 : 10));
		encoding.writeVarUint(encoder, length);
		return;
	}
	const flags = (origin ? 128 : 0) | (right ? 64 : 0) | (key !== undefined ? 32 : 0);
	encoding.writeUint8(encoder, struct.info ?? kindOf(struct) | flags);
	if (origin) writeRef(encoder, origin);
	if (right) writeRef(encoder, right);
	if (!origin && !right) {
		encoding.writeVarUint(encoder, root !== undefined ? 1 : 0);
		if (root !== undefined) encoding.writeVarString(encoder, root);
		else writeRef(encoder, parent ?? [0, 0]);
		if (key !== undefined) encoding.writeVarString(encoder, key);
	}
	if (struct.string !== undefined) encoding.writeVarString(encoder, struct.string);
	if (struct.any !== undefined) {
		encoding.writeVarUint(encoder, struct.any.length);
		for (const value of struct.any) encoding.writeAny(encoder, value as encoding.AnyEncodable);
	}
	if (struct.deleted !== undefined) encoding.writeVarUint(encoder, struct.deleted);
	if (struct.type !== undefined) encoding.writeVarUint(encoder, struct.type);
}

export function handmade({ structs = [], deletes = [], tail = [] }: HandmadeUpdate): Uint8Array {
	const encoder = encoding.createEncoder();
	encoding.writeVarUint(encoder, structs.length);
	for (const [client, clock, section] of structs) {
		encoding.writeVarUint(encoder, section.length);
		writeRef(encoder, [client, clock]);
		for (const struct of section) writeStruct(encoder, struct);
	}
	encoding.writeVarUint(encoder, deletes.length);
	for (const [client, ranges] of deletes) {
		writeRef(encoder, [client, ranges.length]);
		for (const range of ranges) writeRef(encoder, range);
	}
	for (const byte of tail) encoding.writeUint8(encoder, byte);
	return encoding.toUint8Array(encoder);
}
