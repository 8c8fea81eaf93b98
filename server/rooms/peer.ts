import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Part } from '#lib/document/workflow.ts';
import { CLOSE } from '#lib/wire/close-codes.ts';
import { Malformed } from '#lib/wire/reader.ts';
import type { RatingDocument } from '../store/rating-documents.ts';
import type { Callers, Dues } from './callers.ts';
import { drain, readFrames } from './frame-reader.ts';
import { awarenessFrame, joined } from './frames.ts';
import {
	BEHIND_LIMIT,
	MESSAGE_LIMIT,
	MESSAGES_A_TURN,
	QUESTION_COST,
	READING,
	UNREAD_LIMIT,
	UNREAD_MESSAGES,
	UNSENT_LIMIT,
} from './limits.ts';
import type { Timing } from './timing.ts';

/** Somebody whom the door has let in. */
export interface Visitor {
	userId: number;
	name: string;
	part: Part;
	/** The Yjs client id that the page says it writes under. */
	client: number | null;
	/** The state vector that the page came with. */
	has: Uint8Array | null;
	/** Of a rater who looks at what another rated: their own ratings. */
	own?: RatingDocument;
	/** Whether it asked to be told what is on disk. */
	acks: boolean;
	sessionId?: string;
}

export type Phase =
	/** It was not told what it lacks: it is told nothing. */
	| { at: 'door' }
	| { at: 'table' }
	/** Has not read what it was sent, the document up to `vector`: left out until it has. */
	| { at: 'behind'; vector: Uint8Array; since: number }
	/** `forgotten`: what it sent before and is not applied counts for nothing; if it comes again, it says it again. */
	| { at: 'gone'; forgotten: boolean };

/** What a peer tells of itself. */
export interface Place {
	/** Throws Malformed. */
	hear(peer: Peer, message: Uint8Array): void;
	caughtUp(peer: Peer): void;
	leave(peer: Peer): void;
}

/**
 * One socket.
 * 1. Once gone, nothing that comes is heard and nothing is sent.
 * 2. What waits to be read is bounded by pausing the socket; what waits to be sent by leaving the peer out.
 * 3. Frames go to the socket itself, beside ws's own: those are control frames, which it writes whole and at once
 *    as long as compression is off.
 */
export class Peer {
	readonly who: Visitor;
	/** As the door said, until a recheck says otherwise. */
	part: Part;
	phase: Phase = { at: 'door' };
	/** Its first step 1 has come. */
	asked = false;
	/** Its step 2 has come; updates before that are repeated by it. */
	synced = false;
	/** Messages taken from this socket, whatever they held. */
	received = 0;
	readonly #ws: WebSocket;
	readonly #socket: Duplex;
	readonly #callers: Callers;
	readonly #dues: Dues;
	#place: Place | null = null;
	/** Goes on with what was read off the socket and not heard. */
	readonly #goOn: () => void;
	/** Bytes and messages that wait to be applied. */
	#unread = 0;
	#waiting = 0;
	/** Messages heard in this turn of the loop. */
	#turn = 0;
	/** While it is not read for what it has sent: gives up the waking. */
	#resting: (() => void) | null = null;
	#heard = performance.now();
	#pinged: number | null = null;
	#told = this.#heard;

