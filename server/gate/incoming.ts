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
	/** Whether another struct of the update stands within it. */
	cut: boolean;
}

interface Batch {
	readonly client: number;
	/** First clock that is new to the document. */
	readonly base: number;
	/** First clock that is not placed yet. */
	next: number;
	placed: number;
	readonly entries: Entry[];
	/** What its next entry waits for, while that is placed. */
	waitsFor: Id | null;
}

/** Batches that are looked through one by one; more are found by their client. */
const FEW = 8;

/**
 * What an update brings that the document does not have. What is here already is cut off before anything is
 * judged: a struct that overlaps could claim another parent for the part that is known.
 */
export class Incoming {
	readonly #store: Y.Doc['store'];
	readonly #batches: Batch[] = [];
	readonly #byClient = new Map<number, Batch>();
	/** Structs of the update. */
	read = 0;
	/** New ones. */
	count = 0;
	/** Whether something was cut off. */
	trimmed = false;

	constructor(store: Y.Doc['store'], sections: DecodedUpdate['sections']) {
		this.#store = store;
		for (const { client, structs } of sections) {
			this.read += structs.length;
			const base = Y.getState(store, client);
			const start = structs[0]?.clock ?? base;
			if (start > base) throw new Refusal('pending', `client ${client} skips from ${base} to ${start}`);
			const entries: Entry[] = [];
			for (const struct of structs) {
				const isNew = struct.clock >= base;
				if (!isNew) this.trimmed = true;
				if (!isNew && struct.clock + struct.length <= base) continue;
				const rest = isNew ? struct : trim(struct, base);
				entries.push({ struct: rest, place: null, key: null, field: null, gone: 0, cut: false });
			}
			if (entries.length === 0) continue;
			this.#batches.push({ client, base, next: base, placed: 0, entries, waitsFor: null });
			this.count += entries.length;
		}
		if (this.#batches.length > FEW)
			for (const batch of this.#batches) this.#byClient.set(batch.client, batch);
	}

	*clients(): Iterable<number> {
		for (const batch of this.#batches) yield batch.client;
	}

	*entries(): Iterable<Entry> {
		for (const batch of this.#batches) yield* batch.entries;
	}

	/** Visits the entries so that each one's dependencies come before it. Refuses when there is no such order. */
	placeAll(place: (entry: Entry) => void): void {
		for (const batch of this.#batches) this.#placeWhole(batch, place);
	}

	/** Of other batches only what is waited for: their next entries may in turn wait for this one's. */
	#placeWhole(whole: Batch, place: (entry: Entry) => void): void {
		const waiting: Batch[] = [];
		for (let batch = whole; ;) {
			const entry = batch.entries[batch.placed];
			if (entry === undefined) return; // only of `whole`: of others there is what is waited for
			const missing = this.#missing(entry.struct);
			if (missing !== null) {
				batch.waitsFor = missing;
				waiting.push(batch);
				batch = this.#thatHas(missing);
				continue;
			}
			place(entry);
			batch.next += entry.struct.length;
			batch.placed++;
			const last = waiting.at(-1);
			if (last?.waitsFor?.client === batch.client && last.waitsFor.clock < batch.next) {
				last.waitsFor = null;
				waiting.pop();
				batch = last;
			}
		}
	}

	/** The batch that will have `id`, and does not itself wait for who waits for it. */
	#thatHas(id: Id): Batch {
		const batch = this.#batch(id.client);
		const last = batch?.entries.at(-1)?.struct;
		if (!batch || !last || id.clock >= last.clock + last.length || batch.waitsFor !== null)
			throw new Refusal('pending', 'depends on structs the server does not have');
		return batch;
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

	/** What `struct` builds on and is not there yet; null when all is. */
	#missing({ origin, rightOrigin, parent }: Struct): Id | null {
		if (!this.#knows(origin)) return origin;
		if (!this.#knows(rightOrigin)) return rightOrigin;
		return this.#knows(parent) ? null : parent;
	}

	#knows(id: Id | null): boolean {
		if (id === null) return true;
		const batch = this.#batch(id.client);
		return id.clock < (batch === null ? Y.getState(this.#store, id.client) : batch.next);
	}

	#batch(client: number): Batch | null {
		if (this.#batches.length > FEW) return this.#byClient.get(client) ?? null;
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
