import { getContext, setContext, untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type * as Y from 'yjs';
import { areIn, blindProgressOf, seesOthers, type BlindProgress } from '../document/blind.ts';
import { hasFinal } from '../document/choices.ts';
import type { DialogueView, TurnView } from '../document/dialogue-view.ts';
import { rate, ratingsBy, withRatings } from '../document/ratings.ts';
import { membersOf, readAgain, standingOf, turnText, type Standing } from '../document/read-dialogue.ts';
import { ReadingMemory } from '../document/reading-memory.ts';
import { criteriaOf, type Rating } from '../document/rubric.ts';
import {
	advance,
	isWriting,
	mayInvite,
	rights,
	type DialogueState,
	type Part,
	type Right,
} from '../document/workflow.ts';
import { createUndoManager } from '../text/shared-text.ts';
import type { Connection } from './connection.svelte.ts';
import type { LateChange } from './late-changes.ts';
import type { Late, LateItem } from './late.svelte.ts';
import { Live } from './live.svelte.ts';
import type { Opening } from './opening.ts';
import { remember } from './remember.ts';
import type { RatingConnections } from './rating-connections.svelte.ts';
import { savedOfAll, statusOfAll, type Saved, type Status } from './saved-state.ts';
import { SinceLook } from './since-look.svelte.ts';
import { WhoWrote } from './workspace-authors.svelte.ts';
import { owesChoice } from './workspace-choices.ts';
import { Comments } from './workspace-comments.svelte.ts';
import { exchangesOf, standingOf as standingOfExchange, type Exchange } from './workspace-exchanges.ts';
import type { Standing as ExchangeStanding } from './workspace-exchanges.ts';
import { Company } from './workspace-people.svelte.ts';
import { steadily } from './workspace-view.ts';

/** `since`: what others changed since one last looked. */
export type TextView = 'final' | 'preview' | 'changes' | 'original' | 'since';
/** What stands beside the dialogue; on a small screen a pane of its own. */
export type Side = 'rate' | 'comments';
export type Pane = 'turns' | 'dialogue' | Side;

/** One dialogue as its page shows it: the document, live once there is a connection, and what is looked at. */
export class Workspace {
	readonly #opening: () => Opening;
	#connection: Connection | null = $state.raw(null);
	/** Of a blind dialogue, once it is live. */
	#ratings: RatingConnections | null = $state.raw(null);
	#chosen: string | null = $state.raw(null);
	#known: Exchange[] = [];
	readonly #undo = new WeakMap<Y.Text, Y.UndoManager>();

	/** The turn whose text is in the editor, and where its caret is to stand. */
	editing: { turn: string; caret: number | null } | null = $state.raw(null);
	pane: Pane = $state.raw('dialogue');
	side: Side = $state.raw('rate');
	/** Whether candidates that stand side by side scroll together. */
	scrollsTogether: boolean = $state.raw(true);
	/** By turn; Final where nothing is said. */
	readonly views = new SvelteMap<string, TextView>();

	/** Whether what is done here goes into the document. */
	readonly live: boolean = $derived(
		this.#connection !== null && this.#connection.present && this.#connection.status.kind !== 'closed',
	);
	readonly #doc: Y.Doc | null = $derived.by(() => {
		const connection = this.#connection;
		return connection?.present ? connection.doc : (connection?.refusedDoc ?? null);
	});
	readonly #reading: Live<Y.Doc, DialogueView> | null = $derived.by(() => {
		if (this.#doc === null) return null;
		const memory = new ReadingMemory(this.#doc);
		return new Live(this.#doc, (doc) => readAgain(doc, memory));
	});
	/** The server's page until the document is here; nothing jumps when it takes over. */
	readonly #read: DialogueView = $derived(this.#reading?.current ?? this.opening.view);
	// Every turn asks for these two, and no keystroke changes them.
	readonly #standingNow: Live<Y.Doc, Standing> | null = $derived(
		this.#doc && new Live(this.#doc, standingOf, (a, b) => a.state === b.state && a.together === b.together),
	);
	readonly #standing: Standing = $derived(this.#standingNow?.current ?? this.opening.view);
	readonly #membersNow: Live<Y.Doc, DialogueView['members']> | null = $derived(
		this.#doc && new Live(this.#doc, membersOf, Object.is),
	);
	readonly #members: DialogueView['members'] = $derived(
		this.#membersNow?.current ?? this.opening.view.members,
	);
	readonly people = new Company(
		() => this.#connection,
		() => ({ ...this.opening, members: this.#members }),
	);
	readonly part: Part = $derived(this.people.part);
	/** Where people rate blind, with my own ratings and nobody else's. */
	readonly #own: DialogueView = $derived.by(() => {
		if (!this.opening.blind) return this.#read;
		const own = this.#ratings?.ownGiven ?? ratingsBy(this.opening.view, this.me);
		return withRatings(this.#read, [own]);
	});
	/** How far I have come. */
	readonly progress: BlindProgress = $derived(blindProgressOf(this.#own, this.opening.rubric, this.me));
	/** Whether what the others gave may be seen, as far as this page knows: the server decides. */
	readonly seesOthers: boolean = $derived(
		!this.opening.blind ||
			seesOthers({ part: this.part, role: this.opening.me.role }, this.state, this.progress),
	);
	/** Whose ratings I may see beside my own. */
	readonly #seen: string[] = $derived.by(() => {
		if (!this.opening.blind || !this.seesOthers) return [];
		const members = Object.entries(this.#members).filter(([, { part }]) => part !== 'observer');
		return members.map(([user]) => user).filter((user) => user !== this.me);
	});
	readonly #steady = steadily();
	readonly view: DialogueView = $derived.by(() => {
		const { blind, view } = this.opening;
		if (!blind) return this.#steady(this.#read);
		const others = this.#seen.map((user) => this.#ratings?.givenBy(user) ?? ratingsBy(view, user));
		const own = ratingsBy(this.#own, this.me);
		return this.#steady(withRatings(this.#read, [own, ...others]));
	});
	readonly exchanges: Exchange[] = $derived.by(
		() => (this.#known = exchangesOf(this.view.turns, this.#known)),
	);
	readonly current: Exchange | undefined = $derived(
		this.exchanges.find(({ id }) => id === this.#chosen) ?? this.exchanges.at(-1),
	);
	readonly generating: TurnView | undefined = $derived(
		this.view.turns.find(({ state }) => state === 'generating'),
	);
	readonly rights: ReadonlySet<Right> = $derived(
		rights(this.part, this.#standing.state, this.#standing.together),
	);
	readonly mayInvite: boolean = $derived(mayInvite(this.part, this.#standing.state));

	/** The documents that I write in. */
	readonly #written: Connection[] = $derived(
		[this.#connection, this.#ratings?.own].filter((one) => one !== null && one !== undefined),
	);
	/** Of all that I write; null before the page is live. */
	readonly status: Status | null = $derived(
		this.#connection && statusOfAll(this.#written.map(({ status }) => status)),
	);
	readonly saved: Saved = $derived(savedOfAll(this.#written.map(({ saved }) => saved)));
	/** What the server did not take of what I wrote, and where it is kept until it is applied or dropped. */
	readonly late: { key: string; item: LateItem; late: Late }[] = $derived(
		this.#written.flatMap(({ late }, nth) =>
			late.items.map((item) => ({ key: `${nth} ${item.id}`, item, late })),
		),
	);
	/** Unsent edits that this device has stored. */
	readonly kept: number = $derived(this.#written.reduce((sum, { kept }) => sum + kept, 0));
	/** Signed out with it: what was not sent, to be copied. */
	readonly unsent: LateChange[] = $derived(this.#written.flatMap(({ unsent }) => unsent?.changes ?? []));
	/** Something was refused, and what of it was typed is not known yet. */
	readonly refused: boolean = $derived(this.#written.some(({ refusedDoc }) => refusedDoc !== null));
	/** Where my ratings go; null: nowhere at this moment. */
	readonly #ratingDoc: Y.Doc | null = $derived.by(() => {
		const connection = this.opening.blind ? this.#ratings?.own : this.#connection;
		return this.live && connection?.synced && connection.status.kind !== 'closed' ? connection.doc : null;
	});
	readonly whoWrote: WhoWrote;
	readonly comments: Comments;
	readonly since: SinceLook;

	constructor(opening: () => Opening) {
		this.#opening = opening;
		this.comments = new Comments({
			place: { owner: opening().me.id, dialogue: opening().id, born: opening().born },
			me: String(opening().me.id),
			given: () => this.opening.comments,
			doc: () => (this.#connection?.present ? this.#connection.doc : null),
			rights: () => (this.live ? this.rights : NO_RIGHTS),
			show: () => this.show('comments'),
		});
		this.since = new SinceLook(opening().id, String(opening().me.id));
		this.whoWrote = new WhoWrote(opening().id, String(opening().me.id));
		// What is being written is looked at from its end, what is being judged from its beginning.
		const { state, turns } = opening().view;
		if (!isWriting(state)) this.#chosen = turns[0]?.id ?? null;
	}

	get opening(): Opening {
		return this.#opening();
	}
	get connection(): Connection | null {
		return this.#connection;
	}
	/** My id as the document's key. */
	get me(): string {
		return String(this.opening.me.id);
	}
	get state(): DialogueState {
		return this.#standing.state;
	}
	get writing(): boolean {
		return isWriting(this.state);
	}
	/** Whether commands can reach the server. */
	get online(): boolean {
		return this.#connection?.status.kind === 'live';
	}
	/** Whose ratings the marks beside the turns are about; null where there are none to wait for. */
	get rater(): string | null {
		if (this.can('rate')) return this.me;
		const rated = (user: string) => this.view.turns.some((turn) => turn.ratings[user]);
		if (rated(this.me)) return this.me;
		const annotator = String(this.opening.annotator.id);
		return rated(annotator) ? annotator : null;
	}

	/** Takes the document over from the server's page, and the ratings of a blind one. @returns what ends it. */
	join(connection: Connection, ratings: RatingConnections | null): () => void {
		this.#connection = connection;
		this.#ratings = ratings;
		return () => {
			this.#connection = null;
			this.#ratings = null;
			void connection.destroy();
			ratings?.destroy();
		};
	}

	/** In an effect: has the rating documents open that this page may have, as far as it knows. */
	followRatings(): void {
		const ratings = this.#ratings;
		if (ratings === null) return;
		const rates = this.part !== 'observer';
		// One's own must be on disk: by that the server judges.
		const seen = this.live && (!rates || ratings.own?.saved === 'saved') ? this.#seen : [];
		const occasion = JSON.stringify([this.state, this.part, this.progress]);
		untrack(() => {
			if (rates) ratings.rateAs(this.me);
			ratings.see(seen, occasion);
		});
	}

	/** Resolves when everything typed so far is on the server's disk. @throws NotSaved when it never will be. */
	async whenSaved(): Promise<void> {
		await Promise.all(this.#written.map((connection) => connection.whenSaved()));
	}

	/** Whether I may send prompts, have answers written anew and stop the bot. */
	get mayPrompt(): boolean {
		return this.can('draft');
	}

	can(right: Right): boolean {
		return this.rights.has(right);
	}

	/** Whether the state lets me decide this about the dialogue. */
	may(kind: 'accept' | 'claim' | 'skip' | 'take-back' | 'dispute' | 'uphold' | 'reopen'): boolean {
		const { dispute } = this.#read;
		const disputed = dispute !== undefined && (kind === 'dispute' || !dispute.answer);
		const command = { kind, staleTurns: 0, reason: 'other', disputed };
		return advance(this.state, command, { part: this.part, role: this.opening.me.role }).ok;
	}

	/** Whether a rating would be written at this moment. */
	get mayRate(): boolean {
		return this.#ratingDoc !== null && this.can('rate');
	}
	/** Whether I have still to rate the dialogue as a whole, once there is something in it. */
	get owesWhole(): boolean {
		return this.can('rate') && this.progress.botTurns > 0 && !this.progress.ratedWhole;
	}
	/** Whether people rate nothing but the dialogue as a whole. */
	get isWholeAlone(): boolean {
		return criteriaOf(this.opening.rubric, 'turn').length === 0;
	}
	/** Whether I must rate before I decide: who reviews blind. */
	get owesRatings(): boolean {
		return this.opening.blind && this.part === 'reviewer' && !areIn(this.progress);
	}

	standing(exchange: Exchange): ExchangeStanding {
		return standingOfExchange(exchange, this.opening.rubric, this.rater);
	}

	/** The shared text of a turn that may be edited here and now. */
	editable(turn: TurnView): Y.Text | undefined {
		if (!this.live || !this.can('edit') || !hasFinal(turn)) return undefined;
		return this.#connection ? turnText(this.#connection.doc, turn.id) : undefined;
	}

	edit(turn: TurnView, caret: number | null = null): void {
		if (!this.editable(turn)) return;
		this.views.delete(turn.id);
		this.editing = { turn: turn.id, caret };
	}

	show(pane: Pane): void {
		this.pane = pane;
		if (pane === 'rate' || pane === 'comments') this.side = pane;
	}

	/** Has candidates scroll together or not, here and in the next dialogue. */
	scrollTogether(on: boolean): void {
		this.scrollsTogether = on;
		remember('scroll-together', on ? 'on' : 'off');
	}

	/** @param exchange null: whichever is last. */
	choose(exchange: string | null): void {
		this.#chosen = exchange;
		const looked = this.exchanges.find(({ id }) => id === exchange);
		if (looked) this.since.see(looked);
	}

	/** Shows what others changed in the texts of a turn since I last looked, and there alone. */
	showSince({ prompt, response }: Exchange): void {
		for (const [turn, view] of this.views) if (view === 'since') this.views.delete(turn);
		for (const turn of [prompt, response])
			if (turn && this.since.of(turn.id)?.before !== undefined) this.views.set(turn.id, 'since');
	}

	/** Back to Final. @returns whether something else was shown. */
	hideSince({ prompt, response }: Exchange): boolean {
		const shown = [prompt, response].filter((turn) => turn && this.views.get(turn.id) === 'since');
		for (const turn of shown) if (turn) this.views.delete(turn.id);
		return shown.length > 0;
	}

	/** The exchange `by` places on, if there is one. */
	neighbour(by: 1 | -1): Exchange | undefined {
		const at = this.exchanges.findIndex(({ id }) => id === this.current?.id);
		return this.exchanges[at + by];
	}

	/** The next exchange that I have still to rate, after the current one first. */
	nextOpen(): Exchange | undefined {
		const at = this.exchanges.findIndex(({ id }) => id === this.current?.id);
		const order = [...this.exchanges.slice(at + 1), ...this.exchanges.slice(0, at + 1)];
		return this.can('rate')
			? order.find((exchange) => this.standing(exchange) === 'open' || owesChoice(this, exchange))
			: undefined;
	}

	/** Undo survives that an editor is closed and opened again. */
	undoOf(text: Y.Text): Y.UndoManager {
		let manager = this.#undo.get(text);
		if (!manager) this.#undo.set(text, (manager = createUndoManager(text)));
		return manager;
	}

	/** Something typed that found no place in the document. */
	handBack(text: string): void {
		void this.#connection?.late.handBack(text);
	}

	/** Writes my own rating; of the dialogue as a whole, with WHOLE for the turn. */
	rate(turn: string, criterion: string, rating: Rating | null): void {
		if (this.#ratingDoc) rate(this.#ratingDoc, this.me, turn, criterion, rating);
	}
}

const KEY = Symbol('workspace');
const NO_RIGHTS: ReadonlySet<Right> = new Set();

export const provideWorkspace = (workspace: Workspace): Workspace => setContext(KEY, workspace);
export const useWorkspace = (): Workspace => getContext<Workspace>(KEY);
