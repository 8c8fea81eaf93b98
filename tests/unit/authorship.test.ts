import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { authorKey, authorRuns, type Run } from '../../src/lib/document/authorship.ts';
import { keepingDeletedText } from '../../src/lib/document/deleted-text.ts';
import { puttingBack, puttingBackId } from '../../src/lib/document/putting-back.ts';
import { readDialogue, turnText } from '../../src/lib/document/read-dialogue.ts';
import { draftOf, turnsOf } from '../../src/lib/document/roots.ts';
import { typedBy } from '../../src/lib/document/sent-prompt.ts';
import * as write from '../../src/lib/document/write-dialogue.ts';
import { authorshipIn, sharesOf } from '../../src/lib/measure/shares.ts';

const ANA = '1';
const BEN = '2';
const bot = { id: 9, name: 'Practice', practice: true };
const copyOf = (doc: Y.Doc): Y.Doc => {
	const copy = new Y.Doc({ gcFilter: keepingDeletedText() });
	Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
	return copy;
};

/** A dialogue that people write in, each in a copy of their own. */
class World {
	readonly doc = new Y.Doc({ gcFilter: keepingDeletedText() });
	readonly #owners = new Map<number, string>();

	constructor() {
		write.begin(this.doc, { topic: 1, state: 'in_progress', together: true });
		write.admit(this.doc, ANA, { name: 'Ana', part: 'annotator' });
		write.admit(this.doc, BEN, { name: 'Ben', part: 'reviewer' });
	}

	readonly ownerOf = (client: number): string | undefined => this.#owners.get(client);

	/** Prompt p0, and a bot's answer b0. */
	exchange(prompt: string, answer: string): void {
		this.send(ANA, prompt);
		this.answer(answer);
	}
	send(sender: string, text: string): void {
		const typed = typedBy(draftOf(this.doc), text, sender, this.ownerOf);
		write.addPrompt(this.doc, { id: 'p0', author: sender, text, typed });
	}
	answer(text: string, state: 'ready' | 'generating' = 'ready'): void {
		write.beginResponse(this.doc, { turnId: 'b0', candidateId: 'c0', parent: 'p0', bot });
		write.streamUpTo(this.doc, 'c0', text);
		if (state === 'ready') write.finishResponse(this.doc, { turnId: 'b0', candidateId: 'c0', state });
	}

	/** What `user` does in a copy, and all of it here. */
	as(
		user: string,
		edit: (text: Y.Text, undo: Y.UndoManager, doc: Y.Doc) => void,
		turn: 'draft' | 'p0' | 'b0' = 'b0',
	) {
		const copy = copyOf(this.doc);
		for (const client of [copy.clientID, puttingBackId(copy)]) this.#owners.set(client, user);
		const text = turn === 'draft' ? draftOf(copy) : (turnText(copy, turn) as Y.Text);
		edit(text, new Y.UndoManager(text, { captureTimeout: 0 }), copy);
		Y.applyUpdate(this.doc, Y.encodeStateAsUpdate(copy, Y.encodeStateVector(this.doc)));
	}

	/** The text of a turn with its authors, from a copy that somebody opens now. */
	read(turn = 'b0', doc = copyOf(this.doc)): string {
		return told(turnText(doc, turn)?.toJSON() ?? '', authorRuns(doc, turn, this.ownerOf));
	}
}

const told = (text: string, runs: Run[]): string =>
	runs
		.map(({ author, offset, length }) => `${authorKey(author)}:${text.slice(offset, offset + length)}`)
		.join('|');

describe('a response', () => {
	test('[AUTHOR-1] is the bot’s, and theirs who typed in it, in the order of the text and without a gap', () => {
		const world = new World();
		world.exchange('Why?', 'Water boils at 90 degrees.');
		expect(world.read()).toBe('bot:Water boils at 90 degrees.');
		world.as(ANA, (text) => {
			text.delete(15, 2);
			text.insert(15, '100');
		});
		world.as(BEN, (text) => text.insert(text.length, ' At sea level.'));
		world.as(ANA, (text) => text.insert(text.length, '!'));
		expect(world.read()).toBe('bot:Water boils at |1:100|bot: degrees.|2: At sea level.|1:!');
	});

	test('[AUTHOR-1] is all the bot’s while it writes, and nobody’s when there is nothing', () => {
		const world = new World();
		world.send(ANA, 'Why?');
		world.answer('Because', 'generating');
		expect(authorRuns(world.doc, 'b0', world.ownerOf)).toEqual([
			{ offset: 0, length: 7, author: { kind: 'bot', name: 'Practice' } },
		]);
		expect(authorRuns(world.doc, 'nowhere', world.ownerOf)).toEqual([]);
		write.finishResponse(world.doc, { turnId: 'b0', candidateId: 'c0', state: 'stopped' });
		world.as(BEN, (text) => text.delete(0, text.length));
		expect(world.read()).toBe('');
	});

	test('[AUTHOR-1] one person’s words are theirs under every client id that they had', () => {
		const world = new World();
		world.exchange('Why?', 'So.');
		world.as(ANA, (text) => text.insert(0, 'one '));
		world.as(ANA, (text) => text.insert(4, 'two '));
		expect(world.read()).toBe('1:one two |bot:So.');
	});
});

