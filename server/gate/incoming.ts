import * as Y from 'yjs';
import type { Node } from '#lib/document/policy.ts';
import { GC, type DecodedUpdate, type DeleteRange, type Id, type Struct } from './decode-update.ts';
import type { Place } from './places.ts';
import { Refusal } from './refusal.ts';

/** A new struct of the update. */
export interface Entry {
	readonly struct: Struct;
	/** Where it stands, once placed; null: nowhere, it can have no effect. */
	place: Place | null;
	key: string | null;
	/** The schema's node of its key. */
	field: Node | null;
	/** How many of its clocks the update itself deletes. */
	gone: number;
}

interface Batch {
	readonly client: number;
	/** First clock that is new to the document. */
	readonly base: number;
	/** First clock that is not placed yet. */
	next: number;
	placed: number;
	readonly entries: Entry[];
}

/**
 * What an update brings that the document does not have. What is here already is cut off before anything is
 * judged: a struct that overlaps could claim another parent for the part that is known.
 */
export class Incoming {
	readonly #store: Y.Doc['store'];
	readonly #batches: Batch[] = [];
	/** New structs. */
	count = 0;
	/** Whether something was cut off. */
	trimmed = false;

	constructor(store: Y.Doc['store'], sections: DecodedUpdate['sections']) {
		this.#store = store;
		for (const { client, structs } of sections) {
			const base = Y.getState(store, client);
			const start = structs[0]?.clock ?? base;
			if (start > base) throw new Refusal('pending', `client ${client} skips from ${base} to ${start}`);
			const entries: Entry[] = [];
			for (const struct of structs) {
				const isNew = struct.clock >= base;
				if (!isNew) this.trimmed = true;
				if (!isNew && struct.clock + struct.length <= base) continue;
				const rest = isNew ? struct : trim(struct, base);
				entries.push({ struct: rest, place: null, key: null, field: null, gone: 0 });
			}
			if (entries.length === 0) continue;
			this.#batches.push({ client, base, next: base, placed: 0, entries });
			this.count += entries.length;
		}
	}

	*clients(): Iterable<number> {
		for (const batch of this.#batches) yield batch.client;
	}

	*entries(): Iterable<Entry> {
		for (const batch of this.#batches) yield* batch.entries;
	}

	/** Visits the entries so that each one's dependencies come before it. Refuses when there is no such order. */
	placeAll(place: (entry: Entry) => void): void {
		for (let left = this.count; left > 0;) {
			const before = left;
			for (const batch of this.#batches) {
				for (let entry = batch.entries[batch.placed]; entry !== undefined && this.#isReady(entry.struct);) {
					place(entry);
					batch.next += entry.struct.length;
					left--;
					entry = batch.entries[++batch.placed];
				}
			}
			if (left === before) throw new Refusal('pending', 'depends on structs the server does not have');
		}
	}

	/** Whether `id` is the first clock that its client brings. */
	isFirst(id: Id): boolean {
		return this.#batch(id.client)?.base === id.clock;
	}

	/** The new struct that holds `id`; null when the document has it. */
	entryAt(id: Id): Entry | null {
		const batch = this.#batch(id.client);
		return batch === null || id.clock < batch.base
			? null
			: (batch.entries[indexAt(batch.entries, id.clock)] ?? null);
	}

	/**
	 * Cuts a delete range into its part of the document, up to `known`, and the new structs that it hits.
	 * Refuses a range that reaches beyond both.
	 */
	split(range: DeleteRange): { known: number; entries: Entry[] } {
		const batch = this.#batch(range.client);
		const known = batch === null ? Y.getState(this.#store, range.client) : batch.base;
		const end = range.clock + range.length;
		if (end > (batch === null ? known : batch.next))
			throw new Refusal('pending', 'deletes structs the server does not have');
		const entries: Entry[] = [];
		if (batch !== null && end > known) {
			for (let i = indexAt(batch.entries, Math.max(range.clock, known)); i < batch.entries.length; i++) {
				const entry = batch.entries[i];
				if (entry === undefined || entry.struct.clock >= end) break;
				entries.push(entry);
			}
		}
		return { known: Math.min(known, end), entries };
	}

	#isReady(struct: Struct): boolean {
		return this.#knows(struct.origin) && this.#knows(struct.rightOrigin) && this.#knows(struct.parent);
	}

	#knows(id: Id | null): boolean {
		if (id === null) return true;
		const batch = this.#batch(id.client);
		return id.clock < (batch === null ? Y.getState(this.#store, id.client) : batch.next);
	}

	#batch(client: number): Batch | null {
		for (const batch of this.#batches) if (batch.client === client) return batch;
		return null;
	}
}

/** Index of the entry that holds `clock`; the entries are contiguous and begin at or before it. */
function indexAt(entries: readonly Entry[], clock: number): number {
	let low = 0;
	let high = entries.length - 1;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		const entry = entries[middle];
		if (entry !== undefined && entry.struct.clock <= clock) low = middle;
		else high = middle - 1;
	}
	return low;
}

/** The part of `struct` from clock `from` on, as Yjs would write it. */
function trim(struct: Struct, from: number): Struct {
	return {
		...struct,
		clock: from,
		length: struct.length - (from - struct.clock),
		origin: struct.kind === GC ? null : { client: struct.client, clock: from - 1 },
		root: null,
		parent: null,
		key: null,
		values: struct.values.slice(from - struct.clock),
	};
}
