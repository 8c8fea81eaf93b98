import type * as Y from 'yjs';
import type { OwnerOf } from '#lib/document/authorship.ts';
import { isBlind, standingOf, type Standing } from '#lib/document/read-dialogue.ts';
import type { Rubric } from '#lib/document/rubric.ts';
import { policiesFor } from '#lib/document/schema.ts';
import type { DialogueState } from '#lib/document/workflow.ts';
import { CLOSE } from '#lib/wire/close-codes.ts';
import { readMessage } from '#lib/wire/messages.ts';
import { Malformed } from '#lib/wire/reader.ts';
import type { Carrier } from '../gate/limits.ts';
import type { Refusal } from '../gate/refusal.ts';
import type { GateBefore } from '../gate/update-gate.ts';
import type { Stored, StoredDialogues } from '../store/stored-dialogues.ts';
import type { UpdateLog } from '../store/update-log.ts';
import { Authorship } from './authorship.ts';
import { NOT_THEIRS, type Beside, type BlindRatings } from './blind-ratings.ts';
import type { Cut, Write } from './cut.ts';
import { DialogueCopy } from './dialogue-copy.ts';
import { durableFrame, syncFrame } from './frames.ts';
import { Intake } from './intake.ts';
import { News, writersOf } from './news.ts';
import type { Peer, Place } from './peer.ts';
import { Presence, type Present } from './presence.ts';
import { RoomGone } from './room-gone.ts';
import { checkedVector } from './state-vector.ts';

/** Reads a document, of which it is known whose its client ids are. */
export type Look<T> = (doc: Y.Doc, ownerOf: OwnerOf) => T;

/** Changes a document as the server; what is done within `typeAs` this user has written. */
export type Change<T> = (
	doc: Y.Doc,
	ownerOf: OwnerOf,
	typeAs: (userId: number, type: () => void) => void,
) => T;

/** What a room asks of its surroundings. */
export interface House {
	log: UpdateLog;
	stored: StoredDialogues;
	gateBefore: GateBefore;
	/** There is something to cut. */
	mark(room: Room): void;
	/** The room must not be found any more. */
	left(room: Room): void;
	wrote(dialogue: number, userId: number, state: DialogueState): void;
	refused(dialogue: number, refusal: Refusal): void;
	/** A change could not be applied to this room's copy. */
	spoiled(room: Room): void;
}

/**
 * The live copy of one dialogue, or of one rating document beside it.
 * 1. The document changes only in `cut`, and one cut is under way at a time: in between it is what the log has.
 * 2. Nobody is told of a change, and nothing is acked, before the log has it.
 * 3. A peer is told changes only once it was told what it lacks: in answer to the vector that it came with, or to its
 *    step 1. What it says before its step 2 is passed over.
 * 4. When the document may hold what the log does not, the room is dropped and never used again.
 */
export class Room implements Place {
	/** Its number in the log: the dialogue's id, or below 0 that of a rating document. */
	readonly document: number;
	/** Of a blind dialogue, once one of its rating documents was asked for. */
	ratings: BlindRatings | null = null;
	/** When somebody last was here or wrote, by performance.now(). */
	lastBusy = performance.now();
	readonly #house: House;
	/** Null: it is a dialogue's own. */
	readonly #beside: Beside | null;
	readonly #copy: DialogueCopy;
	readonly #authorship: Authorship;
	readonly #ownerOf: OwnerOf = (client) => this.#authorship.ownerOf(client);
	readonly #intake: Intake;
	readonly #presence: Presence;
	readonly #peers = new Set<Peer>();
	/** Who is to be told what they lack, with their state vectors. */
	#asking = new Map<Peer, Uint8Array>();
	/** Who asked who is here. */
	#curious = new Set<Peer>();
	#readers: { resolve: () => void; reject: (error: RoomGone) => void }[] = [];
	#cut: Cut | null = null;
	#head: number;
	#kept: number;
	#gone = false;

