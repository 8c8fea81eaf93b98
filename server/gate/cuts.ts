import type * as Y from 'yjs';
import { costOfCut, type Effort } from './effort.ts';

/** Counts the places where applying an update cuts items in two. */
export class Cuts {
	readonly #store: Y.Doc['store'];
	readonly #effort: Effort;
	readonly #made = new Map<number, Set<number>>();
	#count = 0;

	constructor(store: Y.Doc['store'], effort: Effort) {
		this.#store = store;
		this.#effort = effort;
	}

	/** Between the clocks `clock` − 1 and `clock` of a client. */
	before(client: number, clock: number): void {
		let made = this.#made.get(client);
		if (made === undefined) this.#made.set(client, (made = new Set()));
		if (made.has(clock)) return;
		made.add(clock);
		this.#effort.spend(this.costFor(client));
		this.#count++;
	}

	/** What one costs by now. */
	costFor(client: number): number {
		return costOfCut((this.#store.clients.get(client)?.length ?? 0) + this.#count);
	}
}
