import { asked, isForgotten, keyOf, transact, type Place } from './device-database.ts';
import type { LateRow, Refuse, Row, Shelf } from './shelf.ts';

/** Keeps in the browser's database: over reloads, and over crashes of the browser. */
export class DeviceShelf implements Shelf {
	readonly lasting = true;
	readonly #place: Place;
	readonly #range: IDBKeyRange;

	constructor(place: Place) {
		this.#place = place;
		this.#range = IDBKeyRange.only(keyOf(place));
	}

	/** Says that the dialogue was open today. Rejects where nothing can be stored. */
	visit(): Promise<void> {
		return transact(['visits'], 'readwrite', async (store) => {
			for (const key of (await rowsIn(store('visits'), this.#range)).keys()) store('visits').delete(key);
			await asked(store('visits').add({ ...this.#place, at: Date.now() }));
		});
	}

	read(): Promise<Map<number, Row>> {
		return transact(['edits'], 'readonly', (store) => rowsIn<Row>(store('edits'), this.#range));
	}

	replace(gone: readonly number[], added: readonly Row[], strict: boolean): Promise<number[]> {
		if (isForgotten(this.#place.owner)) return Promise.reject(new Error('Signed out'));
		return transact(['edits'], strict ? 'strict' : 'readwrite', async (store) => {
			const edits = store('edits');
			for (const key of gone) edits.delete(key);
			const adding = added.map((row) => edits.add({ ...this.#place, ...row }));
			return (await Promise.all(adding.map(asked))) as number[];
		});
	}

	refuse(keys: readonly number[], refuse: Refuse): Promise<void> {
		if (isForgotten(this.#place.owner)) return Promise.reject(new Error('Signed out'));
		return transact(['edits', 'late'], 'strict', async (store) => {
			const rows = [...(await rowsIn<Row>(store('edits'), this.#range))];
			// Another tab of the same person may have handed them back already.
			const refused = rows.filter(([key]) => keys.includes(key));
			const known = rows.filter(([, { edits }]) => edits === 0);
			const late =
				refused.length === 0
					? null
					: refuse(
							known.map(([, { update }]) => update),
							refused.map(([, { update }]) => update),
						);
			for (const [key] of [...known, ...refused]) store('edits').delete(key);
			if (late) await asked(store('late').add({ ...this.#place, ...late }));
		});
	}

	setAside(keys: readonly number[]): Promise<void> {
		return transact(['edits', 'aside'], 'readwrite', async (store) => {
			for (const [key, row] of await rowsIn(store('edits'), this.#range)) {
				if (!keys.includes(key)) continue;
				store('edits').delete(key);
				await asked(store('aside').add({ ...this.#place, row, at: Date.now() }));
			}
		});
	}

	late(): Promise<Map<number, LateRow>> {
		return transact(['late'], 'readonly', (store) => rowsIn<LateRow>(store('late'), this.#range));
	}

	addLate(row: LateRow): Promise<void> {
		if (isForgotten(this.#place.owner)) return Promise.reject(new Error('Signed out'));
		return transact(['late'], 'strict', async (store) => {
			await asked(store('late').add({ ...this.#place, ...row }));
		});
	}

	finish(key: number, change: string, last: boolean): Promise<void> {
		return transact(['late'], 'readwrite', async (store) => {
			const row = (await asked(store('late').get(key))) as (LateRow & Place) | undefined;
			if (row && !last) await asked(store('late').put({ ...row, done: [...row.done, change] }, key));
			else await asked(store('late').delete(key));
		});
	}
}

/** The rows of a place by their keys, oldest first. */
export async function rowsIn<T>(store: IDBObjectStore, range: IDBKeyRange): Promise<Map<number, T>> {
	const index = store.index('place');
	const [keys, rows] = await Promise.all([
		asked(index.getAllKeys(range)),
		asked(index.getAll(range) as IDBRequest<T[]>),
	]);
	return new Map(rows.map((row, i) => [keys[i] as number, row]));
}
