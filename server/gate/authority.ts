import * as Y from 'yjs';
import { SERVER, type Access, type Node, type Reference } from '#lib/document/policy.ts';
import { rights, type DialogueState, type Part } from '#lib/document/workflow.ts';
import type { ClientOwners } from './client-owners.ts';
import { paramsOf, type Place, type Places } from './places.ts';
import { Refusal } from './refusal.ts';

/** Who sends an update, and what decides their rights at this moment. */
export interface Sender {
	userId: string;
	part: Part;
	state: DialogueState;
	together: boolean;
}

/** One permitted change. */
export interface Touch {
	op: 'write' | 'remove';
	path: string;
}

/** Asks the policy for one sender and one update; refuses what it does not allow. */
export class Authority {
	readonly #userId: string;
	readonly #rights: Access['rights'];
	readonly #owners: ClientOwners;
	readonly #places: Places;
	/** The text that was last found to be theirs to edit. */
	#text: Place | null = null;
	readonly touches: Touch[] = [];
	/** What permitted values speak of. */
	readonly references: { to: Reference; path: string }[] = [];

	constructor(sender: Sender, owners: ClientOwners, places: Places) {
		this.#userId = sender.userId;
		this.#rights = rights(sender.part, sender.state, sender.together);
		this.#owners = owners;
		this.#places = places;
	}

	/** Structs must come under a client id that is bound to the sender. */
	ownsClient(client: number): void {
		const owner = this.#owners.ownerOf(client);
		if (owner !== this.#userId)
			throw new Refusal(owner === undefined ? 'unbound-client' : 'forged-client', String(client));
	}

	editText(place: Place): void {
		if (this.#text === place) return;
		const { params, path, node } = place;
		if (!node.mayWrite(this.#asks(params, null))) throw new Refusal('denied', 'edit', path);
		this.#text = place;
		this.touches.push({ op: 'write', path });
	}

	setValues(map: Place, key: string, field: Node, values: readonly unknown[]): void {
		const path = `${map.path}/${key}`;
		if (field.kind !== 'value') throw new Refusal('shape', 'value in a type’s place', path);
		const access = this.#access(map, key, field, map.type._map.get(key));
		if (!field.mayWrite(access)) throw new Refusal('denied', 'write', path);
		const { check, refers } = field.row;
		for (const value of values) {
			if (check?.(value, access) === false) throw new Refusal('bad-value', '', path);
			for (const to of refers?.(value, access) ?? []) this.references.push({ to, path });
		}
		this.touches.push({ op: 'write', path });
	}

	/** Leaves `key` deleted; `item` is what goes. */
	removeValue(map: Place, key: string, field: Node, item: Y.Item | undefined): void {
		const path = `${map.path}/${key}`;
		if (field.kind !== 'value' || !field.mayWrite(this.#access(map, key, field, item)))
			throw new Refusal('denied', 'remove', path);
		this.touches.push({ op: 'remove', path });
	}

	#access(map: Place, key: string, field: Node, item: Y.Item | undefined): Access {
		return this.#asks(paramsOf(field, map.params, key), item === undefined ? null : this.#writerOf(item));
	}

	#asks(params: Access['params'], owner: string | null): Access {
		return {
			userId: this.#userId,
			rights: this.#rights,
			params,
			owner,
			ownerOf: ([root, key]) => {
				const there = this.#places.root(root).type._map.get(key);
				return there ? this.#writerOf(there) : this.#userId;
			},
		};
	}

	#writerOf({ id }: Y.Item): string {
		return this.#owners.ownerOf(id.client) ?? SERVER;
	}
}
