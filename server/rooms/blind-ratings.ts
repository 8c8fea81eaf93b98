import type * as Y from 'yjs';
import { progressWith, seesOthers } from '#lib/document/blind.ts';
import { allRatings } from '#lib/document/ratings.ts';
import { readDialogue, type Standing } from '#lib/document/read-dialogue.ts';
import type { Rubric } from '#lib/document/rubric.ts';
import { CLOSE } from '#lib/wire/close-codes.ts';
import type { Peer } from './peer.ts';
import type { Room } from './room.ts';
import { RoomGone } from './room-gone.ts';

/** One of the rating documents of a blind dialogue: whose, and beside which others. */
export interface Beside {
	rater: number;
	all: BlindRatings;
}

/**
 * The rooms of a blind dialogue's rating documents.
 * 1. They stand on the dialogue's own room, and go with it; while somebody is at one of them, all of them stay or go.
 * 2. What is in one is told to its rater, and to who may see it at that very moment: looked at anew before anything is
 *    sent, and whenever something of the dialogue or of a rating was stored.
 * 3. None of them changes while a decision about the dialogue is being stored: nobody rates by a state that may never
 *    come to be, nor after one that will.
 */
export class BlindRatings {
	readonly #own: Room;
	readonly #rubric: Rubric;
	/** By rater. */
	readonly #rooms = new Map<number, Room>();

	/** `own`: the dialogue's own room. */
	constructor(own: Room, rubric: Rubric) {
		this.#own = own;
		this.#rubric = rubric;
	}

	get dialogue(): number {
		return this.#own.document;
	}
	get standing(): Standing {
		return this.#own.standing;
	}
	get deciding(): boolean {
		return this.#own.deciding;
	}
	/** None of them is here. */
	get empty(): boolean {
		return this.#rooms.size === 0;
	}
	/** Somebody is at one of them. */
	get occupied(): boolean {
		return [...this.#rooms.values()].some((room) => !room.empty);
	}

	add(rater: number, room: Room): void {
		this.#rooms.set(rater, room);
	}

	/** What somebody has given, when it is here and all of it is stored. */
	settled(rater: number): Y.Doc | null {
		const room = this.#rooms.get(rater);
		return room?.quiet ? room.look() : null;
	}

	mayHear({ who: { userId }, part }: Peer, rater: number): boolean {
		// Who observes was let in as a lead, by the door or by a recheck since.
		if (userId === rater || part === 'observer') return true;
		const given = this.#rooms.get(userId);
		if (given === undefined) return false;
		const view = readDialogue(this.#own.look());
		const progress = progressWith(view, allRatings(given.look()), this.#rubric, String(userId));
		return seesOthers({ part, role: 'reviewer' }, view.state, progress);
	}

	/** Something was stored, of the dialogue or of a rating. */
	changed(): void {
		for (const [rater, room] of this.#rooms) {
			for (const peer of [...room.peers]) if (!this.mayHear(peer, rater)) peer.close(...NOT_THEIRS);
			room.goOn();
		}
	}

	/** That rater's room is gone, and with it what decides about who was here. */
	left(rater: number): void {
		this.#rooms.delete(rater);
		if (this.occupied) this.drop();
	}

	drop(): void {
		for (const room of [...this.#rooms.values()]) room.drop(CLOSE.restart, new RoomGone());
	}
}

/** The same for what there is not and for what is not to be seen. */
export const NOT_THEIRS = [CLOSE.noSuchDialogue, 'no such dialogue'] as const;
