import { expect } from 'vitest';
import type * as Y from 'yjs';
import { rate } from '#lib/document/ratings.ts';
import { standingOf } from '#lib/document/read-dialogue.ts';
import { raterMapsOf, turnsOf } from '#lib/document/roots.ts';
import { advance, isWriting, type Actor, type Command, type DialogueState } from '#lib/document/workflow.ts';
import {
	addPrompt,
	beginResponse,
	finishResponse,
	setState,
	streamUpTo,
} from '#lib/document/write-dialogue.ts';
import { BlindOracle, same, type Dialogue, type Given, type Person } from './blind-oracle.ts';
import type { Random } from './random.ts';
import { ANSWER, until, type Rooms, type StockGuest } from './rooms.ts';

export const ANN: Person = { userId: 1, part: 'annotator' };
export const REV: Person = { userId: 2, part: 'reviewer' };
export const RATERS: readonly Person[] = [ANN, REV, { userId: 3, part: 'reviewer' }];
const LEAD: Person = { userId: 4, part: 'observer' };
export const EVERYBODY: readonly Person[] = [...RATERS, LEAD];

const ANNOTATOR: Actor = { part: 'annotator', role: 'annotator' };
const REVIEWER: Actor = { part: 'reviewer', role: 'reviewer' };
const COMMANDS: readonly [Command, Actor][] = [
	[
		{ kind: 'submit', ratedTurns: 1, botTurns: 1, ratedWhole: true, staleTurns: 0, generating: false },
		ANNOTATOR,
	],
	[{ kind: 'take-back' }, ANNOTATOR],
	[{ kind: 'resume' }, ANNOTATOR],
	[{ kind: 'claim' }, REVIEWER],
	[{ kind: 'accept', staleTurns: 0 }, REVIEWER],
	[{ kind: 'return', reasons: ['other'] }, REVIEWER],
	[{ kind: 'reopen' }, { part: 'observer', role: 'lead' }],
];

const givenIn = (doc: Y.Doc, rater: number): Given | undefined =>
	raterMapsOf(doc).get(String(rater))?.toJSON();

/** A blind dialogue, and everybody’s pages at it: each rater’s own, and those at which people look at others’. */
export class BlindStage {
	readonly #rooms: Rooms;
	readonly #dialogue: number;
	readonly #dice: Random;
	readonly oracle: BlindOracle;
	/** Each rater's page at their own ratings; not `known` until it is seen what it found there. */
	readonly #own = new Map<number, { page: StockGuest; known: boolean }>();
	/** By who looks and whose ratings. */
	readonly #looks = new Map<string, StockGuest>();
	readonly #all = new Set<StockGuest>();
	#turns = 1;
	/** The step of the dialogue that is under way. */
	#step: Promise<void> | null = null;
	/** Final closes that somebody met who asked for others' ratings too early, or whose own came too late. */
	readonly refused = { look: 0, rating: 0 };

	constructor(rooms: Rooms, dialogue: number, dice: Random) {
		this.#rooms = rooms;
		this.#dialogue = dialogue;
		this.#dice = dice;
		const answers = [{ id: ANSWER, onLine: true }];
		this.oracle = new BlindOracle(EVERYBODY, { state: 'in_progress', answers, writing: false });
		for (const person of EVERYBODY) this.#open(person, null);
		for (const rater of RATERS) this.#openOwn(rater, true);
	}

