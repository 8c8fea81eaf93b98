import { SvelteMap } from 'svelte/reactivity';
import type * as Y from 'yjs';
import { AuthorReader, type Written } from './author-reader.ts';
import { remember } from './remember.ts';

/** Whether it is to be seen who wrote what, and what is known of that. While it is not, nothing is read. */
export class WhoWrote {
	readonly #written = new SvelteMap<string, Written>();
	readonly #reader: AuthorReader;
	on: boolean = $state.raw(false);
	/** Whether the server was asked in vain. */
	unanswered: boolean = $state.raw(false);

	constructor(dialogue: number, me: string) {
		this.#reader = new AuthorReader(dialogue, me, {
			written: (turn, written) => this.#written.set(turn, written),
			unanswered: (vain) => (this.unanswered = vain),
		});
	}

	/** Null while it is not known, or not to be seen. */
	of(turn: string): Written | null {
		return this.on ? (this.#written.get(turn) ?? null) : null;
	}

	nameOf(id: string): string | undefined {
		return this.#reader.nameOf(id);
	}

	/** Shows it or not, here and in the next dialogue. */
	toggle(): void {
		this.on = !this.on;
		remember('who-wrote', this.on ? 'on' : 'off');
	}

	/** Reads this document. @returns what ends it. */
	follow(doc: Y.Doc): () => void {
		const end = this.#reader.follow(doc);
		return () => {
			end();
			this.#written.clear();
		};
	}
}
