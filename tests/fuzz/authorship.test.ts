import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { authorKey, authorRuns } from '#lib/document/authorship.ts';
import { keepingDeletedText } from '#lib/document/deleted-text.ts';
import { puttingBack, puttingBackId } from '#lib/document/putting-back.ts';
import { readDialogue, turnText } from '#lib/document/read-dialogue.ts';
import { draftOf } from '#lib/document/roots.ts';
import { typedBy } from '#lib/document/sent-prompt.ts';
import * as write from '#lib/document/write-dialogue.ts';
import { sharesOf } from '#lib/measure/shares.ts';
import { random, type Random } from '../support/random.ts';

const PEOPLE = ['1', '2', '3'];
const HAND = 'by hand';

/**
 * Who typed each character, by hand: no character is ever typed twice, so a text says by itself who wrote it, whatever
 * was deleted, undone and redone on its way.
 */
class Ledger {
	readonly #authors = new Map<string, string>();
	#next = 0;

	/** `count` characters that nobody has typed yet; every third of them two UTF-16 units long. */
	type(author: string, count: number): string {
		const typed = Array.from({ length: count }, () => {
			const n = this.#next++;
			return String.fromCodePoint(n % 3 === 0 ? 0x20000 + n : 0x4e00 + n);
		});
		for (const one of typed) this.#authors.set(one, author);
		return typed.join('');
	}

	/** What the text says, a line an author in a row. */
	read(text: string): [author: string, said: string][] {
		const runs: [string, string][] = [];
		for (const one of text) {
			const author = this.#authors.get(one) ?? 'nobody';
			const last = runs.at(-1);
			if (last?.[0] === author) last[1] += one;
			else runs.push([author, one]);
		}
		return runs;
	}

	count(text: string): Record<string, number> {
		const counts: Record<string, number> = {};
		for (const one of text) {
			const author = this.#authors.get(one) ?? 'nobody';
			counts[author] = (counts[author] ?? 0) + 1;
		}
		return counts;
	}
}

/** A page: a copy of the dialogue, and what was done in it, to be undone. */
class Page {
	readonly user: string;
	doc = new Y.Doc();
	#undo: Y.UndoManager | null = null;
	readonly #owners: Map<number, string>;
	readonly #dice: Random;

	constructor(user: string, server: Y.Doc, owners: Map<number, string>, dice: Random) {
		this.user = user;
		this.#owners = owners;
		this.#dice = dice;
		this.open(Y.encodeStateAsUpdate(server));
	}

	/** Opens the page anew, with what it had kept. */
	open(kept = Y.encodeStateAsUpdate(this.doc)): void {
		this.#undo = null;
		this.doc = new Y.Doc({ gcFilter: keepingDeletedText() });
		Y.applyUpdate(this.doc, kept, 'kept');
		for (const client of [this.doc.clientID, puttingBackId(this.doc)]) this.#owners.set(client, this.user);
	}

	/** Something that a person does in one of the texts. */
	act(ledger: Ledger): void {
		const dice = this.#dice;
		const texts = [
			draftOf(this.doc),
			...readDialogue(this.doc).turns.map(({ id }) => turnText(this.doc, id)),
		];
		const text = dice.pick(texts.filter((one) => one !== undefined));
		const undo = (this.#undo ??= new Y.UndoManager(this.doc, {
			trackedOrigins: new Set([HAND]),
			captureTimeout: 1e12, // steps are cut by the dice alone
		}));
		if (dice.chance(0.25)) puttingBack(this.doc, () => undo.undo());
		else if (dice.chance(0.15)) puttingBack(this.doc, () => undo.redo());
		else this.doc.transact(() => this.#type(text, ledger), HAND);
		if (dice.chance(0.6)) undo.stopCapturing();
	}

	#type(text: Y.Text, ledger: Ledger): void {
		const dice = this.#dice;
		const border = (at: number): number => (/[\udc00-\udfff]/.test(text.toJSON()[at] ?? '') ? at - 1 : at);
		const from = border(dice.int(text.length + 1));
		const to = border(Math.min(text.length, from + dice.int(dice.chance(0.1) ? 60 : 6)));
		if (to > from && dice.chance(0.6)) text.delete(from, to - from);
		if (dice.chance(0.7)) text.insert(from, ledger.type(this.user, 1 + dice.int(5)));
	}
}

