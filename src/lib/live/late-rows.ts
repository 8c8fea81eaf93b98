import type { LateRow, Shelf } from './shelf.ts';

/** What was refused, on the shelf and, where it could not take it, here; under keys below zero. */
export class LateRows {
	readonly #shelf: Promise<Shelf>;
	#shelved = new Map<number, LateRow>();
	readonly #unkept = new Map<number, LateRow>();
	#lastUnkept = 0;
	#lasting = false;

	constructor(shelf: Promise<Shelf>) {
		this.#shelf = shelf;
	}

	get all(): [key: number, LateRow][] {
		return [...this.#shelved, ...this.#unkept];
	}
	/** Whether any of it goes with the page. */
	get perishable(): boolean {
		return this.#unkept.size > 0 || (this.#shelved.size > 0 && !this.#lasting);
	}

	/** Reads what there is, of earlier visits and of other tabs too. */
	async read(): Promise<void> {
		const shelf = await this.#shelf;
		this.#lasting = shelf.lasting;
		this.#shelved = await shelf.late().catch(() => this.#shelved);
	}

	/** Holds what the shelf did not take. */
	hold(row: LateRow): void {
		this.#unkept.set((this.#lastUnkept -= 1), row);
	}

	async add(row: LateRow): Promise<void> {
		const shelf = await this.#shelf;
		await shelf.addLate(row).catch(() => this.hold(row));
	}

	/** One change is applied or dropped; with the last one the row goes. */
	async finish(key: number, change: string, last: boolean): Promise<void> {
		for (const rows of [this.#shelved, this.#unkept]) {
			const row = rows.get(key);
			if (row && !last) rows.set(key, { ...row, done: [...row.done, change] });
			else rows.delete(key);
		}
		if (key > 0) await (await this.#shelf).finish(key, change, last).catch(() => undefined);
	}
}
