import * as Y from 'yjs';
import { holds, Known } from './causality.ts';
import type { Id, Struct } from './decode-update.ts';
import { COST, type Effort } from './effort.ts';
import type { Incoming } from './incoming.ts';
import { itemAt, type Place } from './places.ts';
import { Refusal } from './refusal.ts';

/** Makers whose knowledge is kept: what so many know grows with their square. */
const MAKERS = 64;

/** What each client's maker knew at the least, as the document tells: kept so as not to be found out every time. */
export class Makers {
	readonly #store: Y.Doc['store'];
	readonly #known = new Map<number, Known>();
	/** Those who are asked about since `begin`. */
	readonly #asked = new Set<number>();

	constructor(store: Y.Doc['store']) {
		this.#store = store;
	}

	/** An update is to be judged. */
	begin(): void {
		if (this.#asked.size > 0) this.#asked.clear();
	}

	knownTo(client: number): Known {
		this.#asked.add(client);
		let known = this.#known.get(client);
		if (known !== undefined) return known;
		const [oldest] = this.#known.keys();
		if (oldest !== undefined && this.#known.size >= MAKERS) this.#known.delete(oldest);
		this.#known.set(client, (known = new Known(this.#store)));
		return known;
	}

	/** The update was not applied: what it claimed is not to be held against its client's next. */
	takeBack(): void {
		for (const client of this.#asked) this.#known.delete(client);
	}
}

/**
 * Sees whether each struct stands between neighbours of its list, as that is once the structs before it are in:
 * then all replicas agree about it. Where a struct does not, but its maker need not have known what stands
 * between, that is right too; where that cannot be told here, the update is `concurrent`, and a copy decides.
 */
export class Neighbours {
	readonly #store: Y.Doc['store'];
	readonly #incoming: Incoming;
	readonly #makers: Makers;
	readonly #effort: Effort;
	/** What follows an id, what begins a list and what ends a key's chain, where the update has changed that. */
	readonly #followers = new Map<number, Map<number, Id>>();
	readonly #heads = new Map<Place, Id>();
	readonly #lasts = new Map<Place, Map<string, Id>>();
	#placed = 0;
	/** The list, or the key's chain, in which the first struct stands beside what its maker did not know. */
	#gap: { place: Place; key: string | null } | null = null;
	concurrent = false;

	constructor(store: Y.Doc['store'], incoming: Incoming, makers: Makers, effort: Effort) {
		this.#store = store;
		this.#incoming = incoming;
		this.#makers = makers;
		this.#effort = effort;
	}

	/** `struct` is the next one in the list of `place`. */
	inList(struct: Struct, place: Place): void {
		if (this.concurrent) return;
		const { origin, rightOrigin } = struct;
		if (this.#isBesideGap(place, null) && !(this.#isNew(origin) && this.#isNew(rightOrigin))) {
			this.concurrent = true;
			return;
		}
		const start = place.type._start;
		const next =
			origin === null
				? (this.#heads.get(place) ?? start?.id ?? null)
				: (this.#followers.get(origin.client)?.get(origin.clock) ?? this.#follower(origin));
		if (!same(next, rightOrigin) && !this.#madeUnaware(struct, place, null, origin === null ? start : null)) {
			this.concurrent = true;
		} else if (this.#incoming.count > 1) {
			if (origin === null) this.#heads.set(place, struct);
			else this.#follow(origin, struct);
		}
		this.#placed++;
	}

	/** `struct` is the next value of a key: it comes after the last, or after the last that its maker knew. */
	inChain(struct: Struct, place: Place, key: string): void {
		if (this.concurrent) return;
		if (this.#isBesideGap(place, key)) {
			this.concurrent = true;
			return;
		}
		const current = place.type._map.get(key);
		const last = this.#lasts.get(place)?.get(key) ?? current?.lastId ?? null;
		if (
			!same(last, struct.origin) &&
			!this.#madeUnaware(struct, place, key, this.#firstOf(current, struct))
		) {
			this.concurrent = true;
		} else if (this.#incoming.count > 1) {
			let lasts = this.#lasts.get(place);
			if (lasts === undefined) this.#lasts.set(place, (lasts = new Map<string, Id>()));
			lasts.set(key, { client: struct.client, clock: struct.clock + struct.length - 1 });
		}
		this.#placed++;
	}

	/** On which side of the unknown the first struct came to stand, only Yjs can tell. */
	#isBesideGap(place: Place, key: string | null): boolean {
		return this.#gap !== null && this.#gap.place === place && this.#gap.key === key;
	}

	#isNew(id: Id | null): boolean {
		return id !== null && this.#incoming.entryAt(id) !== null;
	}

	/** The first value that a key ever had, where a struct claims to come before or beside it. */
	#firstOf(current: Y.Item | undefined, { origin }: Struct): Y.Item | null {
		if (current === undefined || origin !== null) return null;
		let first = current;
		for (; first.left !== null; first = first.left) this.#effort.spend(COST.passed);
		return first;
	}

	#follow(origin: Id, struct: Struct): void {
		let followers = this.#followers.get(origin.client);
		if (followers === undefined) this.#followers.set(origin.client, (followers = new Map<number, Id>()));
		followers.set(origin.clock, struct);
	}

	/** What stands after `id`: in the document, or as the update put it there. */
	#follower(id: Id): Id | null {
		const next = { client: id.client, clock: id.clock + 1 };
		const entry = this.#incoming.entryAt(id);
		if (entry !== null) {
			const { clock, length, rightOrigin } = entry.struct;
			return next.clock < clock + length ? next : rightOrigin;
		}
		const item = itemAt(this.#store, id);
		if (item === null) return null;
		return holds(item, next) ? next : (item.right?.id ?? null);
	}

	/**
	 * Whether the maker of `struct` need not have known any of what stands between its origins; refuses when it
	 * must have. Judges only an update's first struct, and only when it builds on nothing but the document.
	 * `first` begins the list or chain, where the origin is null.
	 */
	#madeUnaware(struct: Struct, place: Place, key: string | null, first: Y.Item | null): boolean {
		const { client, clock, origin, rightOrigin } = struct;
		if (this.#placed > 0 || !this.#incoming.isFirst(struct)) return false;
		if (this.#isNew(origin) || this.#isNew(rightOrigin)) return false;

		const known = this.#makers.knownTo(client);
		let looked = known.add(client, clock);
		for (const id of [origin, rightOrigin, place.type._item?.id ?? null]) {
			if (id !== null) looked += known.add(id.client, id.clock + 1);
		}
		this.#effort.charge(COST.looked * looked);
		const refuse = (): never => {
			throw new Refusal('unsound', 'origins that were never neighbours', place.path);
		};

		let item = first;
		if (origin !== null) {
			const left = itemAt(this.#store, origin);
			const next = { client: origin.client, clock: origin.clock + 1 };
			if (left !== null && holds(left, next)) {
				if (same(next, rightOrigin)) return true;
				if (known.has(next)) return refuse();
			}
			item = left?.right ?? null;
		}
		for (; item !== null; item = item.right) {
			if (rightOrigin !== null && holds(item, rightOrigin)) {
				return item.id.clock === rightOrigin.clock || !known.has(item.id) || refuse();
			}
			if (known.has(item.id)) return refuse();
			this.#effort.spend(COST.passed);
			this.#gap ??= { place, key };
		}
		return rightOrigin === null || refuse();
	}
}

const same = (a: Id | null, b: Id | null): boolean =>
	a === null ? b === null : b !== null && a.client === b.client && a.clock === b.clock;
