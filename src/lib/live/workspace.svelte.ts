import { getContext, setContext } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type * as Y from 'yjs';
import type { DialogueView, TurnView } from '../document/dialogue-view.ts';
import { rate, turnText } from '../document/read-dialogue.ts';
import type { Rating, Rubric } from '../document/rubric.ts';
import {
	mayInvite,
	rights,
	type DialogueState,
	type Part,
	type Right,
	type Role,
} from '../document/workflow.ts';
import { createUndoManager } from '../text/shared-text.ts';
import type { Connection } from './connection.svelte.ts';
import { Live } from './live.svelte.ts';
import { exchangesOf, standingOf, type Exchange, type Standing } from './workspace-exchanges.ts';
import { Company } from './workspace-people.svelte.ts';
import { steadyReader } from './workspace-view.ts';

/** What the server gives when the page is opened, or looked at again. */
export interface Opening {
	id: number;
	/** When the dialogue was begun, in milliseconds since 1970. */
	born: number;
	topic: { id: number; title: string; brief: string; language: string };
	me: { id: number; name: string; part: Part; role: Role };
	annotator: { id: number; name: string };
	reviewer: { id: number; name: string } | null;
	returnReasons: string[];
	returnNote: string;
	rubric: Rubric;
	view: DialogueView;
}

const WRITING: readonly DialogueState[] = ['draft', 'in_progress', 'returned'];

export type TextView = 'final' | 'changes' | 'original';
export type Pane = 'turns' | 'dialogue' | 'rate';

/** One dialogue as its page shows it: the document, live once there is a connection, and what is looked at. */
export class Workspace {
	readonly #opening: () => Opening;
	#connection: Connection | null = $state.raw(null);
	#chosen: string | null = $state.raw(null);
	#known: Exchange[] = [];
	readonly #undo = new WeakMap<Y.Text, Y.UndoManager>();

	/** The turn whose text is in the editor, and where its caret is to stand. */
	editing: { turn: string; caret: number | null } | null = $state.raw(null);
	pane: Pane = $state.raw('dialogue');
	/** By turn; Final where nothing is said. */
	readonly views = new SvelteMap<string, TextView>();

	/** Whether what is done here goes into the document. */
	readonly live: boolean = $derived(
		this.#connection !== null && this.#connection.present && this.#connection.status.kind !== 'closed',
	);
	readonly #reading: Live<Y.Doc, DialogueView> | null = $derived.by(() => {
		const connection = this.#connection;
		if (connection?.present) return new Live(connection.doc, steadyReader());
		return connection?.refusedDoc ? new Live(connection.refusedDoc, steadyReader()) : null;
	});
	/** The server's page until the document is here; nothing jumps when it takes over. */
	readonly view: DialogueView = $derived(this.#reading?.current ?? this.opening.view);
	readonly exchanges: Exchange[] = $derived.by(
		() => (this.#known = exchangesOf(this.view.turns, this.#known)),
	);
	readonly current: Exchange | undefined = $derived(
		this.exchanges.find(({ id }) => id === this.#chosen) ?? this.exchanges.at(-1),
	);
	readonly generating: TurnView | undefined = $derived(
		this.view.turns.find(({ state }) => state === 'generating'),
	);
	readonly people = new Company(
		() => this.#connection,
		() => ({ ...this.opening, members: this.view.members }),
	);
	readonly part: Part = $derived(this.people.part);
	readonly rights: ReadonlySet<Right> = $derived(rights(this.part, this.view.state, this.view.together));
	readonly mayInvite: boolean = $derived(mayInvite(this.part, this.view.state));

	constructor(opening: () => Opening) {
		this.#opening = opening;
		// What is being written is looked at from its end, what is being judged from its beginning.
		const { state, turns } = opening().view;
		if (!WRITING.includes(state)) this.#chosen = turns[0]?.id ?? null;
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
		return this.view.state;
	}
	get writing(): boolean {
		return WRITING.includes(this.state);
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

	/** Takes the document over from the server's page. @returns what ends it. */
	join(connection: Connection): () => void {
		this.#connection = connection;
		return () => {
			this.#connection = null;
			void connection.destroy();
		};
	}

	/** Whether I may send prompts, have answers written anew and stop the bot. */
	get mayPrompt(): boolean {
		return this.can('draft');
	}

	can(right: Right): boolean {
		return this.rights.has(right);
	}

	standing(exchange: Exchange): Standing {
		return standingOf(exchange, this.opening.rubric, this.rater);
	}

	/** The shared text of a turn that may be edited here and now. */
	editable(turn: TurnView): Y.Text | undefined {
		if (!this.live || !this.can('edit') || turn.state === 'generating') return undefined;
		return this.#connection ? turnText(this.#connection.doc, turn.id) : undefined;
	}

	edit(turn: TurnView, caret: number | null = null): void {
		if (!this.editable(turn)) return;
		this.views.delete(turn.id);
		this.editing = { turn: turn.id, caret };
	}

	/** @param exchange null: whichever is last. */
	choose(exchange: string | null): void {
		this.#chosen = exchange;
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
		return this.can('rate') ? order.find((exchange) => this.standing(exchange) === 'open') : undefined;
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

	/** Writes my own rating. */
	rate(turn: string, criterion: string, rating: Rating | null): void {
		if (this.#connection && this.live) rate(this.#connection.doc, this.me, turn, criterion, rating);
	}
}

const KEY = Symbol('workspace');

export const provideWorkspace = (workspace: Workspace): Workspace => setContext(KEY, workspace);
export const useWorkspace = (): Workspace => getContext<Workspace>(KEY);
