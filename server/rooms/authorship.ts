import { uint32 } from 'lib0/random';
import * as Y from 'yjs';
import { ClientOwners } from '../gate/client-owners.ts';
import type { UpdateLog } from '../store/update-log.ts';

const MAX_CLIENT = 0xffffffff;

/**
 * Who writes under which client id in one room.
 * 1. An id is its user's from the handshake on, or from the first accepted update that writes under it. Where the
 *    log has not bound it by then, it does in the transaction that stores the update.
 * 2. Only an id that is nobody's and has written nothing can be bound; the log decides between two who ask at once.
 */
export class Authorship extends ClientOwners {
	readonly #dialogue: number;
	readonly #log: UpdateLog;
	readonly #clockOf: (client: number) => number;
	/** The document's own id, while there is one. */
	#servers: number | null = null;
	/** From the handshake until the log has bound them. */
	readonly #reserved = new Map<number, number>();
	/** Bound by first use. */
	readonly #firstUsed = new Map<number, number>();
	#sender: number | null = null;
	#claims = new Set<number>();
	/** Of accepted updates that are not stored yet. */
	#unstored: { client: number; userId: number }[] = [];

	/** `clockOf`: how much a client has written. */
	constructor(
		dialogue: number,
		bound: ReadonlyMap<number, number>,
		log: UpdateLog,
		clockOf: (client: number) => number,
	) {
		super([...bound].map(([client, userId]) => [client, String(userId)] as const));
		this.#dialogue = dialogue;
		this.#log = log;
		this.#clockOf = clockOf;
	}

	/** Gives a document that was just made an id that is nobody's. */
	adopt(doc: Y.Doc): void {
		while (this.ownerOf(doc.clientID) !== undefined || Y.getState(doc.store, doc.clientID) > 0)
			doc.clientID = uint32();
		this.#servers = doc.clientID;
	}

	/** Undefined: the server's, or nobody's. While an update is judged, a free id counts as its sender's. */
	override ownerOf(client: number): string | undefined {
		const bound = super.ownerOf(client) ?? this.#firstUsed.get(client)?.toString();
		if (bound !== undefined) return bound;
		const reserved = this.#reserved.get(client);
		const owner = reserved ?? (this.#sender !== null && this.#isFree(client) ? this.#sender : undefined);
		if (owner !== undefined && owner === this.#sender) this.#claims.add(client);
		return owner?.toString();
	}

	#isFree(client: number): boolean {
		return client !== this.#servers && this.#clockOf(client) === 0;
	}

	/** Runs `receive`, which judges and applies an update of this user; what it throws undoes its claims. */
	judging<T>(userId: number, receive: () => T): T {
		this.#sender = userId;
		try {
			const result = receive();
			for (const client of this.#claims) {
				this.#firstUsed.set(client, userId);
				this.#unstored.push({ client, userId });
			}
			return result;
		} finally {
			this.#sender = null;
			if (this.#claims.size > 0) this.#claims.clear();
		}
	}

	/** Runs `type` within a change of the server's: what it writes stands under an id of this user's. */
	typeAs(doc: Y.Doc, userId: number, type: () => void): void {
		const { clientID } = doc;
		let client: number;
		do client = uint32();
		while (this.ownerOf(client) !== undefined || !this.#isFree(client));
		doc.clientID = client;
		try {
			type();
		} finally {
			doc.clientID = clientID;
		}
		this.#firstUsed.set(client, userId);
		this.#unstored.push({ client, userId });
	}

	/** What has to be stored with the rows; the caller does that or drops the room. */
	takeUnstored(): { client: number; userId: number }[] {
		if (this.#unstored.length === 0) return [];
		return this.#unstored.splice(0);
	}

	/**
	 * At the handshake. False when the id is somebody else's, the server's, or has written unowned. Nobody waits for
	 * the log: `lost` is called when it finds that another node was asked first.
	 */
	admit(client: number, userId: number, lost: () => void): boolean {
		const owner = this.ownerOf(client);
		if (owner !== undefined) return owner === String(userId);
		if (client > MAX_CLIENT || !this.#isFree(client)) return false;
		this.#reserved.set(client, userId);
		this.#log.bindClient(this.#dialogue, client, userId).then(
			(bound) => {
				this.#reserved.delete(client);
				if (!bound) lost();
				else this.bind(client, String(userId), () => true);
			},
			() => undefined, // its first update binds it
		);
		return true;
	}
}