	#open(person: Person, of: number | null): StockGuest {
		const page = this.#rooms.guest(of === null ? this.#dialogue : `${this.#dialogue}.${of}`, person);
		page.overhear = (side, bytes) => this.oracle.overhears(person, of, side, bytes);
		this.#all.add(page);
		return page;
	}
	#close(page: StockGuest): void {
		page.leave();
		this.#all.delete(page);
	}
	#openOwn(rater: Person, known: boolean): void {
		this.#own.set(rater.userId, { page: this.#open(rater, rater.userId), known });
	}

	/** As a page does: sees what is saved, and goes on with a fresh document where something was refused. */
	tend(): void {
		expect(this.oracle.wrongs).toEqual([]);
		for (const rater of RATERS) {
			const { userId } = rater;
			const own = this.#own.get(userId);
			if (!own) continue;
			if (own.page.closed !== null) {
				expect(own.page.closed.code).toBe(4403);
				this.refused.rating++;
				this.#close(own.page);
				this.#openOwn(rater, false);
			} else if (own.known) {
				if (own.page.saved) this.oracle.saved(userId);
			} else if (own.page.saved) {
				own.known = true;
				this.oracle.finds(userId, givenIn(own.page.doc, userId) ?? {});
			}
		}
	}

	/** Somebody rates an answer, or takes a rating back. */
	rate({ userId }: Person, answer = this.#dice.pick(this.oracle.dialogue.answers).id, takes = false): void {
		const own = this.#own.get(userId);
		// Its containers have come, and it knows what is in them.
		if (!own?.known || own.page.closed !== null || !givenIn(own.page.doc, userId)) return;
		const rating = takes ? null : { value: 1 + this.#dice.int(3), why: this.oracle.mark(userId) };
		const given = { ...this.oracle.given(userId) };
		delete given[`${answer}/helpful`];
		if (rating) given[`${answer}/helpful`] = rating;
		this.oracle.rates(userId, given); // before it is sent
		rate(own.page.doc, userId, answer, 'helpful', rating);
	}

	/** Somebody opens another's ratings, whether or not they may. */
	look(person: Person, of: number): StockGuest {
		const key = `${person.userId} at ${of}`;
		const known = this.#looks.get(key);
		if (known && known.closed === null) return known;
		if (known) {
			expect(known.closed?.code).toBe(4404);
			this.refused.look++;
			this.#close(known);
		}
		const page = this.#open(person, of);
		this.#looks.set(key, page);
		return page;
	}

	/** One step of the dialogue at a time. Where it fails, the log says whether it was stored. */
	change(to: Dialogue, change: (doc: Y.Doc) => void, effect: 'none' | 'done' | 'fails' = 'none'): void {
		if (this.#step) return;
		const before = this.oracle.dialogue;
		this.oracle.mayBecome(to);
		const doing = {
			none: undefined,
			done: () => Promise.resolve(),
			fails: () => Promise.reject(new Error('the effect fails')),
		}[effect];
		this.#step = this.#rooms.hub
			.write(this.#dialogue, 0, change, doing)
			.then(
				() => this.oracle.became(to),
				async () => {
					const stored = await this.#rooms.replay(this.#dialogue);
					const became = [to, before].find((one) => isAt(one, stored));
					if (became) this.oracle.became(became);
					else this.oracle.wrongs.push('the log has neither what was nor what was to be');
				},
			)
			.finally(() => (this.#step = null));
	}

	async settled(): Promise<void> {
		await this.#step;
	}

	/** A command of the workflow, of those that may be given now. */
	decide(): void {
		const { dialogue } = this.oracle;
		const steps = COMMANDS.map(([command, actor]) => advance(dialogue.state, command, actor));
		const allowed = steps.filter((step) => step.ok);
		if (dialogue.writing || allowed.length === 0) return;
		this.moveTo(this.#dice.pick(allowed).state, this.#dice.chance(0.2) ? 'fails' : 'done');
	}
	moveTo(state: DialogueState, effect: 'none' | 'done' | 'fails' = 'done'): void {
		this.change({ ...this.oracle.dialogue, state }, (doc) => setState(doc, state), effect);
	}

	/** The bot begins an answer, to a new prompt or in the place of the last one, or ends it. */
	answer(): void {
		const { dialogue } = this.oracle;
		if (!isWriting(dialogue.state) || this.#step) return;
		const last = dialogue.answers.findLast(({ onLine }) => onLine)?.id ?? ANSWER;
		const ids = (turnId: string) => ({ turnId, candidateId: `${turnId}-c` });
		if (dialogue.writing) {
			const end = { ...ids(last), state: 'ready' } as const;
			this.change({ ...dialogue, writing: false }, (doc) => void finishResponse(doc, end));
			return;
		}
		const replaces = this.#dice.chance(0.5) ? last : undefined;
		const nth = ++this.#turns;
		const made = ids(`answer-${nth}`);
		const rest = dialogue.answers.map((one) => (one.id === replaces ? { ...one, onLine: false } : one));
		const answers = [...rest, { id: made.turnId, onLine: true }];
		this.change({ ...dialogue, answers, writing: true }, (doc) => {
			const parent = replaces ? parentOf(doc, replaces) : `turn-${nth}`;
			if (!replaces) addPrompt(doc, { id: parent, author: 1, text: 'And?' });
			const bot = { id: 1, name: 'Bot', practice: true };
			beginResponse(doc, { ...made, parent, bot, ...(replaces && { replaces }) });
			streamUpTo(doc, made.candidateId, 'An answer');
		});
	}

	get pages(): readonly StockGuest[] {
		return [...this.#all];
	}

	connect(): void {
		for (const { provider, closed } of this.#all) if (closed === null) provider.connect();
	}

	/** Everybody is back, and all that was given is stored. */
	async rest(): Promise<void> {
		this.#rooms.db.failBefore = 0;
		this.#rooms.db.failAfter = 0;
		await this.settled();
		await until(() => {
			this.connect();
			this.tend();
			return RATERS.every(({ userId }) => {
				const own = this.#own.get(userId);
				return own?.known && own.page.closed === null && own.page.saved;
			});
		});
		this.tend();
	}

	/** Who may see the others' sees what these gave, and so does the log; everybody else is sent away. */
	async everybodyLooks(): Promise<void> {
		await this.rest();
		for (const { userId } of RATERS) {
			const given = this.oracle.given(userId);
			const stored = this.#rooms.ratings(this.#dialogue, userId)?.document ?? Number.NaN;
			expect(givenIn(await this.#rooms.replay(stored), userId)).toEqual(given);
			for (const person of EVERYBODY.filter((one) => one.userId !== userId)) {
				const page = this.look(person, userId);
				await until(() => {
					this.tend();
					return this.oracle.sees(person)
						? same(givenIn(page.doc, userId) ?? {}, given)
						: page.closed?.code === 4404;
				});
			}
		}
	}

	/** As kill -9, between two steps of the dialogue. */
	async kill(): Promise<void> {
		await this.settled();
		this.#rooms.kill();
		await this.#rooms.ended();
		this.#rooms.restart();
	}
}

const parentOf = (doc: Y.Doc, turn: string): string => turnsOf(doc).get(turn)?.get('parent') as string;

/** Whether a copy is at this step of the dialogue. */
function isAt({ state, answers, writing }: Dialogue, doc: Y.Doc): boolean {
	const bots = [...turnsOf(doc).values()].filter((turn) => turn.get('role') === 'bot');
	const generating = bots.some((turn) => turn.get('state') === 'generating');
	return standingOf(doc).state === state && bots.length === answers.length && generating === writing;
}
