import * as Y from 'yjs';
import { childOf, type Node } from '#lib/document/policy.ts';
import type { Id } from './decode-update.ts';
import { Refusal } from './refusal.ts';

export type YType = Y.AbstractType<unknown>;

type Params = Readonly<Record<string, string>>;

/** A shared type of the document, and its place in the schema. */
export interface Place {
	readonly type: YType;
	readonly node: Node;
	readonly path: string;
	readonly params: Params;
}

const NO_PARAMS: Params = Object.freeze({});

export const paramsOf = (field: Node, parent: Params, key: string): Params =>
	field.param === null ? parent : { ...parent, [field.param]: key };

export const isDead = (place: Place): boolean => place.type._item?.deleted === true;

/** The item that holds `id`, which the document has; null where it was collected. */
export function itemAt(store: Y.Doc['store'], id: Id): Y.Item | null {
	const struct: unknown = Y.getItem(store, id);
	return struct instanceof Y.Item ? struct : null;
}

/** The places of a document's types. A type never moves, so each is looked up once. */
export class Places {
	readonly #doc: Y.Doc;
	readonly #policy: Node;
	readonly #found = new WeakMap<YType, Place>();

	constructor(doc: Y.Doc, policy: Node) {
		this.#doc = doc;
		this.#policy = policy;
		this.defineRoots(doc);
	}

	/** Gives `doc` the schema's root types, so that no update can bring in one of another kind. */
	defineRoots(doc: Y.Doc): void {
		for (const [name, node] of this.#policy.fields) {
			if (node.kind === 'text') doc.getText(name);
			else doc.getMap(name);
		}
	}

	root(name: string): Place {
		const type = this.#policy.fields.has(name) ? this.#doc.share.get(name) : undefined;
		if (type === undefined) throw new Refusal('unknown-root', name);
		return this.of(type as YType);
	}

	/** Where an item of the document stands. */
	around(item: Y.Item): Place {
		return this.of(item.parent as YType);
	}

	of(type: YType): Place {
		let place = this.#found.get(type);
		if (place === undefined) this.#found.set(type, (place = this.#find(type)));
		return place;
	}

	#find(type: YType): Place {
		const item = type._item;
		if (item === null) {
			const name = Y.findRootTypeKey(type);
			const node = this.#policy.fields.get(name);
			if (node === undefined) throw new Refusal('unknown-root', name);
			return { type, node, path: name, params: NO_PARAMS };
		}
		const parent = this.around(item);
		const key = item.parentSub;
		const node = key === null ? null : childOf(parent.node, key);
		if (key === null || node === null) throw new Refusal('denied', 'outside the schema', parent.path);
		return { type, node, path: `${parent.path}/${key}`, params: paramsOf(node, parent.params, key) };
	}
}
