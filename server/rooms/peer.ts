import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Part } from '#lib/document/workflow.ts';
import { CLOSE } from '#lib/wire/close-codes.ts';
import { Malformed } from '#lib/wire/reader.ts';
import { writeAwareness } from '#lib/wire/messages.ts';
import { BEHIND_LIMIT, MESSAGE_LIMIT, UNREAD_LIMIT, UNSENT_LIMIT } from './limits.ts';
import type { Timing } from './timing.ts';

/** Somebody whom the door has let in. */
export interface Visitor {
	userId: number;
	name: string;
	part: Part;
	/** The Yjs client id that the page says it writes under. */
	client: number | null;
	sessionId?: string;
}

export type Phase =
	/** Its step 1 is not answered: it is told nothing. */
	| { at: 'door' }
	| { at: 'table' }
	/** Has not read what it was sent, the document up to `vector`: left out until it has. */
	| { at: 'behind'; vector: Uint8Array; since: number }
	/** `refused`: for good; what it sent before and is not applied counts for nothing. */
	| { at: 'gone'; refused: boolean };

/** What a peer tells of itself. */
export interface Place {
	/** Throws Malformed. */
	hear(peer: Peer, message: Uint8Array): void;
	caughtUp(peer: Peer): void;
	leave(peer: Peer): void;
}

const NOTHING_NEW = writeAwareness([]);

/**
 * One socket.
 * 1. Once gone, nothing that comes is heard and nothing is sent.
 * 2. What waits to be read is bounded by pausing the socket; what waits to be sent by leaving the peer out.
 */
export class Peer {
	readonly who: Visitor;
	/** As the door said, until a recheck says otherwise. */
	part: Part;
	phase: Phase = { at: 'door' };
	/** Its step 2 has come; updates before that are repeated by it. */
	synced = false;
	/** Messages taken from this socket, whatever they held. */
	received = 0;
	readonly #ws: WebSocket;
	readonly #socket: Duplex;
	#place: Place | null = null;
	#unread = 0;
	#heard = performance.now();
	#pinged = performance.now();
	#told = performance.now();

	/** Not read until `enter`. */
	constructor(ws: WebSocket, socket: Duplex, who: Visitor) {
		this.who = who;
		this.part = who.part;
		this.#ws = ws;
		this.#socket = socket;
		ws.pause();
		ws.on('error', () => undefined); // a close follows
		ws.on('close', () => this.#end(false));
		ws.on('pong', () => (this.#heard = performance.now()));
		ws.on('message', (data, binary) => this.#take(data as Buffer, binary));
		socket.on('drain', () => {
			if (this.phase.at === 'behind') this.#place?.caughtUp(this);
		});
	}

	get gone(): boolean {
		return this.phase.at === 'gone';
	}
	get refused(): boolean {
		return this.phase.at === 'gone' && this.phase.refused;
	}
	/** It has not read what it was sent. */
	get backlogged(): boolean {
		return this.#ws.bufferedAmount > BEHIND_LIMIT;
	}
	get overflowing(): boolean {
		return this.#ws.bufferedAmount > UNSENT_LIMIT;
	}

	enter(place: Place): void {
		this.#place = place;
		this.#ws.resume();
	}

	#take(data: Buffer, binary: boolean): void {
		if (this.gone) return;
		this.received++;
		this.#heard = performance.now();
		if (data.length > MESSAGE_LIMIT) return this.close(CLOSE.tooLarge, 'message too large');
		if (!binary) return this.close(CLOSE.malformed, 'text');
		try {
			this.#place?.hear(this, data);
		} catch (error) {
			if (!(error instanceof Malformed)) throw error;
			this.close(CLOSE.malformed, error.message);
		}
	}

	/** `bytes` of this peer wait to be applied. */
	holdBack(bytes: number): void {
		this.#unread += bytes;
		if (this.#unread > UNREAD_LIMIT) this.#ws.pause();
	}
	applied(bytes: number): void {
		this.#unread -= bytes;
		if (this.#unread <= UNREAD_LIMIT && this.#ws.isPaused) this.#ws.resume();
	}

	/** Sends messages in one write. */
	send(messages: readonly Uint8Array[]): void {
		if (this.gone || messages.length === 0) return;
		this.#told = performance.now();
		this.#socket.cork();
		for (const message of messages) this.#ws.send(message);
		this.#socket.uncork();
	}

	/** Looks after the connection; `now` as performance.now() gives it. */
	tend(now: number, timing: Timing): void {
		if (this.gone) return;
		if (this.phase.at === 'behind' && now - this.phase.since > timing.behindFor) {
			return this.close(CLOSE.overloaded, 'too slow');
		}
		if (now - this.#heard > timing.deadAfter && !this.#ws.isPaused) return this.#ws.terminate();
		if (now - this.#pinged >= timing.pingEvery) {
			this.#pinged = now;
			this.#ws.ping();
		}
		if (now - this.#told >= timing.sayEvery && this.phase.at === 'table') this.send([NOTHING_NEW]);
	}

	/** `reason` is cut to what a close frame can hold. */
	close(code: number, reason = ''): void {
		if (this.gone) return;
		this.#end(isFinal(code));
		this.#ws.resume(); // for the other side's close frame
		this.#ws.close(code, Buffer.from(reason).subarray(0, 120).toString());
	}

	/** Without waiting for the other side. */
	cutOff(): void {
		this.#ws.terminate();
	}

	#end(refused: boolean): void {
		if (this.gone) return;
		this.phase = { at: 'gone', refused };
		this.#place?.leave(this);
	}
}

function isFinal(code: number): boolean {
	return code >= 4400 && code < 4500;
}
