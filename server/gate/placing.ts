import * as Y from 'yjs';
import { childOf } from '#lib/document/policy.ts';
import type { Authority } from './authority.ts';
import type { Cuts } from './cuts.ts';
import { ANY, DELETED, GC, STRING, TYPE, type Id, type Struct } from './decode-update.ts';
import type { Entry, Incoming } from './incoming.ts';
import type { Neighbours } from './neighbours.ts';
import { isDead, itemAt, type Place, type Places } from './places.ts';
import { Refusal } from './refusal.ts';

/** Where a struct stands: in a list, or in the chain of a key's values. */
interface Spot {
	place: Place;
	key: string | null;
}

/**
 * Resolves each struct to its place in the schema exactly as Yjs would integrate it (its explicit parent, else
 * that of its left origin, else that of its right origin), and asks whether the sender may put it there.
 */
export class Placing {
	readonly #store: Y.Doc['store'];
	readonly #places: Places;
	readonly #incoming: Incoming;
	readonly #neighbours: Neighbours;
	readonly #authority: Authority;
	readonly #cuts: Cuts;
	/** Characters or keys that the update adds. */
	readonly #added = new Map<Place, number>();
	readonly #newKeys = new Map<Place, Set<string>>();

	constructor(
		store: Y.Doc['store'],
		places: Places,
		incoming: Incoming,
		neighbours: Neighbours,
		authority: Authority,
		cuts: Cuts,
	) {
		this.#store = store;
		this.#places = places;
		this.#incoming = incoming;
		this.#neighbours = neighbours;
		this.#authority = authority;
		this.#cuts = cuts;
	}

	place(entry: Entry): void {
		const { struct } = entry;
		// Without a living parent Yjs keeps a GC struct in its place: nothing to decide.
		const spot = struct.kind === GC ? null : this.#spotOf(struct);
		if (spot === null) return;
		entry.place = spot.place;
		entry.key = spot.key;
		if (spot.place.node.kind === 'text') this.#placeInText(struct, spot);
		else this.#placeInMap(entry, spot);
	}

	#placeInText(struct: Struct, { place, key }: Spot): void {
		if (key !== null) throw new Refusal('shape', 'attribute of a text', place.path);
		if (struct.kind !== STRING && struct.kind !== DELETED)
			throw new Refusal('shape', 'not a string in a text', place.path);
		this.#authority.editText(place);
		this.#neighbours.inList(struct, place);
		if (struct.kind === STRING) this.#grow(place, struct.length, place.type._length);
	}

	#placeInMap(entry: Entry, { place, key }: Spot): void {
		const { struct } = entry;
		if (key === null) throw new Refusal('shape', 'list item in a map', place.path);
		if (struct.rightOrigin !== null) throw new Refusal('shape', 'map item with a right origin', place.path);
		const field = (entry.field = childOf(place.node, key));
		if (field === null) throw new Refusal('unknown-key', `${place.path}/${key}`, place.path);
		this.#neighbours.inChain(struct, place, key);
		if (!place.type._map.has(key)) this.#addKey(place, key);
		switch (struct.kind) {
			case ANY:
				return this.#authority.setValues(place, key, field, struct.values);
			case DELETED:
				return this.#authority.removeValue(place, key, field, place.type._map.get(key));
			case TYPE:
				throw new Refusal('denied', 'types are the server’s', `${place.path}/${key}`);
			default:
				throw new Refusal('shape', 'content not expected', `${place.path}/${key}`);
		}
	}

	/** What values speak of must be in the document, or have been, or come with the update: once all is placed. */
	findReferences(): void {
		for (const { to, path } of this.#authority.references) {
			const [root, key] = to;
			const place = this.#places.root(root);
			if (place.type._map.has(key) || this.#newKeys.get(place)?.has(key)) continue;
			throw new Refusal('dangling', `no ${root}/${key}`, path);
		}
	}

	#addKey(place: Place, key: string): void {
		let keys = this.#newKeys.get(place);
		if (keys === undefined) this.#newKeys.set(place, (keys = new Set()));
		if (keys.has(key)) return;
		keys.add(key);
		this.#grow(place, 1, place.type._map.size);
	}

	#grow(place: Place, by: number, size: number): void {
		const { max } = place.node.row;
		if (max === undefined) return;
		const added = (this.#added.get(place) ?? 0) + by;
		if (size + added > max) throw new Refusal('limit', `more than ${max}`, place.path);
		if (this.#incoming.count > 1) this.#added.set(place, added);
	}

	/** Null: nowhere, what it would stand in is gone. */
	#spotOf(struct: Struct): Spot | null {
		const { origin, rightOrigin, root, parent, key } = struct;
		if (origin !== null) {
			const left = this.#spotAt(origin, origin.clock + 1);
			if (rightOrigin !== null) this.#agree(left, this.#spotAt(rightOrigin, rightOrigin.clock));
			return left;
		}
		if (rightOrigin !== null) return this.#spotAt(rightOrigin, rightOrigin.clock);
		const place = root !== null ? this.#places.root(root) : parent !== null ? this.#typeAt(parent) : null;
		return place === null ? null : { place, key };
	}

	/** Both gone or none: Yjs splits the item at the right origin even where it then drops the new one. */
	#agree(left: Spot | null, right: Spot | null): void {
		if (left?.place !== right?.place)
			throw new Refusal('split-parent', 'origins in different places', left?.place.path);
	}

	/** What is placed beside `id` cuts its item before clock `cut`, unless it ends or begins there. */
	#spotAt(id: Id, cut: number): Spot | null {
		const entry = this.#incoming.entryAt(id);
		if (entry !== null) {
			const { clock, length } = entry.struct;
			if (cut !== clock && cut !== clock + length) {
				entry.cut = true;
				this.#cuts.before(id.client, cut);
			}
			return entry.place === null ? null : { place: entry.place, key: entry.key };
		}
		const item = itemAt(this.#store, id);
		if (item === null) return null;
		const { clock } = item.id;
		const place = this.#places.around(item);
		if (cut !== clock && cut !== clock + item.length) {
			if (item.parentSub !== null && !item.deleted) throw new Refusal('shape', 'within a value', place.path);
			this.#cuts.before(id.client, cut);
		}
		return isDead(place) ? null : { place, key: item.parentSub };
	}

	/** The type that the item at `id` holds. The update itself has none: it may not create types. */
	#typeAt(id: Id): Place | null {
		const entry = this.#incoming.entryAt(id);
		if (entry !== null) {
			if (entry.place === null || entry.struct.kind === DELETED) return null;
			throw new Refusal('parent-not-type');
		}
		const item = itemAt(this.#store, id);
		if (item === null || item.content instanceof Y.ContentDeleted) return null;
		if (!(item.content instanceof Y.ContentType)) throw new Refusal('parent-not-type');
		const place = this.#places.of(item.content.type);
		return isDead(place) ? null : place;
	}
}