	/** Not read until `enter`. */
	constructor(ws: WebSocket, socket: Duplex, who: Visitor, callers: Callers, dues: Dues) {
		this.who = who;
		this.part = who.part;
		this.#ws = ws;
		this.#socket = socket;
		this.#callers = callers;
		this.#dues = dues;
		ws.pause();
		ws.on('error', () => undefined); // a close follows
		ws.on('close', () => this.#end(false));
		ws.on('pong', () => (this.#heard = performance.now()));
		ws.on('message', (data, binary) => void this.#take(data as Buffer, binary));
		this.#goOn = readFrames(ws, socket, {
			arrived: (bytes) => {
				this.#turn = 0;
				const now = performance.now();
				for (const rate of dues.rates) this.#rest(rate.read(bytes, now));
				if (this.gone) drain(socket);
				else if (bytes >= READING) this.#giveWay(); // there is more, and it would all be read in this turn
			},
			message: (bytes) => this.#take(bytes, true),
			tooLarge: () => this.close(CLOSE.tooLarge, 'message too large'),
		});
		socket.on('drain', () => {
			if (this.phase.at === 'behind') this.#place?.caughtUp(this);
		});
	}

	get gone(): boolean {
		return this.phase.at === 'gone';
	}
	get forgotten(): boolean {
		return this.phase.at === 'gone' && this.phase.forgotten;
	}
	/** Its user's changes have cost more than they may. */
	get owes(): boolean {
		return this.#dues.work.take(0, performance.now()) > 0;
	}
	/** A change of its was judged, and cost so many steps. */
	worked(steps: number): void {
		this.#dues.work.take(steps, performance.now());
	}
	/** Bytes that it has not read. */
	get unsent(): number {
		return this.#ws.bufferedAmount;
	}
	get backlogged(): boolean {
		return this.unsent > BEHIND_LIMIT;
	}
	get overflowing(): boolean {
		return this.unsent > UNSENT_LIMIT;
	}

	enter(place: Place): void {
		this.#place = place;
		this.#ws.resume();
	}

	/** Whether more may be heard in this turn. */
	#take(data: Buffer, binary: boolean): boolean {
		if (this.gone) return true; // its close frame may be what comes next
		this.received++;
		const now = (this.#heard = performance.now());
		if (data.length > MESSAGE_LIMIT) this.close(CLOSE.tooLarge, 'message too large');
		else if (!binary) this.close(CLOSE.malformed, 'text');
		else {
			for (const rate of this.#dues.rates) this.#rest(rate.hear(1, now));
			this.#hear(data);
		}
		if (++this.#turn >= MESSAGES_A_TURN) this.#giveWay();
		return this.#resting === null;
	}

	#hear(data: Buffer): void {
		try {
			this.#place?.hear(this, data);
		} catch (error) {
			if (!(error instanceof Malformed)) throw error;
			this.close(CLOSE.malformed, error.message);
		}
	}

	/** It asks what it was told before. */
	asksAgain(): void {
		const now = performance.now();
		for (const rate of this.#dues.rates) this.#rest(rate.hear(QUESTION_COST, now));
	}

	/** It has sent more than it may: it is not read for a while, and nothing of it is lost. */
	#rest(ms: number): void {
		if (ms === 0 || this.gone || this.#resting !== null) return;
		const timer = setTimeout(() => this.#wake(), ms);
		this.#resting = () => clearTimeout(timer);
		this.#ws.pause();
	}

	/** It has said enough for this turn of the loop. */
	#giveWay(): void {
		if (this.gone || this.#resting !== null) return;
		const turn = setImmediate(() => this.#wake());
		this.#resting = () => clearImmediate(turn);
		this.#ws.pause();
	}

	#wake(): void {
		this.#resting = null;
		this.#read();
	}

	/** `bytes` of this peer wait to be applied. */
	holdBack(bytes: number): void {
		this.#unread += bytes;
		this.#waiting++;
		this.#callers.waiting += bytes;
		if (this.#ahead) this.#ws.pause();
	}
	applied(bytes: number): void {
		this.#unread -= bytes;
		this.#waiting--;
		this.#callers.waiting -= bytes;
		if (this.#ws.isPaused && this.#waiting <= UNREAD_MESSAGES / 2) this.#read();
	}
	get #ahead(): boolean {
		if (this.#unread > UNREAD_LIMIT || this.#waiting > UNREAD_MESSAGES) return true;
		return this.#unread > 0 && this.#callers.full;
	}
	#read(): void {
		if (this.#place === null || this.#ahead || this.#resting !== null) return;
		this.#turn = 0;
		this.#goOn();
		if (!this.#ahead && this.#resting === null) this.#ws.resume();
	}

	/** Sends whole frames in one write. */
	send(frames: readonly Buffer[]): void {
		if (this.gone || frames.length === 0 || this.#ws.readyState !== this.#ws.OPEN) return;
		this.#told = performance.now();
		const whole = joined(frames);
		if (whole.length > 1) this.#socket.cork();
		// What a slow reader holds back must not hold the block that its frames share with all others'.
		const held = this.#socket.writableLength > 0;
		for (const frame of whole) this.#socket.write(held ? alone(frame) : frame);
		if (whole.length > 1) this.#socket.uncork();
	}

	/** Looks after the connection; `now` as performance.now() gives it. Whether it was sent something. */
	tend(now: number, timing: Timing): boolean {
		if (this.gone) return false;
		if (this.phase.at === 'behind' && now - this.phase.since > timing.behindFor) {
			this.close(CLOSE.overloaded, 'too slow');
			return true;
		}
		if (now - this.#heard > timing.deadAfter && !this.#ws.isPaused) {
			this.#ws.terminate();
			return false;
		}
		// Who came together is not asked together.
		this.#pinged ??= now - Math.random() * timing.pingEvery;
		const pings = now - this.#pinged >= timing.pingEvery;
		if (pings) {
			this.#pinged = now;
			this.#ws.ping();
		}
		const says = now - this.#told >= timing.sayEvery && this.phase.at === 'table';
		if (says) this.send([awarenessFrame([])]);
		return pings || says;
	}

	/** `reason` is cut to what a close frame can hold. */
	close(code: number, reason = ''): void {
		if (this.gone) return;
		this.#end(isFinal(code) || code === CLOSE.overloaded);
		this.#goOn(); // for the other side's close frame
		this.#ws.resume();
		this.#ws.close(code, Buffer.from(reason).subarray(0, 120).toString());
	}

	/** Without waiting for the other side. */
	cutOff(): void {
		this.#ws.terminate();
	}

	#end(forgotten: boolean): void {
		if (this.gone) return;
		this.phase = { at: 'gone', forgotten };
		this.#resting?.();
		this.#resting = null;
		this.#place?.leave(this);
	}
}

function alone(frame: Buffer): Buffer {
	const copy = Buffer.allocUnsafeSlow(frame.length);
	copy.set(frame);
	return copy;
}

function isFinal(code: number): boolean {
	return code >= 4400 && code < 4500;
}
