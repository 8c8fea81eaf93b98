import * as Y from 'yjs';
import { childOf } from '#lib/document/policy.ts';
import type { Authority } from './authority.ts';
import type { Cuts } from './cuts.ts';
import { DELETED, type DeleteRange } from './decode-update.ts';
import { COST, type Effort } from './effort.ts';
import type { Incoming } from './incoming.ts';
import type { Places } from './places.ts';
import { Refusal } from './refusal.ts';

/**
 * Asks whether the sender may delete what the update deletes. A step 2 carries its maker's whole delete set,
 * others' deletions included: only what is not deleted yet counts.
 * @returns how many structs are newly deleted.
 */
export function judgeDeletions(
	store: Y.Doc['store'],
	places: Places,
	incoming: Incoming,
	authority: Authority,
	ranges: readonly DeleteRange[],
	effort: Effort,
	cuts: Cuts,
): number {
	let count = 0;
	for (const range of ranges) {
		const before = count;
		const end = range.clock + range.length;
		const { known, entries } = incoming.split(range);
		/** Deleting this, the range cuts it at its ends. */
		const hit = ({ clock, length }: { clock: number; length: number }): void => {
			if (clock < range.clock) cuts.before(range.client, range.clock);
			if (clock + length > end) cuts.before(range.client, end);
			effort.spend(COST.deletion);
			count++;
		};
		for (const item of living(store, range, known, effort)) {
			const { clock } = item.id;
			judgeDeletion(places, authority, item, range.clock <= clock && clock + item.length <= end);
			hit({ clock, length: item.length });
		}
		for (const entry of entries) {
			const { clock, length } = entry.struct;
			entry.gone += Math.min(end, clock + length) - Math.max(range.clock, clock);
			hit(entry.struct);
		}
		// What is deleted together is merged into one, which closes up the rest.
		if (count > before) effort.spend(cuts.costFor(range.client));
	}
	return count;
}

/** The items of the document that `range` would delete, up to clock `end`. */
function* living(
	store: Y.Doc['store'],
	{ client, clock }: DeleteRange,
	end: number,
	effort: Effort,
): Iterable<Y.Item> {
	if (clock >= end) return;
	const structs = store.clients.get(client) ?? [];
	for (let i = Y.findIndexSS(structs, clock); i < structs.length; i++) {
		const struct = structs[i];
		if (struct === undefined || struct.id.clock >= end) return;
		effort.charge(COST.looked);
		if (struct instanceof Y.Item && !struct.deleted) yield struct;
	}
}

/** `whole`: not only a part of it. */
function judgeDeletion(places: Places, authority: Authority, item: Y.Item, whole: boolean): void {
	const place = places.around(item);
	if (place.node.kind === 'text') return authority.editText(place);
	const key = item.parentSub;
	if (key === null) throw new Refusal('shape', 'list item in a map', place.path);
	const field = childOf(place.node, key);
	if (field === null) throw new Refusal('unknown-key', key, place.path);
	if (!whole) throw new Refusal('shape', 'part of a value', `${place.path}/${key}`);
	authority.removeValue(place, key, field, item);
}

/**
 * A key has one value, and the last of an item is the one that is read. An undo manager keeps replaced values, which
 * Yjs merges; when it brings them back, they come back together, in one living item. Nobody may take it apart: what
 * was hidden in it would live on beside the key's value.
 */
export function judgeManyValues(incoming: Incoming): void {
	for (const { struct, place, field, gone, cut } of incoming.entries()) {
		if (field === null || struct.length === 1 || struct.kind === DELETED) continue;
		if (gone < struct.length && (gone > 0 || cut)) throw new Refusal('shape', 'part of a value', place?.path);
	}
}