function exchange(a: Y.Doc, b: Y.Doc): void {
	Y.applyUpdate(a, Y.encodeStateAsUpdate(b, Y.encodeStateVector(a)), 'other');
	Y.applyUpdate(b, Y.encodeStateAsUpdate(a, Y.encodeStateVector(b)), 'other');
}

const SEEDS = [1, 2, 3, 5, 8, 13, 21, 34, Date.now() % 1e9];
test.each(SEEDS)(
	'[AUTHOR-4] whatever people type, delete, undo and send, apart and together, is theirs (seed %i)',
	(seed) => {
		const dice = random(seed);
		const ledger = new Ledger();
		const owners = new Map<number, string>();
		let server = new Y.Doc({ gcFilter: keepingDeletedText() });
		write.begin(server, { topic: 1, state: 'in_progress', together: true });
		for (const user of PEOPLE) write.admit(server, user, { name: `name of ${user}`, part: 'reviewer' });
		const pages = [...PEOPLE, '1'].map((user) => new Page(user, server, owners, dice));
		const ownerOf = (client: number) => owners.get(client);
		let turns = 0;

		/** What the draft says, or its beginning, becomes a prompt, and a bot answers it. */
		const send = (sender: string): void => {
			const draft = draftOf(server).toJSON();
			const whole = [...draft];
			const sent = dice.chance(0.3) ? whole.slice(0, dice.int(whole.length)).join('') : draft;
			if (sent === '') return;
			const n = turns++;
			const typed = typedBy(draftOf(server), sent, sender, ownerOf);
			write.addPrompt(server, { id: `p${n}`, author: sender, text: sent, typed });
			write.beginResponse(server, {
				turnId: `b${n}`,
				candidateId: `c${n}`,
				parent: `p${n}`,
				bot: { id: 9, name: 'Practice', practice: true },
			});
			write.streamUpTo(server, `c${n}`, ledger.type('bot', 20 + dice.int(60)));
			write.finishResponse(server, { turnId: `b${n}`, candidateId: `c${n}`, state: 'ready' });
		};

		let told = 0;
		for (let step = 0; step < 600; step++) {
			const page = dice.pick(pages);
			page.act(ledger);
			if (dice.chance(0.3)) exchange(page.doc, server);
			if (dice.chance(0.03)) send(dice.pick(PEOPLE));
			if (dice.chance(0.02)) page.open();
			if (dice.chance(0.02)) {
				// The room is left, and read again under another id of the server's.
				const stored = Y.encodeStateAsUpdate(server);
				server = new Y.Doc({ gcFilter: keepingDeletedText() });
				Y.applyUpdate(server, stored);
			}
			if (step % 50 !== 49) continue;
			for (let round = 0; round < 2; round++) for (const one of pages) exchange(one.doc, server);
			for (const doc of [server, ...pages.map(({ doc }) => doc)])
				for (const { id, text } of readDialogue(doc).turns) {
					const runs = authorRuns(doc, id, ownerOf);
					const said = runs.map(({ author, offset, length }) => [
						authorKey(author),
						text.slice(offset, offset + length),
					]);
					expect(said).toEqual(ledger.read(text));
					expect(
						Object.fromEntries(
							sharesOf(text, runs).map(({ author, characters }) => [authorKey(author), characters]),
						),
					).toEqual(ledger.count(text));
					told += said.length;
				}
		}
		expect(turns).toBeGreaterThan(3);
		expect(told).toBeGreaterThan(100);
	},
);
