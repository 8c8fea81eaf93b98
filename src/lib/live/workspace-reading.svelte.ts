import type * as Y from 'yjs';
import type { DialogueView } from '../document/dialogue-view.ts';
import { membersOf, readAgain, standingOf, type Standing } from '../document/read-dialogue.ts';
import { ReadingMemory } from '../document/reading-memory.ts';
import { draftOf } from '../document/roots.ts';
import type { Connection } from './connection.svelte.ts';
import { Live } from './live.svelte.ts';

/** What a dialogue's own document says: the server's page until it is here, and nothing jumps when it takes over. */
export class Reading {
	readonly #connection: () => Connection | null;
	readonly #given: () => DialogueView;
	readonly #doc: Y.Doc | null = $derived.by(() => {
		const connection = this.#connection();
		return connection?.present ? connection.doc : (connection?.refusedDoc ?? null);
	});
	readonly #whole: Live<DialogueView> | null = $derived.by(() => {
		const doc = this.#doc;
		if (doc === null) return null;
		const memory = new ReadingMemory(doc);
		// Whether there is something to send is known at once.
		return new Live(doc, () => readAgain(doc, memory), { later: (text) => text !== draftOf(doc) });
	});
	readonly view: DialogueView = $derived.by(() => this.#whole?.current ?? this.#given());
	#stale: readonly string[] = [];
	/** Turns that answer another text than stands above them now; the same list while they are the same turns. */
	readonly stale: readonly string[] = $derived.by(() => {
		const stale = this.view.turns.filter((turn) => turn.stale).map(({ id }) => id);
		return stale.join() === this.#stale.join() ? this.#stale : (this.#stale = stale);
	});
	// Every turn asks for these two, and no keystroke changes them.
	readonly #standing: Live<Standing> | null = $derived(
		this.#doc &&
			new Live(this.#doc, standingOf, { same: (a, b) => a.state === b.state && a.together === b.together }),
	);
	readonly standing: Standing = $derived.by(() => this.#standing?.current ?? this.#given());
	readonly #members: Live<DialogueView['members']> | null = $derived(
		this.#doc && new Live(this.#doc, membersOf, { same: Object.is }),
	);
	readonly members: DialogueView['members'] = $derived.by(
		() => this.#members?.current ?? this.#given().members,
	);

	constructor(connection: () => Connection | null, given: () => DialogueView) {
		this.#connection = connection;
		this.#given = given;
	}
}
