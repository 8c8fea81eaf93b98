import { isUtf8 } from 'node:buffer';
import type { Part } from '#lib/document/workflow.ts';
import { readAwareness, type AwarenessEntry } from '#lib/wire/messages.ts';
import { Malformed } from '#lib/wire/reader.ts';
import { awarenessFrame } from './frames.ts';
import { PRESENCE_LIMIT } from './limits.ts';
import type { Peer } from './peer.ts';

/** Somebody in a room. */
export interface Present {
	userId: number;
	name: string;
	part: Part;
	/** 1–12: a member's own in this dialogue; an observer's by order of arrival. */
	color: number;
	/** Raised in any of their tabs. */
	hand: boolean;
}

const COLORS = 12;
const GONE = Buffer.from('null');

/**
 * A JSON object as a client gave it, without its last brace. As a string: bytes would be a view of memory that is
 * shared with much else, and keep all of it for as long as somebody shows this.
 */
interface Given {
	open: string;
	empty: boolean;
	/** It says exactly `hand: true`. */
	hand: boolean;
}

interface Shown {
	peer: Peer;
	given: Given;
}

/**
 * Who is here and where they look. Nothing of it is stored.
 * 1. A connection shows one client id: the one bound at the handshake, else the first that it shows and that
 *    is nobody else's. What it says about others is passed over: stock clients repeat what they hear.
 * 2. `user` is the server's word, whatever the client sent: it stands last, and the last of two equal keys counts.
 * 3. When a connection goes, what it shows goes, and nothing else.
 * 4. Clocks on the wire are ours, not the clients', and rise with everything that is sent, also over a restart:
 *    clients remember them over a reconnect, and would pass over what they have seen.
 */
export class Presence {
	readonly #shown = new Map<number, Shown>();
	readonly #idOf = new Map<Peer, { client: number; clock: number }>();
	readonly #colors = new Map<number, number>();
	/** Clients to tell of in the next beat, each with the peer that need not hear it. */
	#moved = new Map<number, Peer | null>();
	#clock = 0;
	readonly #ownerOf: (client: number) => string | undefined;

	readonly #colorOf: (userId: number) => number | undefined;

	/** `ownerOf`: whose a client id is, as far as that is known; `colorOf`: a member's colour. */
	constructor(
		ownerOf: (client: number) => string | undefined,
		colorOf: (userId: number) => number | undefined,
	) {
		this.#ownerOf = ownerOf;
		this.#colorOf = colorOf;
	}

	arrive(peer: Peer): void {
		const { userId, client } = peer.who;
		if (!this.#colors.has(userId)) this.#colors.set(userId, COLORS - (this.#colors.size % COLORS));
		if (client !== null) this.#idOf.set(peer, { client, clock: -1 });
	}

	/** Throws Malformed. True when there is something to tell. */
	hear(peer: Peer, body: Uint8Array): boolean {
		let news = false;
		for (const entry of readAwareness(body)) {
			const own = this.#idOf.get(peer) ?? this.#firstOf(peer, entry);
			if (own?.client === entry.client) news = this.#show(peer, own, entry) || news;
		}
		return news;
	}

	#firstOf(peer: Peer, { client, state }: AwarenessEntry): { client: number; clock: number } | undefined {
		const owner = this.#ownerOf(client) ?? String(peer.who.userId);
		if (this.#shown.has(client) || GONE.equals(state) || owner !== String(peer.who.userId)) return undefined;
		const own = { client, clock: -1 };
		this.#idOf.set(peer, own);
		return own;
	}

	#show(peer: Peer, own: { clock: number }, { client, clock, state }: AwarenessEntry): boolean {
		const going = GONE.equals(state);
		if (clock < own.clock || (clock === own.clock && !going) || state.length > PRESENCE_LIMIT) return false;
		own.clock = clock;
		if (going) return this.#hide(client, peer);
		this.#shown.set(client, { peer, given: objectIn(state) });
		this.#moved.set(client, peer);
		return true;
	}

	#hide(client: number, peer: Peer): boolean {
		if (this.#shown.get(client)?.peer !== peer) return false;
		this.#shown.delete(client);
		this.#moved.set(client, peer);
		return true;
	}

	/** True when there is something to tell. */
	leave(peer: Peer): boolean {
		const own = this.#idOf.get(peer);
		this.#idOf.delete(peer);
		return own !== undefined && this.#hide(own.client, peer);
	}

	/** What a peer's stamp says has changed. */
	restamp(peer: Peer): boolean {
		const own = this.#idOf.get(peer);
		if (own === undefined || this.#shown.get(own.client)?.peer !== peer) return false;
		this.#moved.set(own.client, null);
		return true;
	}

	get moved(): boolean {
		return this.#moved.size > 0;
	}

	/** The newest of everyone who moved since the last time, each with the peer that need not hear it. */
	take(): { from: Peer | null; frame: Buffer }[] {
		if (!this.moved) return [];
		const moved = [...this.#moved];
		this.#moved = new Map();
		return moved.map(([client, from]) => ({ from, frame: awarenessFrame([this.#entry(client)]) }));
	}

	/** Everyone but the peer itself; null when there is nobody. */
	others(peer: Peer): Buffer | null {
		const own = this.#idOf.get(peer)?.client;
		const clients = [...this.#shown.keys()].filter((client) => client !== own);
		return clients.length === 0 ? null : awarenessFrame(clients.map((client) => this.#entry(client)));
	}

	present(peers: Iterable<Peer>): Present[] {
		const users = new Map<number, Present>();
		for (const peer of peers) {
			const { userId } = peer.who;
			const hand = this.#givenBy(peer)?.hand === true || users.get(userId)?.hand === true;
			users.set(userId, { ...this.#stamp(peer), hand });
		}
		return [...users.values()];
	}

	#givenBy(peer: Peer): Given | undefined {
		const shown = this.#shown.get(this.#idOf.get(peer)?.client ?? -1);
		return shown?.peer === peer ? shown.given : undefined;
	}

	#stamp({ who, part }: Peer): Omit<Present, 'hand'> {
		const { userId, name } = who;
		return { userId, name, part, color: this.#colorOf(userId) ?? this.#colors.get(userId) ?? 1 };
	}

	#entry(client: number): AwarenessEntry {
		const shown = this.#shown.get(client);
		const clock = this.#tick();
		if (shown === undefined) return { client, clock, state: GONE };
		const { userId, name, color, part } = this.#stamp(shown.peer);
		return { client, clock, state: stamped(shown.given, { id: String(userId), name, color, part }) };
	}

	/** Above every clock given out before, by this process or, as time goes on, by one before it. */
	#tick(): number {
		this.#clock = Math.max(this.#clock + 1, Date.now());
		return this.#clock;
	}
}

/** Throws Malformed. */
function objectIn(json: Uint8Array): Given {
	if (!isUtf8(json)) throw new Malformed('presence is not UTF-8');
	const text = Buffer.from(json.buffer, json.byteOffset, json.length).toString();
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		throw new Malformed('presence is not JSON');
	}
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		throw new Malformed('presence is not an object');
	}
	return {
		open: text.slice(0, text.lastIndexOf('}')),
		empty: Object.keys(value).length === 0,
		hand: 'hand' in value && value.hand === true,
	};
}

function stamped({ open, empty }: Given, user: Record<string, unknown>): Buffer {
	return Buffer.from(`${open}${empty ? '' : ','}"user":${JSON.stringify(user)}}`);
}
