import type { Rubric } from '#lib/document/rubric.ts';
import type { Summary } from '#lib/document/summary.ts';
import type { RatingDocument } from '../store/rating-documents.ts';
import type { Stored, StoredDialogues } from '../store/stored-dialogues.ts';
import { NoSuchDialogue } from '../store/update-log.ts';
import { BlindRatings } from './blind-ratings.ts';
import { Room, type House } from './room.ts';
import { RoomGone } from './room-gone.ts';

/** Which document: a dialogue's own by its id, or one beside a blind dialogue. */
export type DocumentKey = number | RatingDocument;

export const numberOf = (key: DocumentKey): number => (typeof key === 'number' ? key : key.document);
export const dialogueOf = (key: DocumentKey): number => (typeof key === 'number' ? key : key.dialogue);

export interface OpenRoomsOptions {
	stored: StoredDialogues;
	/** By which people rate in a dialogue: what its room judges ratings by. */
	rubricOf: (dialogue: number) => Promise<Rubric>;
	/** After a dialogue's room was read, before anybody is in it; may ask for writes, which come later. */
	opened?: (dialogue: number, summary: Summary) => void;
}

/** The rooms that there are: a document has one at a time, read once however many come for it. */
export class OpenRooms {
	readonly #options: OpenRoomsOptions;
	readonly #house: House;
	readonly #opening = new Map<number, Promise<Room>>();
	readonly #rooms = new Map<number, Room>();
	/** Documents whose last copy was spoiled: the next one finds out by what. */
	readonly #spoiled = new Set<number>();

	constructor(options: OpenRoomsOptions, house: Omit<House, 'left' | 'spoiled'>) {
		this.#options = options;
		this.#house = {
			...house,
			left: ({ document }) => {
				this.#opening.delete(document);
				this.#rooms.delete(document);
			},
			spoiled: ({ document }) => this.#spoiled.add(document),
		};
	}

	/** By the documents' numbers. */
	get all(): ReadonlyMap<number, Room> {
		return this.#rooms;
	}

	/** Whether a document has a room, or gets one. */
	has(key: DocumentKey): boolean {
		return this.#opening.has(numberOf(key));
	}

	/** When none is being read any more. */
	async settled(): Promise<void> {
		await Promise.allSettled(this.#opening.values());
	}

	/** The document's room. Rejects with NoSuchDialogue, with RoomGone, or with what the database said. */
	of(key: DocumentKey): Promise<Room> {
		const number = numberOf(key);
		const known = this.#opening.get(number);
		if (known) return known;
		const opening = typeof key === 'number' ? this.#open(key) : this.#openBeside(key);
		this.#opening.set(number, opening);
		opening.catch(() => this.#opening.delete(number));
		return opening;
	}

	async #open(dialogue: number): Promise<Room> {
		const { stored, rubric } = await this.#loadRated(dialogue, dialogue);
		const room = new Room(dialogue, stored, rubric, this.#house, this.#spoiled.delete(dialogue));
		this.#options.opened?.(dialogue, room.summary);
		this.#rooms.set(dialogue, room);
		return room;
	}

	/** On the dialogue's own room, which must still be there when the ratings have been read. */
	async #openBeside({ dialogue, rater, document }: RatingDocument): Promise<Room> {
		const own = await this.of(dialogue);
		const { stored, rubric } = await this.#loadRated(document, dialogue);
		if (own.gone) throw new RoomGone();
		const all = (own.ratings ??= new BlindRatings(own, rubric));
		const careful = this.#spoiled.delete(document);
		const room = new Room(document, stored, rubric, this.#house, careful, { rater, all });
		all.add(rater, room);
		this.#rooms.set(document, room);
		return room;
	}

	/** A document that there is not is that first, and without a rubric only then. */
	async #loadRated(document: number, dialogue: number): Promise<{ stored: Stored; rubric: Rubric }> {
		const asked = this.#options.rubricOf(dialogue);
		asked.catch(() => undefined);
		const stored = await this.load(document);
		return { stored, rubric: await asked };
	}

	/** What is stored of a document, without a room. Rejects with NoSuchDialogue. */
	async load(document: number): Promise<Stored> {
		const stored = await this.#options.stored.load(document);
		if (stored === null) throw new NoSuchDialogue(document);
		return stored;
	}
}
