import type * as Y from 'yjs';
import type { WhoWrote as Answer } from '#server/workflow/who-wrote.ts';
import { authorRuns, type Run } from '../document/authorship.ts';
import { puttingBackId } from '../document/putting-back.ts';
import { streamText, turnText } from '../document/read-dialogue.ts';
import { turnsOf, type Fields } from '../document/roots.ts';
import { sharesOf, type Share } from '../measure/shares.ts';
import { api } from './api.ts';

/** Between a change and a look at who made it. */
const SOON_MS = 150;
/** Until the server is asked again, when it did not answer, or did not know a client id yet. */
const LATER_MS = 2000;

/** Who wrote a turn's text. */
export interface Written {
	runs: Run[];
	shares: Share[];
}

export interface Listener {
	written(turn: string, written: Written): void;
	/** Whether the server was asked in vain. */
	unanswered(vain: boolean): void;
}

/**
 * Reads who wrote the texts of a dialogue, and goes on while they change: some time after a change, never with a key.
 * A text with a client id that nobody is known to have waits for the server.
 */
export class AuthorReader {
	readonly #dialogue: number;
	readonly #me: string;
	readonly #tell: Listener;
	readonly #owners = new Map<number, string>();
	readonly #names = new Map<string, string>();
	readonly #server = new Set<number>();
	#doc: Y.Doc | null = null;
	/** Turns that changed since they were looked at. */
	readonly #changed = new Set<string>();
	#timer: ReturnType<typeof setTimeout> | undefined;
	#asking = false;

	/** `me`: my id as the document's key. */
	constructor(dialogue: number, me: string, tell: Listener) {
		this.#dialogue = dialogue;
		this.#me = me;
		this.#tell = tell;
	}

	/** The name of somebody who wrote. */
	nameOf(id: string): string | undefined {
		return this.#names.get(id);
	}

	/** Looks at this document from now on. @returns what ends it. */
	follow(doc: Y.Doc): () => void {
		const turns = turnsOf(doc);
		const note = (events: Y.YEvent<Fields>[]): void => {
			for (const { path, keys } of events) {
				const [turn] = path;
				for (const id of turn === undefined ? keys.keys() : [String(turn)]) this.#changed.add(id);
			}
			this.#look(SOON_MS);
		};
		turns.observeDeep(note);
		this.#doc = doc;
		for (const client of [doc.clientID, puttingBackId(doc)]) this.#owners.set(client, this.#me);
		for (const id of turns.keys()) this.#changed.add(id);
		this.#look(0);
		return () => {
			turns.unobserveDeep(note);
			clearTimeout(this.#timer);
			this.#timer = undefined;
			this.#doc = null;
			this.#changed.clear();
		};
	}

	#look(within: number): void {
		this.#timer ??= setTimeout(() => {
			this.#timer = undefined;
			if (this.#doc !== null) this.#read(this.#doc);
		}, within);
	}

	#read(doc: Y.Doc): void {
		let waiting = false;
		for (const turn of this.#changed) {
			let unknown = false;
			const runs = authorRuns(doc, turn, (client) => {
				const owner = this.#owners.get(client);
				if (owner === undefined && !this.#server.has(client)) unknown = true;
				return owner;
			});
			waiting ||= unknown;
			if (unknown) continue;
			this.#changed.delete(turn);
			const text = streamText(doc, turn) ?? turnText(doc, turn);
			this.#tell.written(turn, { runs, shares: sharesOf(text?.toJSON() ?? '', runs) });
		}
		if (waiting) void this.#ask();
	}

	async #ask(): Promise<void> {
		if (this.#asking) return;
		this.#asking = true;
		try {
			const { people, server } = await api<Answer>('GET', `/dialogues/${this.#dialogue}/authors`);
			const before = this.#owners.size + this.#server.size;
			for (const { id, name, clients } of people) {
				this.#names.set(String(id), name);
				for (const client of clients) this.#owners.set(client, String(id));
			}
			for (const client of server) this.#server.add(client);
			this.#tell.unanswered(false);
			// What was typed offline elsewhere, and is on its way, the server does not know yet.
			this.#look(this.#owners.size + this.#server.size > before ? 0 : LATER_MS);
		} catch {
			this.#tell.unanswered(true);
			this.#look(LATER_MS);
		} finally {
			this.#asking = false;
		}
	}
}
