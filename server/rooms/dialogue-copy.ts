import * as Y from 'yjs';
import { keepingDeletedText } from '#lib/document/deleted-text.ts';
import { membersOf, standingOf, type Standing } from '#lib/document/read-dialogue.ts';
import { summaryOf, type Summary } from '#lib/document/summary.ts';
import { unpackUpdates } from '../store/update-log.ts';
import type { Encoded, Stored } from '../store/stored-dialogues.ts';

const NO_STRUCTS = Uint8Array.of(0);
const NOTHING = Uint8Array.of(0, 0);
/** What an item of Yjs's takes in memory, with its ids and its content. */
const AN_ITEM = 300;
/** What text takes that was typed by and by, times its updates: until it is encoded each letter is an object. */
const TYPED = 2;
/** A difference of at most so many bytes is kept for the next who lacks the same. */
const SHARED = 16 << 10;

type Form =
	/** `encoded`: what the document comes to, while nothing has changed since. */
	{ is: 'awake'; doc: Y.Doc; encoded: Encoded | null } | { is: 'asleep'; encoded: Encoded };

/**
 * A dialogue's document on this node: awake as a Y.Doc, which takes some fifty times its encoded size, or asleep as
 * its encoding alone, which can answer everybody who joins.
 */
export class DialogueCopy {
	#form: Form;
	/** What it takes encoded, at the most: updates only add to it. */
	#bytes: number;
	/** What was last answered: who were here together come back with the same vector. */
	#shared: { vector: Uint8Array; update: Uint8Array } | null = null;

	constructor({ snapshot, tail }: Stored) {
		this.#bytes = tail.reduce((sum, { body }) => sum + body.length, snapshot?.state.length ?? 0);
		if (snapshot !== null && tail.length === 0) {
			this.#form = { is: 'asleep', encoded: snapshot };
			return;
		}
		const doc = new Y.Doc({ gcFilter: keepingDeletedText() });
		doc.transact(() => {
			if (snapshot !== null) Y.applyUpdate(doc, snapshot.state);
			for (const row of tail) for (const update of unpackUpdates(row.body)) Y.applyUpdate(doc, update);
		});
		this.#form = { is: 'awake', doc, encoded: null };
	}

	get awake(): boolean {
		return this.#form.is === 'awake';
	}
	get bytes(): number {
		return this.#bytes;
	}

	/** Bytes that it takes in memory, roughly. */
	get memory(): number {
		if (this.#form.is === 'asleep') return this.#form.encoded.state.length;
		let items = 0;
		for (const structs of this.#form.doc.store.clients.values()) items += structs.length;
		return items * AN_ITEM + this.#bytes * TYPED;
	}

	/** The document. Whoever changes it says so with `changed`. */
	wake(): Y.Doc {
		if (this.#form.is === 'awake') return this.#form.doc;
		const { encoded } = this.#form;
		const doc = new Y.Doc({ gcFilter: keepingDeletedText() });
		Y.applyUpdate(doc, encoded.state);
		this.#form = { is: 'awake', doc, encoded };
		return doc;
	}

	/** Updates of so many bytes were applied. */
	changed(bytes: number): void {
		this.#bytes += bytes;
		this.#shared = null;
		if (this.#form.is === 'awake') this.#form.encoded = null;
	}

	sleep(): void {
		if (this.#form.is === 'asleep') return;
		const encoded = this.encoded();
		this.#form.doc.destroy();
		this.#form = { is: 'asleep', encoded };
	}

	encoded(): Encoded {
		const form = this.#form;
		if (form.is === 'asleep') return form.encoded;
		if (form.encoded !== null) return form.encoded;
		const { doc } = form;
		const state = Y.encodeStateAsUpdate(doc);
		const vector = Y.encodeStateVector(doc);
		const deletes = state.length - (Y.encodeStateAsUpdate(doc, vector).length - NO_STRUCTS.length);
		this.#bytes = state.length;
		return (form.encoded = { state, vector, deletes, summary: summaryOf(doc) });
	}

	vector(): Uint8Array {
		const form = this.#form;
		if (form.is === 'asleep') return form.encoded.vector;
		return form.encoded?.vector ?? Y.encodeStateVector(form.doc);
	}

	/** All that a replica with this state vector may lack, as an update. */
	since(vector: Uint8Array): Uint8Array {
		if (vector.length <= NO_STRUCTS.length) return this.encoded().state;
		const form = this.#form;
		if (form.encoded !== null && Buffer.compare(vector, form.encoded.vector) === 0)
			return onlyDeletes(form.encoded);
		if (this.#shared !== null && Buffer.compare(vector, this.#shared.vector) === 0)
			return this.#shared.update;
		const update =
			form.is === 'awake'
				? Y.encodeStateAsUpdate(form.doc, vector)
				: Y.diffUpdate(form.encoded.state, vector);
		// The vector is a view of what its socket read.
		this.#shared = update.length > SHARED ? null : { vector: vector.slice(), update };
		return update;
	}

	/** Whether an update is seen at a glance to bring nothing, as a step 2 of somebody who was away does. */
	plainlyHolds(update: Uint8Array): boolean {
		if (Buffer.compare(update, NOTHING) === 0) return true;
		const { encoded } = this.#form;
		return encoded !== null && Buffer.compare(update, onlyDeletes(encoded)) === 0;
	}

	/** Clocks that a client has written. */
	clockOf(client: number): number {
		if (this.#form.is === 'awake') return Y.getState(this.#form.doc.store, client);
		return Y.decodeStateVector(this.#form.encoded.vector).get(client) ?? 0;
	}

	get members(): Summary['members'] {
		return this.#form.is === 'awake' ? membersOf(this.#form.doc) : this.#form.encoded.summary.members;
	}

	get standing(): Standing {
		const form = this.#form;
		return (form.is === 'asleep' && form.encoded.summary.blind) || standingOf(this.wake());
	}

	get summary(): Summary {
		return this.#form.encoded?.summary ?? summaryOf(this.wake());
	}

	destroy(): void {
		if (this.#form.is === 'awake') this.#form.doc.destroy();
	}
}

/** No structs and the whole delete set: what either side sends the other when both hold the same. */
function onlyDeletes({ state, deletes }: Encoded): Uint8Array {
	return Buffer.concat([NO_STRUCTS, state.subarray(deletes)]);
}
