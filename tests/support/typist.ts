import { setTimeout as pause } from 'node:timers/promises';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { draftOf } from '#lib/document/roots.ts';
import { DURABLE } from '#lib/wire/message-kinds.ts';
import { Ledger } from './ledger.ts';
import { random, type Random } from './random.ts';
import { Wire } from './wire.ts';

/** A word that stands in the text once, or not at all. */
interface Word {
	text: string;
	deleted: boolean;
	/** Its last change was called saved. */
	saved: boolean;
}

/** Somebody who writes words into a draft that cannot be mistaken, wherever, and takes some of them out again. */
export class Typist {
	readonly doc = new Y.Doc();
	readonly ledger = new Ledger();
	readonly wire: Wire;
	readonly provider: WebsocketProvider;
	readonly words: Word[] = [];
	readonly #name: string;
	readonly #dice: Random;
	#going: Promise<void> | null = null;
	#stopped = false;

	constructor(origin: string, dialogue: number, token: string, name: string) {
		this.#name = name;
		this.#dice = random(this.doc.clientID);
		this.wire = new Wire(this.ledger, { authorization: `Bearer ${token}` });
		this.provider = new WebsocketProvider(
			`${origin.replace('http', 'ws')}/sync`,
			String(dialogue),
			this.doc,
			{
				disableBc: true,
				maxBackoffTime: 200,
				params: { client: String(this.doc.clientID), durable: '1' },
				WebSocketPolyfill: this.wire.polyfill,
			},
		);
		this.provider.messageHandlers[DURABLE] = () => {
			if (this.ledger.settled) for (const word of this.words) word.saved = true;
		};
	}

	get text(): string {
		return draftOf(this.doc).toJSON();
	}
	get settled(): boolean {
		return this.provider.synced && this.ledger.settled;
	}

	#act(): void {
		const draft = draftOf(this.doc);
		const standing = this.words.filter((word) => !word.deleted);
		if (standing.length > 3 && this.#dice.chance(0.2)) {
			const word = this.#dice.pick(standing);
			Object.assign(word, { deleted: true, saved: false });
			draft.delete(draft.toJSON().indexOf(word.text), word.text.length);
			return;
		}
		const word = { text: `${this.#name}${this.words.length}字 `, deleted: false, saved: false };
		this.words.push(word);
		const ends = [...draft.toJSON().matchAll(/ /g)].map(({ index }) => index + 1);
		draft.insert(this.#dice.pick([0, ...ends]), word.text);
	}

	begin(): void {
		this.#stopped = false;
		this.#going ??= (async () => {
			while (!this.#stopped) {
				this.#act();
				await pause(this.#dice.int(30));
			}
			this.#going = null;
		})();
	}

	async end(): Promise<void> {
		this.#stopped = true;
		await this.#going;
	}

	/** For good: nobody brings again what it had. */
	async leave(): Promise<void> {
		await this.end();
		this.provider.destroy();
	}
}

/** What is wrong with a text that these wrote, in words. */
export function faultsIn(text: string, typists: readonly Typist[]): string[] {
	const words = new Map(typists.flatMap((typist) => typist.words).map((word) => [word.text, word]));
	const found = new Map<string, number>();
	for (const part of text.split(/(?<= )/)) found.set(part, (found.get(part) ?? 0) + 1);
	const strange = [...found.keys()].filter((part) => !words.has(part)).map((part) => `“${part}” is nobody’s`);
	const wrong = [...words.values()].flatMap(({ text: word, deleted, saved }) => {
		const times = found.get(word) ?? 0;
		if (times > 1) return [`“${word}” stands ${times} times`];
		if (saved && times === Number(deleted))
			return [`“${word}” was ${deleted ? 'deleted' : 'written'}, and is not`];
		return [];
	});
	return [...strange, ...wrong];
}
