/** What is done with all that this device keeps, beyond one open dialogue. */
import { forgetComments, forgetSeenBefore } from './device-comments.ts';
import { keyOf, placesOf, STORES, tellForgotten, transact, type Place } from './device-database.ts';
import { forgetPages, keepOnlyPages } from './device-pages.ts';
import { rowsIn } from './device-shelf.ts';
import { lateRow } from './late-row.ts';
import type { LateRow, Row } from './shelf.ts';

/** How long a dialogue stays on the device that is not opened and has nothing unsent. */
const KEPT_MS = 30 * 24 * 3600 * 1000;

/** What the server does not have of one dialogue. */
export interface Unsent {
	dialogue: number;
	/** Edits that were not sent, and changes that were refused and neither applied nor dropped. */
	changes: number;
}

const nameOf = (place: Place): string => keyOf(place).join('/');

/** Everything of this person that exists on this device alone, by dialogue. */
export async function unsentOf(owner: number): Promise<Unsent[]> {
	const range = placesOf(owner);
	const [edits, late] = await transact(['edits', 'late'], 'readonly', async (store) => [
		await rowsIn<Row & Place>(store('edits'), range),
		await rowsIn<LateRow & Place>(store('late'), range),
	]);
	return summed([
		...[...edits.values()].map(({ dialogue, edits }) => ({ dialogue, changes: edits })),
		...[...late.values()].map(({ dialogue, changes, done }) => ({
			dialogue,
			changes: changes.length - done.length,
		})),
	]);
}

/** By dialogue, each once. */
export function summed(all: readonly Unsent[]): Unsent[] {
	const sums = new Map<number, number>();
	for (const { dialogue, changes } of all)
		if (changes > 0) sums.set(dialogue, (sums.get(dialogue) ?? 0) + changes);
	return [...sums].map(([dialogue, changes]) => ({ dialogue, changes }));
}

/** Takes what this person has on this device away: all of it, or the dialogues without anything unsent. */
export async function forget(owner: number, what: 'all' | 'sent'): Promise<void> {
	tellForgotten(owner);
	forgetComments(owner, what);
	await forgetPages();
	const range = placesOf(owner);
	await transact([...STORES], 'strict', async (store) => {
		const stays = what === 'all' ? new Set<string>() : await unsentPlaces(store, range);
		for (const name of STORES)
			for (const [key, row] of await rowsIn<Place>(store(name), range))
				if (!stays.has(nameOf(row))) store(name).delete(key);
	});
}

/** Takes away what nobody has opened for long, where nothing of it is unsent; what could not be read also goes then. */
export async function sweep(now: number): Promise<void> {
	forgetSeenBefore(now - KEPT_MS);
	const all = IDBKeyRange.lowerBound([]);
	const kept = await transact([...STORES], 'readwrite', async (store) => {
		for (const [key, { at, ...place }] of await rowsIn<Place & { at: number }>(store('visits'), all)) {
			if (now - at < KEPT_MS) continue;
			const range = IDBKeyRange.only(keyOf(place));
			if ((await unsentPlaces(store, range)).size > 0) continue;
			store('visits').delete(key);
			for (const row of (await rowsIn(store('edits'), range)).keys()) store('edits').delete(row);
		}
		for (const [key, row] of await rowsIn<{ at: number }>(store('aside'), all))
			if (now - row.at >= KEPT_MS) store('aside').delete(key);
		return rowsIn<Place>(store('visits'), all);
	});
	await keepOnlyPages(new Set([...kept.values()].map(({ dialogue }) => dialogue)));
}

async function unsentPlaces(
	store: (name: 'edits' | 'late') => IDBObjectStore,
	range: IDBKeyRange,
): Promise<Set<string>> {
	const places = new Set<string>();
	for (const row of (await rowsIn<Row & Place>(store('edits'), range)).values())
		if (row.edits > 0) places.add(nameOf(row));
	for (const row of (await rowsIn<Place>(store('late'), range)).values()) places.add(nameOf(row));
	return places;
}

/** What somebody typed in a dialogue that they cannot open any more. */
export async function leftIn(owner: number, dialogue: number): Promise<LateRow[]> {
	const range = placesOf(owner, dialogue);
	const [edits, late] = await transact(['edits', 'late'], 'readonly', async (store) => [
		[...(await rowsIn<Row & Place>(store('edits'), range)).values()],
		[...(await rowsIn<LateRow & Place>(store('late'), range)).values()],
	]);
	const updates = (rows: readonly Row[]): Uint8Array[] => rows.map(({ update }) => update);
	const own = edits.filter((row) => row.edits > 0);
	const unsent = [...new Set(own.map(({ born }) => born))].map((born) => {
		const here = edits.filter((row) => row.born === born);
		const refused = updates(here.filter((row) => row.edits > 0));
		const known = updates(here.filter((row) => row.edits === 0));
		return lateRow({ reason: '', user: String(owner), known, refused, all: refused });
	});
	return [...late, ...unsent.filter((row) => row !== null)];
}

/** Takes away everything of a dialogue that its owner cannot open any more. */
export async function dropAll(owner: number, dialogue: number): Promise<void> {
	const range = placesOf(owner, dialogue);
	await transact([...STORES], 'readwrite', async (store) => {
		for (const name of STORES)
			for (const key of (await rowsIn(store(name), range)).keys()) store(name).delete(key);
	});
}