	/** `careful`: the copy before this one was spoiled. */
	constructor(
		document: number,
		stored: Stored,
		rubric: Rubric,
		house: House,
		careful: boolean,
		beside: Beside | null = null,
	) {
		this.document = document;
		this.#house = house;
		this.#beside = beside;
		this.#head = stored.head;
		this.#kept = stored.snapshot?.seq ?? 0;
		const copy = (this.#copy = new DialogueCopy(stored));
		this.#authorship = new Authorship(document, stored.clients, house.log, (client) => copy.clockOf(client));
		this.#intake = new Intake(document, copy, this.#authorship, house.log, {
			gateBefore: house.gateBefore,
			policyOf: (doc) => policiesFor(rubric)[beside ? 'ratings' : isBlind(doc) ? 'blind' : 'whole'],
			standingIn: (doc) => beside?.all.standing ?? standingOf(doc),
			careful,
			refused: (refusal) => house.refused(this.dialogue, refusal),
		});
		this.#presence = new Presence(this.#ownerOf, (userId) => copy.members[userId]?.color);
	}

	get dialogue(): number {
		return this.#beside?.all.dialogue ?? this.document;
	}
	/** Of a rating document. */
	get rater(): number | null {
		return this.#beside?.rater ?? null;
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
	/** What is being stored has an effect, as every decision about a dialogue. */
	get deciding(): boolean {
		return this.#cut?.effect !== undefined;
	}
	/** It waits: its turn comes with `goOn`. */
	get held(): boolean {
		return this.#beside?.all.deciding ?? false;
	}
	/** Nothing is under way. */
	get quiet(): boolean {
		return this.#intake.empty && this.#cut === null && this.#asking.size === 0;
	}
	get empty(): boolean {
		return this.#peers.size === 0;
	}
	get gone(): boolean {
		return this.#gone;
	}
	/** Nobody needs it and nothing is under way. */
	get idle(): boolean {
		const needed = this.#beside?.all.occupied ?? this.ratings?.empty === false;
		return this.empty && this.quiet && !needed;
	}
	get awake(): boolean {
		return this.#copy.awake;
	}
	/** Bytes that the document takes in memory, roughly. */
	get memory(): number {
		return this.#copy.memory;
	}
	get summary(): DialogueCopy['summary'] {
		return this.#copy.summary;
	}
	get standing(): Standing {
		return this.#copy.standing;
	}
	get peers(): Iterable<Peer> {
		return this.#peers;
	}
	get present(): Present[] {
		return this.#presence.present(this.#peers);
	}

	/** Whether the document names this person so. A rating document names nobody. */
	knows({ who, part }: Peer): boolean {
		if (this.#beside !== null) return true;
		const member = this.#copy.members[who.userId];
		return member?.name === who.name && member.part === part;
	}

	/** Lets in a peer, whose part the document must know. Throws RoomGone. */
	enter(peer: Peer): void {
		if (this.#gone) throw new RoomGone();
		if (peer.gone) return;
		this.#peers.add(peer);
		this.#presence.arrive(peer);
		peer.enter(this);
		if (peer.who.has !== null) this.#tellWhatLacks(peer, peer.who.has);
	}

	/** Whether a user may write under a client id. `lost`: it turns out later that they may not. */
	admits(client: number, userId: number, lost: () => void): boolean {
		return this.#authorship.admit(client, userId, lost);
	}

	/** Resolves when the change is stored, with what it returned. Rejects with RoomGone when it was not tried. */
	async write<T>(author: number, change: Change<T>, effect: Write['effect']): Promise<T> {
		if (this.#gone) throw new RoomGone();
		const { promise, resolve, reject } = Promise.withResolvers<T>();
		let result: T;
		const carryOut = (doc: Y.Doc): T =>
			change(doc, this.#ownerOf, (userId, type) => this.#authorship.typeAs(doc, userId, type));
		this.#intake.push({
			kind: 'write',
			author,
			change: () => (result = carryOut(this.#intake.doc())),
			effect,
			settle: (error) => (error === undefined ? resolve(result) : reject(error)),
		});
		this.#house.mark(this);
		return promise;
	}

	/** Looks at the document as the log has it. */
	async read<T>(look: Look<T>): Promise<T> {
		await this.#settled();
		return look(this.#intake.doc(), this.#ownerOf);
	}

	async #settled(): Promise<void> {
		if (this.#gone) throw new RoomGone();
		// A beat begins in a turn of its own: no cut comes between what `deliver` settles and what awaits it.
		if (this.#cut !== null)
			await new Promise<void>((resolve, reject) => this.#readers.push({ resolve, reject }));
	}

	/** The document as it is here, perhaps before the log has it. */
	look(): Y.Doc {
		return this.#intake.doc();
	}

	/** After it was held. */
	goOn(): void {
		if (!this.quiet) this.#house.mark(this);
	}

	/** Keeps what the log has as a snapshot. */
	async snapshot(): Promise<void> {
		await this.#settled();
		const seq = this.#head;
		if (seq === this.#kept) return;
		await this.#house.stored.keep(this.document, { seq, ...this.#copy.encoded() });
		this.#kept = seq;
	}

	/** Keeps only the encoded document until somebody writes or reads. */
	sleep(): void {
		if (this.quiet) this.#intake.rest();
	}

	hear(peer: Peer, bytes: Uint8Array): void {
		const message = readMessage(bytes);
		switch (message.kind) {
			case 'step 1':
				return this.#hearStep1(peer, checkedVector(message.vector));
			case 'step 2':
				peer.synced = true;
				// Nothing of it waits to be stored: who comes back with nothing new wakes nobody.
				if (!this.quiet || !this.#copy.plainlyHolds(message.update))
					return this.#hearUpdate(peer, message.update, 'step 2');
				if (peer.who.acks) peer.send([durableFrame(peer.received, this.#head)]);
				return;
			case 'update':
				if (peer.synced) this.#hearUpdate(peer, message.update, 'update');
				return;
			case 'awareness':
				// Who is at a dialogue is seen there, and nobody sees who is at a rating.
				if (this.#beside === null && this.#presence.hear(peer, message.body)) this.#house.mark(this);
				return;
			case 'query':
				peer.asksAgain();
				this.#curious.add(peer);
				return this.#house.mark(this);
			case 'durable':
				throw new Malformed('durable is the server’s to say');
		}
	}

	/** The first one of a page that came with its vector asks for nothing new, unless the page has changed since. */
	#hearStep1(peer: Peer, vector: Uint8Array): void {
		const { asked, who } = peer;
		peer.asked = true;
		if (!asked && who.has !== null && Buffer.compare(who.has, vector) === 0) return;
		if (asked) peer.asksAgain();
		this.#tellWhatLacks(peer, vector);
	}

	#tellWhatLacks(peer: Peer, vector: Uint8Array): void {
		if (peer.phase.at === 'behind') peer.phase.vector = vector;
		else if (peer.phase.at === 'door' && this.quiet) this.#welcome(peer, this.#answer(peer, vector));
		else this.#ask(peer, vector);
	}

	#hearUpdate(peer: Peer, update: Uint8Array, carrier: Carrier): void {
		peer.holdBack(update.length);
		this.#intake.push({ kind: 'heard', from: peer, update, carrier, frame: peer.received });
		this.#house.mark(this);
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
		this.#curious.delete(peer);
		this.lastBusy = performance.now();
		if (this.#presence.leave(peer)) this.#house.mark(this);
	}

	/** The peer's part is another now. */
	restamp(peer: Peer): void {
		if (this.#presence.restamp(peer)) this.#house.mark(this);
	}

	/** Applies what has come, up to so many updates, and takes everything there is to store and to tell. Drop the room when it throws. */
	cut(most: number): Cut {
		const cut: Cut = {
			since: performance.now(),
			rows: [],
			runs: [],
			shown: [],
			acks: new Map(),
			answers: [],
			curious: this.#curious,
			state: null,
			writes: [],
			spent: false,
		};
		this.#cut = cut;
		this.#intake.apply(cut, this.#peers.size, most);
		cut.shown = this.#presence.take();
		for (const [peer, vector] of this.#asking) cut.answers.push({ peer, frames: this.#answer(peer, vector) });
		if (this.#asking.size > 0) this.#asking = new Map();
		if (this.#curious.size > 0) this.#curious = new Set();
		return cut;
	}

	/** Our step 1 goes first: what the peer sends from then on follows its own step 2. */
	#answer(peer: Peer, vector: Uint8Array): Buffer[] {
		const frames = [syncFrame('step 2', this.#copy.since(vector))];
		if (peer.phase.at !== 'behind') frames.unshift(syncFrame('step 1', this.#copy.vector()));
		const others = this.#presence.others(peer);
		return others === null ? frames : [...frames, others];
	}

	/** The cut is in the log, which now ends at `head`. */
	deliver(cut: Cut, head: number): void {
		if (this.#gone) return;
		this.#cut = null;
		this.#head = head;
		if (cut.rows.length > 0) this.lastBusy = performance.now();
		this.#tellAll(cut);
		for (const { peer, frames } of cut.answers) this.#welcome(peer, frames);
		for (const write of cut.writes) write.settle();
		for (const { resolve } of this.#readers.splice(0)) resolve();
		if (cut.state !== null)
			for (const userId of writersOf(cut)) this.#house.wrote(this.dialogue, userId, cut.state);
		if (!this.quiet || this.#curious.size > 0 || this.#presence.moved) this.#house.mark(this);
		(this.#beside?.all ?? this.ratings)?.changed();
	}

	/** Each peer in one write: what the others did and show, who is here if it asked, its ack last. */
	#tellAll(cut: Cut): void {
		const news = new News(cut, this.#peers);
		for (const peer of this.#peers) {
			const present = peer.phase.at === 'table';
			const frames = present ? news.for(peer) : [];
			const others = present && cut.curious.has(peer) ? this.#presence.others(peer) : null;
			if (others !== null) frames.push(others);
			const done = cut.acks.get(peer);
			if (done !== undefined) frames.push(durableFrame(done, this.#head));
			this.#tell(peer, frames);
			if (peer.overflowing) peer.close(CLOSE.overloaded, 'too slow');
		}
	}

	#welcome(peer: Peer, frames: Buffer[]): void {
		if (peer.gone) return;
		peer.phase = { at: 'table' };
		this.#tell(peer, frames);
	}

	/** Only while the document is what the log has: a peer that falls behind has all of it as it is now. */
	#tell(peer: Peer, frames: Buffer[]): void {
		if (frames.length === 0) return;
		if (this.#beside?.all.mayHear(peer, this.#beside.rater) === false) return peer.close(...NOT_THEIRS);
		peer.send(frames);
		if (peer.phase.at !== 'table' || !peer.backlogged) return;
		peer.phase = { at: 'behind', vector: this.#copy.vector(), since: performance.now() };
	}

	/** A change could not be applied: what this copy has may be nowhere else, and nothing of it may go on. */
	spoil(): void {
		this.#house.spoiled(this);
		this.drop(CLOSE.restart, new RoomGone());
	}

	/** Ends this copy: what is under way fails with `error`, and the peers are told to come again. */
	drop(code: number, error: unknown): void {
		if (this.#gone) return;
		this.#gone = true;
		this.#house.left(this);
		if (this.#beside !== null) this.#beside.all.left(this.#beside.rater);
		this.ratings?.drop();
		for (const write of this.#cut?.writes ?? []) write.settle(error);
		this.#intake.abandon();
		for (const { reject } of this.#readers.splice(0)) reject(new RoomGone());
		for (const peer of [...this.#peers]) peer.close(code, 'reload');
		this.#copy.destroy();
	}
}
