import * as Y from 'yjs';

/**
 * Which user each Yjs client id belongs to: the proof of authorship, kept with the document. It lets a page
 * hand in, under a new client id, what an earlier tab left behind. An id is bound once, for good; an id that
 * is unbound is the server's or nobody's.
 */
export class ClientOwners {
	readonly #users: Map<number, string>;

	constructor(bound: Iterable<readonly [client: number, userId: string]> = []) {
		this.#users = new Map(bound);
	}

	ownerOf(client: number): string | undefined {
		return this.#users.get(client);
	}

	/**
	 * True when the id is the user's, now or already. False when it is another's, or not free: the server's, or
	 * any that wrote something and is bound to nobody.
	 */
	bind(client: number, userId: string, isFree: (client: number) => boolean): boolean {
		const owner = this.#users.get(client);
		if (owner !== undefined) return owner === userId;
		if (!Number.isInteger(client) || client < 0 || client > 0xffffffff) return false;
		if (!isFree(client)) return false;
		this.#users.set(client, userId);
		return true;
	}
}

/** Whether a client id is neither the document's own nor has written in it. */
export const isFreeIn =
	(doc: Y.Doc) =>
	(client: number): boolean =>
		client !== doc.clientID && Y.getState(doc.store, client) === 0;
