/**
 * Applies a concurrent change to a copy first, to see that all replicas will agree on where it stands. Yjs takes
 * time in the square of what was inserted at one spot, so the copy is given a few structs at a time, and the
 * change is refused as soon as one could not have been made where it claims, or too many stand in its way.
 */
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { Causality } from './causality.ts';
import { decodeUpdate, type DecodeLimits, type Struct } from './decode-update.ts';
import { Incoming } from './incoming.ts';
import { Refusal } from './refusal.ts';

/** Structs that the copy is given at a time: what Yjs may waste before the next look. */
const SLICE = 50;

/** Items that stand between the new ones and their origins; honest changes meet few. */
const MAX_STEPS = 2_000_000;

/** Structs of one client with nothing between them. */
type Slice = [Struct, ...Struct[]];

/** `update` has passed inspection against `doc`, which is not changed. Throws Refusal. */
export function rehearse(
	doc: Y.Doc,
	defineRoots: (doc: Y.Doc) => void,
	update: Uint8Array,
	limits: DecodeLimits,
): void {
	const copy = new Y.Doc();
	try {
		defineRoots(copy);
		Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
		const causality = new Causality(copy.store, MAX_STEPS);
		for (const slice of slicesOf(copy.store, update, limits)) {
			Y.applyUpdate(copy, encodeSlice(update, slice));
			const verdict = causality.judge(slice[0].client, slice[0].clock);
			if (verdict === 'unsound') throw new Refusal(verdict, 'origins that were never neighbours');
			if (verdict === 'limit') throw new Refusal(verdict, 'too much in the way');
		}
	} finally {
		copy.destroy();
	}
}

/** All structs of the update, each after what it depends on. */
function slicesOf(store: Y.Doc['store'], update: Uint8Array, limits: DecodeLimits): Slice[] {
	const slices: Slice[] = [];
	let last: Slice | undefined;
	new Incoming(store, decodeUpdate(update, limits).sections).placeAll(({ struct }) => {
		if (last !== undefined && last[0].client === struct.client && last.length < SLICE) last.push(struct);
		else slices.push((last = [struct]));
	});
	return slices;
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
