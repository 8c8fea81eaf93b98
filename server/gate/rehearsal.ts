/**
 * Applies a concurrent change to a copy first, to see that all replicas will agree on where it stands. Yjs takes
 * time in the square of what was inserted at one spot, so the copy is given a few structs at a time, and the
 * change is refused as soon as one could not have been made where it claims, or too many stand in its way.
 */
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { Causality } from './causality.ts';
import { decodeUpdate, type Struct } from './decode-update.ts';
import { COST, type Effort } from './effort.ts';
import { Incoming } from './incoming.ts';
import type { DecodeLimits } from './limits.ts';
import { Refusal } from './refusal.ts';

/** Structs that the copy is given at a time, at the most. */
const SLICE = 50;
/** Steps that a slice should not take: after one that took more the next is smaller. */
const MUCH = 20_000;

/** Structs of one client with nothing between them. */
type Slice = [Struct, ...Struct[]];

/** `update` has passed inspection against `doc`, which is not changed. Throws Refusal. */
export function rehearse(
	doc: Y.Doc,
	defineRoots: (doc: Y.Doc) => void,
	update: Uint8Array,
	limits: DecodeLimits,
	effort: Effort,
): void {
	effort.charge(COST.copied * structsOf(doc));
	const copy = new Y.Doc();
	try {
		defineRoots(copy);
		Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
		const causality = new Causality(copy.store, effort);
		const structs = inOrder(copy.store, update, limits);
		let size = 1;
		for (let at = 0; at < structs.length;) {
			const slice = sliceFrom(structs, at, size);
			at += slice.length;
			const before = effort.steps;
			effort.spend(COST.slice + COST.struct * slice.length);
			Y.applyUpdate(copy, encodeSlice(update, slice));
			if (!causality.isSound(slice[0].client, slice[0].clock))
				throw new Refusal('unsound', 'origins that were never neighbours');
			size = effort.steps - before > MUCH ? Math.max(1, size >> 2) : Math.min(SLICE, size * 2);
		}
	} finally {
		copy.destroy();
	}
}

export function structsOf(doc: Y.Doc): number {
	let count = 0;
	for (const structs of doc.store.clients.values()) count += structs.length;
	return count;
}

/** All structs of the update, each after what it depends on. */
function inOrder(store: Y.Doc['store'], update: Uint8Array, limits: DecodeLimits): Struct[] {
	const structs: Struct[] = [];
	new Incoming(store, decodeUpdate(update, limits).sections).placeAll(({ struct }) => structs.push(struct));
	return structs;
}

function sliceFrom(structs: readonly Struct[], at: number, size: number): Slice {
	const first = structs[at];
	if (first === undefined) throw new RangeError(`no struct ${at}`);
	const slice: Slice = [first];
	for (let next = structs[at + 1]; slice.length < size; next = structs[at + slice.length]) {
		if (next?.client !== first.client) break;
		slice.push(next);
	}
	return slice;
}

/** A slice of an update as an update, without deletions: they move nothing. */
function encodeSlice(update: Uint8Array, slice: Slice): Uint8Array {
	const [first] = slice;
	const encoder = encoding.createEncoder();
	for (const number of [1, slice.length, first.client, first.clock]) encoding.writeVarUint(encoder, number);
	encoding.writeUint8Array(encoder, update.subarray(first.from, slice.at(-1)?.to));
	encoding.writeVarUint(encoder, 0);
	return encoding.toUint8Array(encoder);
}