describe('a prompt', () => {
	const drafted = (): World => {
		const world = new World();
		world.as(ANA, (text) => text.insert(0, 'How hot is water?'), 'draft');
		world.as(BEN, (text) => text.insert(11, 'boiling '), 'draft');
		return world;
	};

	test('[AUTHOR-2] is theirs who typed it, whoever sends it', () => {
		for (const sender of [ANA, BEN]) {
			const world = drafted();
			world.send(sender, 'How hot is boiling water?');
			expect(world.read('p0')).toBe('1:How hot is |2:boiling |1:water?');
			expect(draftOf(world.doc).toJSON()).toBe('');
		}
	});

	test('[AUTHOR-2] stays theirs while it is edited and undone', () => {
		const world = drafted();
		world.send(ANA, 'How hot is boiling water?');
		world.as(
			BEN,
			(text, undo, doc) => {
				text.insert(3, ' very');
				text.delete(0, 3);
				puttingBack(doc, () => undo.undo());
				text.delete(16, 4);
			},
			'p0',
		);
		expect(world.read('p0')).toBe('1:How|2: very|1: hot is |2:ing |1:water?');
	});

	test.each([
		['all of it one person’s, who sends it', ANA, 'mine', 'mine', '1:mine', undefined],
		['all of it one person’s, whom another sends', BEN, 'mine', 'mine', '1:mine', [[4, ANA]]],
		['blanks around it cut', BEN, ' mine \n', 'mine', '1:mine', [[4, ANA]]],
		[
			'blanks around it added',
			BEN,
			'mine',
			' mine ',
			'2: |1:mine|2: ',
			[
				[1, BEN],
				[4, ANA],
				[1, BEN],
			],
		],
		['its beginning', BEN, 'mine and more', 'mine', '1:mine', [[4, ANA]]],
		[
			'as it was before somebody went on in the middle',
			BEN,
			'mine, my own',
			'mine own',
			'1:mine own',
			[[8, ANA]],
		],
		[
			'as it was before somebody deleted a part',
			BEN,
			'mine own',
			'mine, my own',
			'1:mine|2:, my|1: own',
			[
				[4, ANA],
				[4, BEN],
				[4, ANA],
			],
		],
		[
			'something else that ends alike',
			BEN,
			'Is it mine?',
			'And what is a mole?',
			'2:And what is a mole?',
			undefined,
		],
		['sent by a program, with no draft', BEN, '', 'Hello', '2:Hello', undefined],
		['emoji that begin alike', BEN, '😀', '😁', '2:😁', undefined],
	] as const)(
		'[AUTHOR-2] what is sent is the draft’s, and else its sender’s: %s',
		(_what, sender, draft, sent, reads, typed) => {
			const world = new World();
			world.as(ANA, (text) => text.insert(0, draft), 'draft');
			world.send(sender, sent);
			expect(world.read('p0')).toBe(reads);
			expect(turnsOf(world.doc).get('p0')?.get('typed')).toEqual(typed);
		},
	);

	test('[AUTHOR-2] an older one, of which nothing was kept, is its sender’s', () => {
		const world = new World();
		write.addPrompt(world.doc, { id: 'p0', author: BEN, text: 'Old' });
		world.as(ANA, (text) => text.insert(0, 'An '), 'p0');
		expect(world.read('p0')).toBe('1:An |2:Old');
	});
});

