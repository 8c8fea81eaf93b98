import * as Y from 'yjs';
import { ClientOwners } from '../gate/client-owners.ts';
import type { UpdateLog } from '../store/update-log.ts';

/**
 * Who writes under which client id in one room.
 * 1. An id is bound at the handshake, or by the first accepted update that writes under it: then in the
 *    transaction that stores the update.
 * 2. Only an id that is nobody's and has written nothing can be bound; the log decides between two who ask at once.
 */
export class Authorship extends ClientOwners {
	readonly #doc: Y.Doc;
	readonly #dialogue: number;
	readonly #log: UpdateLog;
	/** Bound by first use. */
	readonly #firstUsed = new Map<number, number>();
	#sender: number | null = null;
	#claims: number[] = [];
	/** Of accepted updates that are not stored yet. */
	#unstored: { client: number; userId: number }[] = [];

	constructor(doc: Y.Doc, dialogue: number, log: UpdateLog, bound: ReadonlyMap<number, number>) {
		super([...bound].map(([client, userId]) => [client, String(userId)] as const));
		this.#doc = doc;
		this.#dialogue = dialogue;
		this.#log = log;
	}

	/** Undefined: the server's, or nobody's. While an update is judged, a free id counts as its sender's. */
	override ownerOf(client: number): string | undefined {
		const owner = super.ownerOf(client) ?? this.#firstUsed.get(client)?.toString();
		if (owner !== undefined || this.#sender === null || !this.#isFree(client)) return owner;
		this.#claims.push(client);
		return String(this.#sender);
	}

	#isFree(client: number): boolean {
		return client !== this.#doc.clientID && Y.getState(this.#doc.store, client) === 0;
	}

	/** Runs `receive`, which judges and applies an update of this user; what it throws undoes its claims. */
	judging<T>(userId: number, receive: () => T): T {
		this.#sender = userId;
		this.#claims = [];
		try {
			const result = receive();
			for (const client of new Set(this.#claims)) {
				this.#firstUsed.set(client, userId);
				this.#unstored.push({ client, userId });
			}
			return result;
		} finally {
			this.#sender = null;
		}
	}

	/** What has to be stored with the rows; the caller does that or drops the room. */
	takeUnstored(): { client: number; userId: number }[] {
		const unstored = this.#unstored;
		this.#unstored = [];
		return unstored;
	}

	/** At the handshake. False when the id is somebody else's, the server's, or has written unowned. */
	async admit(client: number, userId: number): Promise<boolean> {
		const owner = this.ownerOf(client);
		if (owner !== undefined) return owner === String(userId);
		if (!this.#isFree(client) || !(await this.#log.bindClient(this.#dialogue, client, userId))) return false;
		return this.#firstUsed.get(client) === userId || this.bind(client, String(userId), this.#doc);
	}
}
