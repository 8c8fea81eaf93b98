import type { LateChange } from './late-changes.ts';

/** A change of a document, as it is kept. */
export interface Row {
	update: Uint8Array;
	/** How many edits of its person are in it that the server may not have; 0: the server has all of it. */
	edits: number;
}

/** What the server refused, until its person has applied or dropped it. */
export interface LateRow {
	/** By this device's clock. */
	at: number;
	/** The rule, as the server calls it. */
	reason: string;
	/** Null for what never was in a document. */
	update: Uint8Array | null;
	/** What of it was there to be seen when it was refused. */
	changes: LateChange[];
	/** Keys of the changes that were applied or dropped. */
	done: string[];
}

/** Makes of a document's known and refused changes what is handed back; null: there is nothing to hand back. */
export type Refuse = (known: Uint8Array[], refused: Uint8Array[]) => LateRow | null;

/**
 * What is kept of one person's copy of one dialogue. Everything is one transaction, and rejects where it could not be
 * stored. Not y-indexeddb: its rows do not tell what the server has from what it may not have, so that nothing unsent
 * could be counted, or handed back once it is refused; and a database that fails or never answers is not told.
 */
export interface Shelf {
	/** Whether what is kept here outlives the page. */
	readonly lasting: boolean;
	read(): Promise<Map<number, Row>>;
	/** @param strict whether to wait for the disk itself. @returns the keys of what was added, in order. */
	replace(gone: readonly number[], added: readonly Row[], strict: boolean): Promise<number[]>;
	/** Takes away everything that the server is said to have and, of these rows, what is still there: it is refused. */
	refuse(keys: readonly number[], refuse: Refuse): Promise<void>;
	/** Puts out of the way what cannot be read. */
	setAside(keys: readonly number[]): Promise<void>;
	late(): Promise<Map<number, LateRow>>;
	addLate(row: LateRow): Promise<void>;
	/** Marks a change of a late row as applied or dropped; with the last one the row goes. */
	finish(key: number, change: string, last: boolean): Promise<void>;
}
