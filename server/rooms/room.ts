import * as Y from 'yjs';
import { membersOf } from '#lib/document/read-dialogue.ts';
import { CLOSE } from '#lib/wire/close-codes.ts';
import { readMessage, writeDurable, writeSync } from '#lib/wire/messages.ts';
import { Malformed } from '#lib/wire/reader.ts';
import type { UpdateLog } from '../store/update-log.ts';
import type { Cut, Write } from './cut.ts';
import { Intake } from './intake.ts';
import type { Opened } from './opening.ts';
import type { Peer, Place } from './peer.ts';
import { Presence, type Present } from './presence.ts';
import { RoomGone } from './room-gone.ts';
import { checkedVector } from './state-vector.ts';

/** What a room asks of its surroundings. */
export interface House {
	log: UpdateLog;
	/** There is something to cut. */
	mark(room: Room): void;
	/** The room must not be found any more. */
	left(room: Room): void;
	wrote(dialogue: number, userId: number): void;
}

/**
 * The live copy of one dialogue.
 * 1. The document changes only in `cut`, and one cut is under way at a time: in between it is what the log has.
 * 2. Nobody is told of a change, and nothing is acked, before the log has it.
 * 3. A peer is told changes only from the answer to its step 1 on; what it says before its step 2 is passed over.
 * 4. When the document may hold what the log does not, the room is dropped and never used again.
 */
export class Room implements Place {
	readonly dialogue: number;
	/** When somebody last was here or wrote, by performance.now(). */
	lastBusy = performance.now();
	readonly #house: House;
	readonly #doc: Y.Doc;
	readonly #intake: Intake;
	readonly #presence: Presence;
	readonly #peers = new Set<Peer>();
	/** Whose step 1 is to be answered, with their state vectors. */
	#asking = new Map<Peer, Uint8Array>();
	#readers: { resolve: () => void; reject: (error: RoomGone) => void }[] = [];
	#cut: Cut | null = null;
	#head: number;
	#kept: number;
	#gone = false;

	constructor(dialogue: number, opened: Opened, house: House) {
		this.dialogue = dialogue;
		this.#house = house;
		this.#doc = opened.doc;
		this.#head = opened.head;
		this.#kept = opened.kept;
		this.#intake = new Intake(dialogue, opened, house.log);
		this.#presence = new Presence(
			(client) => this.#intake.authorship.ownerOf(client),
			(userId) => membersOf(this.#doc)[userId]?.color,
		);
	}

	/** The newest row that this copy has. */
	get head(): number {
		return this.#head;
	}
	/** Rows since the stored snapshot. */
	get behind(): number {
		return this.#head - this.#kept;
	}
	get committing(): boolean {
		return this.#cut !== null;
	}
	/** Nobody is here and nothing is under way. */
	get idle(): boolean {
		return this.#peers.size === 0 && this.#intake.empty && this.#cut === null;
	}
	get present(): Present[] {
		return this.#presence.present(this.#peers);
	}

