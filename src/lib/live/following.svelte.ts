import { getContext, setContext } from 'svelte';
import * as Y from 'yjs';
import type { TurnView } from '../document/dialogue-view.ts';
import { turnText } from '../document/read-dialogue.ts';
import type { Part } from '../document/workflow.ts';
import type { Person } from './presence.svelte.ts';
import type { Workspace } from './workspace.svelte.ts';

/** Going where another person is, until one moves by oneself. */
export class Following {
	readonly #workspace: Workspace;
	/** Who is followed; stays while they are away for a moment. */
	who: { id: string; name: string } | null = $state.raw(null);
	/** The text where their caret is, and its place in it. */
	readonly #caret: { type: unknown; index: number } | null = $derived.by(() => {
		const caret = this.person?.caret;
		if (!caret) return null; // before the view is asked for: else every turn is looked at with every keystroke
		const { connection, view } = this.#workspace;
		if (!connection) return null;
		void view; // others' edits move it without a message
		try {
			const place = Y.createRelativePositionFromJSON(caret);
			return Y.createAbsolutePositionFromRelativePosition(place, connection.doc);
		} catch {
			return null; // another's page may say anything, and Yjs throws at what is no position
		}
	});

	constructor(workspace: Workspace) {
		this.#workspace = workspace;
	}

	/** Null while nobody is followed, or the one who is has left. */
	get person(): Person | null {
		const { who } = this;
		return (who && this.#others.find(({ id }) => id === who.id)) ?? null;
	}

	/** Whom to follow next: who moves before who is idle, who writes before who looks on. Null: nobody is left. */
	get next(): Person | null {
		const order = this.#others.toSorted((a, b) => rank(a) - rank(b));
		return order[order.findIndex(({ id }) => id === this.who?.id) + 1] ?? null;
	}

	get #others(): Person[] {
		return this.#workspace.people.others;
	}

	start({ id, name }: Pick<Person, 'id' | 'name'>): void {
		this.#workspace.editing = null;
		this.#workspace.pane = 'dialogue';
		this.who = { id, name };
	}

	stop(): void {
		this.who = null;
	}

	/** On to the next person, and after the last to nobody. */
	turn(): void {
		if (this.next) this.start(this.next);
		else this.stop();
	}

	/** Where the followed person's caret is in the text of a turn; null: in another text, or nowhere. */
	caretIn(turn: TurnView): number | null {
		const { connection } = this.#workspace;
		if (!connection || !this.#caret) return null;
		return this.#caret.type === turnText(connection.doc, turn.id) ? this.#caret.index : null;
	}
}

const PARTS: Part[] = ['annotator', 'reviewer', 'observer'];
const rank = ({ part, idle }: Person): number => PARTS.indexOf(part) + (idle ? PARTS.length : 0);

const KEY = Symbol('following');

export const provideFollowing = (following: Following): Following => setContext(KEY, following);
export const useFollowing = (): Following => getContext<Following>(KEY);
