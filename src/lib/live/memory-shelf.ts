import type { LateRow, Refuse, Row, Shelf } from './shelf.ts';

/** Keeps as long as the page is open, where the browser keeps nothing. */
export class MemoryShelf implements Shelf {
	readonly lasting: boolean;
	readonly #rows = new Map<number, Row>();
	readonly #late = new Map<number, LateRow>();
	#last = 0;

	/** `lasting`: what holds it outlives the connection. */
	constructor(lasting = false) {
		this.lasting = lasting;
	}

	read(): Promise<Map<number, Row>> {
		return Promise.resolve(new Map(this.#rows));
	}

	replace(gone: readonly number[], added: readonly Row[]): Promise<number[]> {
		for (const key of gone) this.#rows.delete(key);
		return Promise.resolve(added.map((row) => this.#add(this.#rows, row)));
	}

	#add<T>(rows: Map<number, T>, row: T): number {
		rows.set((this.#last += 1), row);
		return this.#last;
	}

	refuse(keys: readonly number[], refuse: Refuse): Promise<void> {
		const refused = keys.flatMap((key) => this.#rows.get(key) ?? []);
		const known = [...this.#rows.values()].filter(({ edits }) => edits === 0);
		const late = refused.length === 0 ? null : refuse(known.map(updateOf), refused.map(updateOf));
		for (const [key, { edits }] of this.#rows) if (edits === 0 || keys.includes(key)) this.#rows.delete(key);
		if (late) this.#add(this.#late, late);
		return Promise.resolve();
	}

	setAside(keys: readonly number[]): Promise<void> {
		for (const key of keys) this.#rows.delete(key);
		return Promise.resolve();
	}

	late(): Promise<Map<number, LateRow>> {
		return Promise.resolve(new Map(this.#late));
	}

	addLate(row: LateRow): Promise<void> {
		this.#add(this.#late, row);
		return Promise.resolve();
	}

	finish(key: number, change: string, last: boolean): Promise<void> {
		const row = this.#late.get(key);
		if (row && !last) this.#late.set(key, { ...row, done: [...row.done, change] });
		else this.#late.delete(key);
		return Promise.resolve();
	}
}

const updateOf = ({ update }: Row): Uint8Array => update;
