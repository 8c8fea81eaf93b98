import { SvelteMap } from 'svelte/reactivity';
import { keepDraft, keptDrafts } from './device-comments.ts';
import type { Place } from './device-database.ts';

/** A comment that is being written, and is on this device alone. */
export type Draft = { text: string } & (
	| { kind: 'new'; id: string; turn: string; anchor?: string; quote?: string }
	/** `thread`: the id of its first comment. */
	| { kind: 'reply'; thread: string; turn?: string }
	| { kind: 'edit'; id: string }
);

export function nameOf(draft: Draft): string {
	return `${draft.kind}/${draft.kind === 'reply' ? draft.thread : draft.id}`;
}

/** The comments that I am writing in one dialogue; whatever becomes of the page, what is typed in them is kept. */
export class CommentDrafts {
	readonly #place: Place;
	readonly #drafts = new SvelteMap<string, Draft>();

	constructor(place: Place) {
		this.#place = place;
	}

	get all(): Draft[] {
		return [...this.#drafts.values()];
	}
	get(name: string): Draft | undefined {
		return this.#drafts.get(name);
	}

	/** What an earlier visit left. */
	read(): void {
		for (const [name, value] of keptDrafts(this.#place)) {
			const draft = value as Draft | null;
			if (typeof draft?.text === 'string' && nameOf(draft) === name) this.#drafts.set(name, draft);
		}
	}

	/** One that says nothing needs no keeping. */
	put(draft: Draft): void {
		this.#drafts.set(nameOf(draft), draft);
		keepDraft(this.#place, nameOf(draft), draft.text.trim() === '' ? null : draft);
	}

	drop(name: string): void {
		this.#drafts.delete(name);
		keepDraft(this.#place, name, null);
	}
}