describe('what is put back', () => {
	const answered = (): World => {
		const world = new World();
		world.exchange('Why?', 'The bot said this.');
		return world;
	};

	test('[AUTHOR-3] undo gives what somebody deleted back to who wrote it', () => {
		const world = answered();
		world.as(ANA, (text) => text.insert(4, 'good '));
		world.as(BEN, (text, undo, doc) => {
			text.delete(0, text.length);
			puttingBack(doc, () => undo.undo());
		});
		expect(world.read()).toBe('bot:The |1:good |bot:bot said this.');
	});

	test('[AUTHOR-3] also after typing over it, redoing and undoing again, and of what is put back what is deleted again', () => {
		const world = answered();
		world.as(BEN, (text, undo, doc) => {
			doc.transact(() => {
				text.delete(4, 3);
				text.insert(4, 'parrot');
			});
			for (const step of ['undo', 'redo', 'undo', 'redo', 'undo'] as const)
				puttingBack(doc, () => undo[step]());
			text.insert(7, 's');
			text.delete(5, 1);
			text.delete(4, 1);
			puttingBack(doc, () => undo.undo());
		});
		expect(world.read()).toBe('bot:The bt|2:s|bot: said this.');
	});

	test('[AUTHOR-3] who types over a text has written what they typed, however alike', () => {
		const world = answered();
		world.as(BEN, (text) => {
			text.delete(4, 3);
			text.insert(4, 'bots');
		});
		expect(world.read()).toBe('bot:The |2:bots|bot: said this.');
	});

	test('[AUTHOR-3] what another wrote comes under their name only where they wrote it', () => {
		const world = answered();
		world.as(BEN, (text) => {
			text.delete(4, 3);
			text.insert(0, 'bot');
		});
		expect(world.read()).toBe('2:bot|bot:The  said this.');
		const same = answered();
		same.as(BEN, (text) => text.insert(4, 'bot')); // before what still stands
		expect(same.read()).toBe('bot:The |2:bot|bot:bot said this.');
	});

	test('[AUTHOR-3] a copy that has let go of what was deleted takes it for new', () => {
		const world = answered();
		world.as(BEN, (text, undo, doc) => {
			text.delete(4, 3);
			puttingBack(doc, () => undo.undo());
		});
		const stock = new Y.Doc();
		Y.applyUpdate(stock, Y.encodeStateAsUpdate(world.doc));
		expect(world.read('b0', stock)).toBe('bot:The |2:bot|bot: said this.');
	});

	test('[AUTHOR-10] of what is deleted from a text a copy keeps so much and no more', () => {
		const world = answered();
		const sizes = [1, 2, 3].map(() => {
			world.as(BEN, (text) => {
				for (let n = 0; n < 10; n++) {
					text.insert(0, 'x'.repeat(9_000));
					text.delete(0, 9_000);
				}
			});
			return Y.encodeStateAsUpdate(world.doc).length;
		});
		expect(sizes[0]).toBeGreaterThan(90_000); // the whole first 90,000
		expect(sizes[2]).toBeLessThan(110_000);
		expect(readDialogue(world.doc).turns[1]?.text).toBe('The bot said this.');
	});

	test('[AUTHOR-10] what goes with its container, as a bot’s stream does, is not kept', () => {
		const world = answered();
		expect(
			Buffer.from(Y.encodeStateAsUpdate(world.doc)).toString('latin1').split('The bot said this.'),
		).toHaveLength(3);
	});
});

describe('shares', () => {
	test('[AUTHOR-5] are counted in code points, most first, and rounded to four places', () => {
		const run = (id: string, offset: number, length: number): Run => ({
			offset,
			length,
			author: { kind: 'person', id },
		});
		const text = 'ab😀👩‍🚀退款x';
		expect(sharesOf(text, [run('2', 0, 2), run('1', 2, 7), run('2', 9, 3)])).toEqual([
			{ author: { kind: 'person', id: '2' }, characters: 5, share: 0.5556 },
			{ author: { kind: 'person', id: '1' }, characters: 4, share: 0.4444 },
		]);
		expect(sharesOf('ab', [run('2', 0, 1), run('1', 1, 1)]).map(({ author }) => authorKey(author))).toEqual([
			'1',
			'2',
		]);
		expect(sharesOf('', [])).toEqual([]);
	});

	test('[AUTHOR-5] of a dialogue name the members, and hold earlier answers too', () => {
		const world = new World();
		world.exchange('Why?', 'First.');
		world.as(BEN, (text) => text.insert(0, '“'));
		write.beginResponse(world.doc, { turnId: 'b1', candidateId: 'c1', parent: 'p0', bot, replaces: 'b0' });
		const practice = { kind: 'bot', name: 'Practice' };
		expect([...authorshipIn(world.doc, readDialogue(world.doc), world.ownerOf)]).toEqual([
			['p0', [{ author: { kind: 'person', id: 1, name: 'Ana' }, characters: 4, share: 1 }]],
			['b1', []],
			[
				'b0',
				[
					{ author: practice, characters: 6, share: 0.8571 },
					{ author: { kind: 'person', id: 2, name: 'Ben' }, characters: 1, share: 0.1429 },
				],
			],
		]);
	});
});
