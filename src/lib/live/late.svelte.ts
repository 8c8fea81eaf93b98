import type * as Y from 'yjs';
import { applyLate, lateChanges, type LateChange } from './late-changes.ts';
import { typedRow } from './late-row.ts';
import { LateRows } from './late-rows.ts';
import type { LateRow, Shelf } from './shelf.ts';

/** A change that was refused, as it would be made now. */
export interface LateItem {
	/** Names the item among all that are shown. */
	id: string;
	row: number;
	reason: string;
	change: LateChange;
	/** Whether the document as it is can take it. */
	fits: boolean;
}

interface Now {
	doc: Y.Doc;
	/** Whether it is what the server has. */
	saved: boolean;
}

/** What the server refused of a person's changes in one dialogue, until each was applied or dropped. */
export class Late {
	readonly #rows: LateRows;
	readonly #user: string;
	readonly #now: () => Now | null;
	#items: LateItem[] = $state.raw([]);

	/** `now`: null while the server's document is not here. */
	constructor(shelf: Promise<Shelf>, user: string, now: () => Now | null) {
		this.#rows = new LateRows(shelf);
		this.#user = user;
		this.#now = now;
	}

	get items(): LateItem[] {
		return this.#items;
	}
	get empty(): boolean {
		return this.#rows.all.length === 0;
	}
	/** Whether any of it goes with the page. */
	get perishable(): boolean {
		return this.#rows.perishable;
	}

	/** Reads what there is, of earlier visits and of other tabs too. */
	async read(): Promise<void> {
		await this.#rows.read();
		this.look();
	}

	/** Holds what the shelf did not take. */
	hold(row: LateRow): void {
		this.#rows.hold(row);
		this.look();
	}

	/** Something typed that never got into the document. */
	async handBack(text: string): Promise<void> {
		await this.#rows.add(typedRow(text));
		await this.read();
	}

	/** Compares with the document as it is. */
	look(): void {
		const now = this.#now();
		this.#items = this.#rows.all.flatMap(([key, row]) => this.#itemsOf(now, key, row));
	}

	#itemsOf(now: Now | null, key: number, row: LateRow): LateItem[] {
		const seen = now && row.update ? lateChanges(now.doc, row.update, this.#user) : null;
		const fits = seen?.whole === true;
		const items = (fits ? seen.changes : row.changes)
			.filter((change) => !row.done.includes(change.key))
			.map((change) => ({ id: `${key} ${change.key}`, row: key, reason: row.reason, change, fits }));
		// The server's document says all of it by now, and not because it is unsent here.
		if (items.length === 0 && now?.saved && fits) void this.#rows.finish(key, '', true);
		return items;
	}

	/** Makes the change after all, as an ordinary edit; not one that another tab has dealt with. */
	async apply({ id }: LateItem): Promise<void> {
		await this.read();
		const doc = this.#now()?.doc;
		const item = this.#items.find((one) => one.id === id);
		if (!doc || !item?.fits) return;
		applyLate(doc, item.change, this.#user);
		await this.drop(item);
	}

	async drop({ row, change }: LateItem): Promise<void> {
		const last = !this.#items.some((one) => one.row === row && one.change.key !== change.key);
		const finished = this.#rows.finish(row, change.key, last);
		this.look();
		await finished;
	}
}
