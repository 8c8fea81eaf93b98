import type { Connection } from './connection.svelte.ts';
import type { LateChange } from './late-changes.ts';
import type { Late, LateItem } from './late.svelte.ts';
import { savedOfAll, statusOfAll, type Saved, type Status } from './saved-state.ts';

/** What becomes of all that I write, in the dialogue's own document and in that of my ratings where there is one. */
export class Edits {
	readonly #documents: () => (Connection | null)[];
	/** The dialogue's own first. */
	readonly #written: Connection[] = $derived.by(() => this.#documents().filter((one) => one !== null));
	/** Null before the page is live. */
	readonly status: Status | null = $derived(
		this.#written.length === 0 ? null : statusOfAll(this.#written.map(({ status }) => status)),
	);
	readonly saved: Saved = $derived(savedOfAll(this.#written.map(({ saved }) => saved)));
	/** What the server did not take of what I wrote, and where it is kept until it is applied or dropped. */
	readonly late: { key: string; item: LateItem; late: Late }[] = $derived(
		this.#written.flatMap(({ late }, nth) =>
			late.items.map((item) => ({ key: `${nth} ${item.id}`, item, late })),
		),
	);
	/** How many are unsent and stored on this device. */
	readonly kept: number = $derived(this.#written.reduce((sum, { kept }) => sum + kept, 0));
	/** Signed out with it: what was not sent, to be copied. */
	readonly unsent: LateChange[] = $derived(this.#written.flatMap(({ unsent }) => unsent?.changes ?? []));
	/** Something was refused, and what of it was typed is not known yet. */
	readonly refused: boolean = $derived(this.#written.some(({ refusedDoc }) => refusedDoc !== null));

	constructor(documents: () => (Connection | null)[]) {
		this.#documents = documents;
	}

	/** Resolves when everything typed so far is on the server's disk. @throws NotSaved when it never will be. */
	async whenSaved(): Promise<void> {
		await Promise.all(this.#written.map((connection) => connection.whenSaved()));
	}

	/** Something typed that found no place in the document. */
	handBack(text: string): void {
		void this.#written[0]?.late.handBack(text);
	}
}
