/**
 * Yjs converges only for items that a client could have made: where it stood, `origin` and `rightOrigin` were
 * neighbours. An item that claims neighbours it knew not to be neighbours is integrated at different places
 * depending on the order of arrival, so that people who read one document see different texts.
 *
 * What an item's maker knew at the least is what its dependencies reach: its client's earlier items, its
 * origins, its parent, and theirs in turn. That is closed under "earlier of the same client", so it is a state
 * vector. Nothing of it may stand between the item and its origins.
 */
import * as Y from 'yjs';
import type { Id } from './decode-update.ts';
import { COST, type Effort } from './effort.ts';

type Store = Y.Doc['store'];

/** A state vector that grows with what is added to it and with all that depends on. */
export class Known {
	readonly #store: Store;
	readonly #upTo = new Map<number, number>();
	readonly #todo: { client: number; end: number }[] = [];

	constructor(store: Store) {
		this.#store = store;
	}

	has(id: Id): boolean {
		return id.clock < (this.#upTo.get(id.client) ?? 0);
	}

	/** Adds a client's items up to `end`; the document has them. @returns how many structs it had to look at. */
	add(client: number, end: number): number {
		let looked = 0;
		this.#todo.push({ client, end });
		for (let next = this.#todo.pop(); next !== undefined; next = this.#todo.pop()) {
			const from = this.#upTo.get(next.client) ?? 0;
			if (next.end <= from) continue;
			this.#upTo.set(next.client, next.end);
			const structs = this.#store.clients.get(next.client) ?? [];
			for (let i = Y.findIndexSS(structs, from); i < structs.length; i++) {
				const struct = structs[i];
				if (struct === undefined || struct.id.clock >= next.end) break;
				looked++;
				if (!(struct instanceof Y.Item)) continue;
				if (struct.origin !== null) this.#want(struct.origin);
				if (struct.rightOrigin !== null) this.#want(struct.rightOrigin);
				const holder = (struct.parent as Y.AbstractType<unknown>)._item;
				if (holder !== null) this.#want(holder.id);
			}
		}
		return looked;
	}

	#want(id: Id): void {
		if (!this.has(id)) this.#todo.push({ client: id.client, end: id.clock + 1 });
	}
}

export const holds = (item: Y.Item, id: Id): boolean =>
	item.id.client === id.client && item.id.clock <= id.clock && id.clock < item.id.clock + item.length;

/** Judges new items of a document, client by client in the order of their clocks, while they come in. */
export class Causality {
	readonly #store: Store;
	readonly #effort: Effort;
	readonly #known = new Map<number, Known>();

	constructor(store: Store, effort: Effort) {
		this.#store = store;
		this.#effort = effort;
	}

	/** Whether what `client` has from clock `from` on could have been made where it claims. */
	isSound(client: number, from: number): boolean {
		let known = this.#known.get(client);
		if (known === undefined) this.#known.set(client, (known = new Known(this.#store)));
		const structs = this.#store.clients.get(client) ?? [];
		for (let i = Y.findIndexSS(structs, from); i < structs.length; i++) {
			const item = structs[i];
			if (item === undefined) break;
			this.#effort.charge(COST.looked * known.add(client, item.id.clock + item.length));
			if (item instanceof Y.Item && !(this.#wasLeft(item, known) && this.#wasRight(item, known)))
				return false;
		}
		return true;
	}

	/** Nothing that its maker knew stands between the item and its origin. */
	#wasLeft(item: Y.Item, known: Known): boolean {
		const { origin } = item;
		let left = item.left;
		for (; left !== null && !(origin !== null && holds(left, origin)); left = left.left) {
			if (known.has(left.id)) return false;
			this.#effort.spend(COST.passed);
		}
		if (left === null || origin === null) return left === null && origin === null;
		// the item that holds the origin may have been merged with what follows it
		const next = { client: origin.client, clock: origin.clock + 1 };
		return !holds(left, next) || !known.has(next);
	}

	/** The same towards its right origin. */
	#wasRight(item: Y.Item, known: Known): boolean {
		const { rightOrigin } = item;
		let right = item.right;
		for (; right !== null && !(rightOrigin !== null && holds(right, rightOrigin)); right = right.right) {
			if (known.has(right.id)) return false;
			this.#effort.spend(COST.passed);
		}
		if (right === null || rightOrigin === null) return right === null && rightOrigin === null;
		return right.id.clock === rightOrigin.clock || !known.has(right.id);
	}
}
