import { getContext, setContext } from 'svelte';
import { carried } from '../text/occurrences.ts';
import { finder, firstFrom, isAt, placesIn, type Match, type Place } from './find-matches.ts';
import { isEdited } from './workspace-exchanges.ts';
import type { Workspace } from './workspace.svelte.ts';

/** A match that was gone to, in the text as it was. */
interface Here extends Pick<Place, 'kind' | 'id' | 'text'> {
	from: number;
}

/** Finding words in what the page shows: prompts and Final texts, comments, and if wished the originals. */
export class Find {
	readonly #workspace: Workspace;
	/** Another object each time it is asked for, also while it is open. `with`: the words that were selected. */
	opened: { with: string } | null = $state.raw(null);
	asked = $state.raw('');
	/** Whether what bots said is looked through, where people made something else of it. */
	originals = $state.raw(false);
	#here: Here | null = $state.raw(null);
	/** The same, where the edits since have moved it. */
	#moved: { of: Here; here: Here } | null = null;

	readonly #places: readonly Place[] = $derived.by(() => {
		const { exchanges, comments } = this.#workspace;
		return this.opened === null ? [] : placesIn(exchanges, comments.threads, this.originals);
	});
	readonly #find = finder();
	readonly matches: readonly Match[] = $derived(this.#find(this.#places, this.asked));
	/** Of `matches`: the one that was gone to, or what is in its place. -1 where there are none. */
	readonly current: number = $derived.by(() => {
		const here = this.#hereNow();
		const order = here ? this.#places.findIndex((place) => isAt(place, here)) : -1;
		if (here && order >= 0) return firstFrom(this.#places, this.matches, order, here.from);
		const { current } = this.#workspace;
		const start = this.#places.findIndex((one) => one.kind !== 'comment' && one.exchange === current);
		return firstFrom(this.#places, this.matches, start, 0);
	});

	constructor(workspace: Workspace) {
		this.#workspace = workspace;
	}

	get hasOriginals(): boolean {
		return this.#workspace.exchanges.some(({ response }) => response && isEdited(response));
	}

	show(): void {
		const selected = getSelection()?.toString() ?? '';
		this.opened = { with: /^[^\n]{1,100}$/.test(selected) ? selected : '' };
	}

	close(): void {
		this.opened = null;
	}

	/** On by so many, around the end. @returns where that is. */
	step(by: 1 | -1 | 0): Match | undefined {
		const { length } = this.matches;
		const match = this.matches[(this.current + by + length) % (length || 1)];
		if (match) {
			const { id, kind, text } = match.place;
			this.#here = { id, kind, text, from: match.span.from };
		}
		return match;
	}

	/** Followed from one text to the next. */
	#hereNow(): Here | null {
		const of = this.#here;
		if (of === null) return null;
		const last = this.#moved?.of === of ? this.#moved.here : of;
		const text = this.#places.find((place) => isAt(place, of))?.text;
		if (text === undefined || text === last.text) return last;
		const here = { ...last, text, from: carried(last.from, last.text, text) };
		this.#moved = { of, here };
		return here;
	}
}

const KEY = Symbol('find');

export const provideFind = (find: Find): Find => setContext(KEY, find);
export const useFind = (): Find => getContext<Find>(KEY);
