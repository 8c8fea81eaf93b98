import { getContext, setContext } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type * as Y from 'yjs';
import { hasFinal } from '../document/choices.ts';
import type { DialogueView, TurnView } from '../document/dialogue-view.ts';
import { turnText } from '../document/read-dialogue.ts';
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
import type { Opening } from './opening.ts';
import type { RatingConnections } from './rating-connections.svelte.ts';
import { remember } from './remember.ts';
import { SinceLook } from './since-look.svelte.ts';
import { WhoWrote } from './workspace-authors.svelte.ts';
import { owesChoice } from './workspace-choices.ts';
import { Comments } from './workspace-comments.svelte.ts';
import { Edits } from './workspace-edits.svelte.ts';
import { exchangesOf, standingOf, type Exchange, type Standing } from './workspace-exchanges.ts';
import { Company } from './workspace-people.svelte.ts';
import { Ratings } from './workspace-ratings.svelte.ts';
import { Reading } from './workspace-reading.svelte.ts';

/** `since`: what others changed since one last looked. */
export type TextView = 'final' | 'preview' | 'changes' | 'original' | 'since';
/** What stands beside the dialogue; on a small screen a pane of its own. */
export type Side = 'rate' | 'comments';
export type Pane = 'turns' | 'dialogue' | Side;

/** One dialogue as its page shows it: the document, live once there is a connection, and what is looked at. */
export class Workspace {
	readonly #opening: () => Opening;
	#connection: Connection | null = $state.raw(null);
	/** Where the ratings of a blind dialogue lie, once it is live. */
	#apart: RatingConnections | null = $state.raw(null);
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
	readonly #reading = new Reading(
		() => this.#connection,
		() => this.opening.view,
	);
	readonly people = new Company(
		() => this.#connection,
		() => ({ ...this.opening, members: this.#reading.members }),
	);
	readonly part: Part = $derived(this.people.part);
	readonly rights: ReadonlySet<Right> = $derived(
		rights(this.part, this.state, this.#reading.standing.together),
	);
	readonly mayInvite: boolean = $derived(mayInvite(this.part, this.state));
	readonly ratings = new Ratings({
		reading: this.#reading,
		opening: () => this.opening,
		part: () => this.part,
		rates: () => this.can('rate'),
		connection: () => (this.live ? this.#connection : null),
		apart: () => this.#apart,
	});
	readonly edits = new Edits(() => [this.#connection, this.#apart?.own ?? null]);
	readonly exchanges: Exchange[] = $derived.by(
		() => (this.#known = exchangesOf(this.view.turns, this.#known)),
	);
	readonly current: Exchange | undefined = $derived(
		this.exchanges.find(({ id }) => id === this.#chosen) ?? this.exchanges.at(-1),
	);
	readonly generating: TurnView | undefined = $derived(
		this.view.turns.find(({ state }) => state === 'generating'),
	);
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
	get view(): DialogueView {
		return this.ratings.view;
	}
	/** My id as the document's key. */
	get me(): string {
		return String(this.opening.me.id);
	}
	get state(): DialogueState {
		return this.#reading.standing.state;
	}
	get writing(): boolean {
		return isWriting(this.state);
	}
	/** Whether commands can reach the server. */
	get online(): boolean {
		return this.#connection?.status.kind === 'live';
	}

	/** Takes the document over from the server's page, and the ratings of a blind one. @returns what ends it. */
	join(connection: Connection, apart: RatingConnections | null): () => void {
		this.#connection = connection;
		this.#apart = apart;
		return () => {
			this.#connection = null;
			this.#apart = null;
			void connection.destroy();
			apart?.destroy();
		};
	}

	/** Turns that answer another text than stands above them now. */
	get stale(): readonly string[] {
		return this.#reading.stale;
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
		const { dispute } = this.#reading.view;
		const disputed = dispute !== undefined && (kind === 'dispute' || !dispute.answer);
		const command = { kind, staleTurns: 0, reason: 'other', disputed };
		return advance(this.state, command, { part: this.part, role: this.opening.me.role }).ok;
	}

	standing(exchange: Exchange): Standing {
		return standingOf(exchange, this.opening.rubric, this.ratings.rater);
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
}

const KEY = Symbol('workspace');
const NO_RIGHTS: ReadonlySet<Right> = new Set();

export const provideWorkspace = (workspace: Workspace): Workspace => setContext(KEY, workspace);
export const useWorkspace = (): Workspace => getContext<Workspace>(KEY);