	/** Lets in a peer, whose part the document must know. Throws RoomGone. */
	enter(peer: Peer): void {
		if (this.#gone) throw new RoomGone();
		if (peer.gone) return;
		this.#peers.add(peer);
		this.#presence.arrive(peer);
		peer.enter(this);
	}

	/** Whether this user may write under this client id. */
	async bindClient(client: number, userId: number): Promise<boolean> {
		const bound = await this.#intake.authorship.admit(client, userId);
		if (this.#gone) throw new RoomGone();
		return bound;
	}

	/** Resolves when the change is stored, with what it returned. Rejects with RoomGone when it was not tried. */
	async write<T>(author: number, change: (doc: Y.Doc) => T, effect: Write['effect']): Promise<T> {
		if (this.#gone) throw new RoomGone();
		const { promise, resolve, reject } = Promise.withResolvers<T>();
		let result: T;
		this.#intake.push({
			kind: 'write',
			author,
			change: () => (result = change(this.#doc)),
			effect,
			settle: (error) => (error === undefined ? resolve(result) : reject(error)),
		});
		this.#house.mark(this);
		return promise;
	}

	/** Looks at the document as the log has it. */
	async read<T>(look: (doc: Y.Doc) => T): Promise<T> {
		if (this.#gone) throw new RoomGone();
		// A beat begins in a turn of its own: no cut comes between what `deliver` settles and what awaits it.
		if (this.#cut !== null)
			await new Promise<void>((resolve, reject) => this.#readers.push({ resolve, reject }));
		return look(this.#doc);
	}

	/** Keeps what the log has as a snapshot. */
	async snapshot(): Promise<void> {
		const { seq, state, vector } = await this.read((doc) => ({
			seq: this.#head,
			state: Y.encodeStateAsUpdate(doc),
			vector: Y.encodeStateVector(doc),
		}));
		if (seq === this.#kept) return;
		await this.#house.log.snapshot(this.dialogue, seq, state, vector);
		this.#kept = seq;
	}

	hear(peer: Peer, bytes: Uint8Array): void {
		const message = readMessage(bytes);
		switch (message.kind) {
			case 'step 1': {
				const vector = checkedVector(message.vector);
				if (peer.phase.at === 'behind') peer.phase.vector = vector;
				else this.#ask(peer, vector);
				return;
			}
			case 'step 2':
			case 'update':
				if (message.kind === 'step 2') peer.synced = true;
				if (!peer.synced) return;
				peer.holdBack(message.update.length);
				this.#intake.push({ kind: 'heard', from: peer, update: message.update, frame: peer.received });
				return this.#house.mark(this);
			case 'awareness':
				if (this.#presence.hear(peer, message.body)) this.#house.mark(this);
				return;
			case 'query': {
				const others = this.#presence.others(peer);
				if (others !== null && peer.phase.at === 'table' && !peer.backlogged) peer.send([others]);
				return;
			}
			case 'durable':
				throw new Malformed('durable is the server’s to say');
		}
	}

	#ask(peer: Peer, vector: Uint8Array): void {
		this.#asking.set(peer, vector);
		this.#house.mark(this);
	}

	caughtUp(peer: Peer): void {
		if (peer.phase.at === 'behind') this.#ask(peer, peer.phase.vector);
	}

	leave(peer: Peer): void {
		if (!this.#peers.delete(peer)) return;
		this.#asking.delete(peer);
		this.lastBusy = performance.now();
		if (this.#presence.leave(peer)) this.#house.mark(this);
	}

	/** The peer's part is another now. */
	restamp(peer: Peer): void {
		if (this.#presence.restamp(peer)) this.#house.mark(this);
	}

	/** Applies what has come, and takes everything there is to store and to tell. Drop the room when it throws. */
	cut(): Cut {
		const cut: Cut = { rows: [], told: [], acks: new Map(), answers: [], writes: [], writers: new Set() };
		this.#cut = cut;
		this.#intake.apply(cut);
		cut.told.push(...this.#presence.take());
		for (const [peer, vector] of this.#asking)
			cut.answers.push({ peer, messages: this.#answer(peer, vector) });
		this.#asking = new Map();
		return cut;
	}

	/** Our step 1 goes first: what the peer sends from then on follows its own step 2. */
	#answer(peer: Peer, vector: Uint8Array): Uint8Array[] {
		const messages = [writeSync('step 2', Y.encodeStateAsUpdate(this.#doc, vector))];
		if (peer.phase.at !== 'behind') messages.unshift(writeSync('step 1', Y.encodeStateVector(this.#doc)));
		const others = this.#presence.others(peer);
		return others === null ? messages : [...messages, others];
	}

	/** The cut is in the log, which now ends at `head`. */
	deliver(cut: Cut, head: number): void {
		if (this.#gone) return;
		this.#cut = null;
		this.#head = head;
		if (cut.rows.length > 0) this.lastBusy = performance.now();
		for (const peer of this.#peers) {
			const told = peer.phase.at === 'table' ? cut.told.filter(({ from }) => from !== peer) : [];
			const messages = told.map(({ message }) => message);
			const frames = cut.acks.get(peer);
			if (frames !== undefined) messages.push(writeDurable(frames, head));
			this.#tell(peer, messages);
			if (peer.overflowing) peer.close(CLOSE.overloaded, 'too slow');
		}
		for (const { peer, messages } of cut.answers) {
			if (peer.gone) continue;
			peer.phase = { at: 'table' };
			this.#tell(peer, messages);
		}
		for (const write of cut.writes) write.settle();
		for (const { resolve } of this.#readers.splice(0)) resolve();
		for (const userId of cut.writers) this.#house.wrote(this.dialogue, userId);
		if (!this.#intake.empty || this.#asking.size > 0 || this.#presence.moved) this.#house.mark(this);
	}

	/** Only right after a cut was stored: a peer that falls behind has all of the document as it is now. */
	#tell(peer: Peer, messages: Uint8Array[]): void {
		peer.send(messages);
		if (peer.phase.at !== 'table' || !peer.backlogged) return;
		peer.phase = { at: 'behind', vector: Y.encodeStateVector(this.#doc), since: performance.now() };
	}

	/** Ends this copy: what is under way fails with `error`, and the peers are told to come again. */
	drop(code: number, error: unknown): void {
		if (this.#gone) return;
		this.#gone = true;
		this.#house.left(this);
		for (const write of this.#cut?.writes ?? []) write.settle(error);
		this.#intake.abandon();
		for (const { reject } of this.#readers.splice(0)) reject(new RoomGone());
		for (const peer of [...this.#peers]) peer.close(code, 'reload');
		this.#doc.destroy();
	}
}
