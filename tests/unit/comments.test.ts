import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { spansIn } from '../../src/lib/document/comment-anchor.ts';
import { keepingDeletedText } from '../../src/lib/document/deleted-text.ts';
import { mentionsIn, namedBefore } from '../../src/lib/document/mentions.ts';
import { puttingBack } from '../../src/lib/document/putting-back.ts';
import { readComments, type Thread } from '../../src/lib/document/read-comments.ts';
import { turnText } from '../../src/lib/document/read-dialogue.ts';
import { commentsOf, resolvedOf } from '../../src/lib/document/roots.ts';
import {
	addComment,
	deleteComment,
	quoted,
	resolveThread,
	rewordComment,
} from '../../src/lib/document/write-comments.ts';
import {
	addPrompt,
	admit,
	begin,
	beginResponse,
	finishResponse,
	streamUpTo,
} from '../../src/lib/document/write-dialogue.ts';
import { markedParts } from '../../src/lib/text/comment-marks.ts';
import { random, type Random } from '../support/random.ts';

const ENGLISH = 'Water boils at 90 degrees at sea level.';
const CHINESE = '水在海平面的沸点是 90 度，👩‍🚀 也知道。';

function answer(doc: Y.Doc, n: number, text: string, replaces?: string): void {
	const bot = { id: 1, name: 'bot', practice: false };
	beginResponse(doc, {
		turnId: `a${n}`,
		candidateId: `c${n}`,
		parent: 'q1',
		bot,
		...(replaces && { replaces }),
	});
	streamUpTo(doc, `c${n}`, text);
	finishResponse(doc, { turnId: `a${n}`, candidateId: `c${n}`, state: 'ready' });
}

/** A prompt q1 with an answer a1; users 7 and 8. */
function dialogue(text = ENGLISH): Y.Doc {
	const doc = new Y.Doc({ gcFilter: keepingDeletedText() });
	begin(doc, { topic: 1, state: 'in_progress', together: true });
	admit(doc, 7, { name: 'Ana', part: 'annotator' });
	admit(doc, 8, { name: 'Bo', part: 'reviewer' });
	addPrompt(doc, { id: 'q1', author: 7, text: 'How hot?' });
	answer(doc, 1, text);
	return doc;
}

function copyOf(doc: Y.Doc): Y.Doc {
	const copy = new Y.Doc({ gcFilter: keepingDeletedText() });
	Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
	return copy;
}
function bring(from: Y.Doc, to: Y.Doc): void {
	Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)));
}

const textOf = (doc: Y.Doc, turn = 'a1'): Y.Text => turnText(doc, turn) as Y.Text;

/** User 8 comments on these words. */
function commentOn(doc: Y.Doc, words: string, id = 'k1'): void {
	const from = textOf(doc).toJSON().indexOf(words);
	const about = quoted(doc, 'a1', { from, to: from + words.length });
	if (!about) throw new Error(`${words} is not there`);
	addComment(doc, id, { author: '8', text: 'Says who?', at: 1, ...about });
}

/** What the first thread speaks of: its words as they stand now, or that they are gone. */
function wordsOf(doc: Y.Doc): string {
	const [thread] = readComments(doc);
	if (thread?.subject.kind !== 'span') return thread?.subject.kind ?? 'none';
	return textOf(doc).toJSON().slice(thread.subject.from, thread.subject.to);
}

function replace(doc: Y.Doc, words: string, by: string): void {
	const text = textOf(doc);
	const at = text.toJSON().indexOf(words);
	doc.transact(() => {
		text.delete(at, words.length);
		text.insert(at, by);
	});
}

describe('the words of a comment', () => {
	test.each([
		[ENGLISH, '90 degrees', '90', '100', '100 degrees'],
		[CHINESE, '90 度，👩‍🚀', '，', '、连宇航员 ', '90 度、连宇航员 👩‍🚀'],
	])('[COMMENT-1] are followed whatever is typed around and in them: %s', (text, words, inside, by, now) => {
		const doc = dialogue(text);
		commentOn(doc, words);
		const page = copyOf(doc);
		expect(wordsOf(page)).toBe(words);
		const at = textOf(page).toJSON().indexOf(words);
		textOf(page).insert(at, '“');
		textOf(page).insert(at + 1 + words.length, '”');
		textOf(doc).insert(0, '一二三 ');
		bring(page, doc);
		expect(wordsOf(doc)).toBe(words);
		replace(doc, inside, by);
		expect(wordsOf(doc)).toBe(now);
		bring(doc, page);
		expect(wordsOf(page)).toBe(now);
	});

	test('[COMMENT-1] are quoted without the space around them, and long ones in part', () => {
		const doc = dialogue(`${'长'.repeat(498)}👩‍🚀${'文'.repeat(300)}`);
		expect(quoted(doc, 'a1', { from: 0, to: 900 })?.quote).toBe(`${'长'.repeat(498)}…`);
		const padded = dialogue('One  two\n three');
		expect(quoted(padded, 'a1', { from: 3, to: 10 })?.quote).toBe('two');
		expect(quoted(padded, 'a1', { from: 3, to: 5 })).toBeUndefined();
		expect(quoted(padded, 'nowhere', { from: 0, to: 3 })).toBeUndefined();
	});

	test('[COMMENT-2] are gone when they are deleted, with the quote kept, and back when that is undone, in every copy', () => {
		const doc = dialogue();
		commentOn(doc, '90 degrees');
		const page = copyOf(doc);
		const text = textOf(page);
		const undo = new Y.UndoManager(text, { captureTimeout: 0 });
		text.delete(0, 20);
		expect(wordsOf(page)).toBe('degrees'.slice(2));
		text.delete(0, 5);
		text.insert(0, 'Elsewhere');
		bring(page, doc);
		for (const one of [page, doc])
			expect(readComments(one)[0]?.subject).toEqual({ kind: 'gone', turn: 'a1', quote: '90 degrees' });
		for (let step = 0; step < 3; step++) puttingBack(page, () => undo.undo());
		bring(page, doc);
		expect(textOf(doc).toJSON()).toBe(ENGLISH);
		for (const one of [page, doc, copyOf(doc)]) expect(wordsOf(one)).toBe('90 degrees');
		textOf(doc).insert(ENGLISH.indexOf('degrees'), 'whole ');
		expect(wordsOf(doc)).toBe('90 whole degrees');
	});

	test('[COMMENT-2] the same words elsewhere are not taken for them', () => {
		const doc = dialogue('哈哈');
		const about = quoted(doc, 'a1', { from: 1, to: 2 });
		if (!about) throw new Error('two words');
		addComment(doc, 'k1', { author: '8', text: '?', at: 1, ...about });
		textOf(doc).delete(1, 1);
		expect(wordsOf(doc)).toBe('gone');
		textOf(doc).insert(1, '哈');
		expect(wordsOf(doc)).toBe('gone');
	});

	test('[COMMENT-2] typed over, they are gone', () => {
		const doc = dialogue();
		commentOn(doc, '90');
		replace(doc, '90', '100');
		expect(wordsOf(doc)).toBe('gone');
	});

	test.each([
		'',
		'{}',
		'[]',
		'[null,null]',
		'[{},{}]',
		'[{"item":{"client":"x","clock":-1}},{"item":{"client":1,"clock":1e9}}]',
		'[{"tname":"draft"},{"tname":"draft"}]',
		'[{"type":{"client":1,"clock":0}},5]',
		'not JSON',
	])('[COMMENT-3] an anchor that is none harms nothing: %j', (anchor) => {
		const doc = dialogue();
		expect(spansIn(textOf(doc))(anchor)).toBeNull();
		addComment(doc, 'k1', { author: '8', turn: 'a1', anchor, quote: 'so', text: '?', at: 1 });
		expect(readComments(doc)[0]?.subject).toEqual({ kind: 'gone', turn: 'a1', quote: 'so' });
	});

	test('[COMMENT-3] an anchor in another text is none of this one', () => {
		const doc = dialogue();
		const anchor = quoted(doc, 'q1', { from: 0, to: 3 })?.anchor ?? '';
		expect(spansIn(textOf(doc))(anchor)).toBeNull();
		expect(spansIn(textOf(doc, 'q1'))(anchor)).toEqual({ from: 0, to: 3 });
	});
});

/** Where a character belongs: before the words, to them, or after them. */
type Tag = 'before' | 'words' | 'after';

/** Two who edit a text of characters that are all different, and what each character is to the words of a comment. */
class Editing {
	readonly #random: Random;
	readonly #tags = new Map<string, Tag>();
	readonly #ends: readonly [string, string];
	readonly server: Y.Doc;
	readonly pages: readonly { doc: Y.Doc; undo: Y.UndoManager }[];
	#next = 0x4e00;

	constructor(seed: number) {
		this.#random = random(seed);
		const characters = Array.from({ length: 30 }, (_, i) => (i % 7 === 3 ? this.#emoji(i) : this.#han()));
		this.server = dialogue(characters.join(''));
		const [from, to] = [2 + this.#random.int(12), 15 + this.#random.int(12)];
		this.#ends = [characters[from] ?? '', characters[to - 1] ?? ''];
		for (const [i, character] of characters.entries())
			this.#tags.set(character, i < from ? 'before' : i < to ? 'words' : 'after');
		commentOn(this.server, characters.slice(from, to).join(''));
		this.pages = [0, 1].map(() => {
			const doc = copyOf(this.server);
			return { doc, undo: new Y.UndoManager(textOf(doc), { captureTimeout: 0 }) };
		});
	}

	#han(): string {
		return String.fromCodePoint(this.#next++);
	}
	#emoji(i: number): string {
		return String.fromCodePoint(0x1f600 + i);
	}

	/** One step of one of them. Only the first undoes: what two put back would stand there twice. */
	step(): void {
		const who = this.#random.int(2);
		const page = this.pages[who];
		if (!page) return;
		const kind = this.#random.pick(['insert', 'insert', 'delete', 'undo', 'redo', 'meet'] as const);
		if (kind === 'meet') this.meet();
		else if (kind === 'insert') this.#insert(page.doc);
		else if (kind === 'delete') this.#delete(page.doc);
		else if (who === 0) {
			this.meet(); // what is typed into a deleted stretch meanwhile has no place in what is put back
			puttingBack(page.doc, () => page.undo[kind]());
		}
	}

	meet(): void {
		for (const { doc } of this.pages) bring(doc, this.server);
		for (const { doc } of this.pages) bring(this.server, doc);
	}

	#insert(doc: Y.Doc): void {
		const characters = [...textOf(doc).toJSON()];
		const at = this.#random.int(characters.length + 1);
		const [left, right] = [characters[at - 1], characters[at]];
		const tag = this.#tagBetween(left, right);
		if (tag === null) return;
		const character = this.#han();
		this.#tags.set(character, tag);
		textOf(doc).insert(characters.slice(0, at).join('').length, character);
	}

	/** Null: where the end of the words is deleted, nobody can say. */
	#tagBetween(left: string | undefined, right: string | undefined): Tag | null {
		const before = left === undefined ? 'before' : this.#tags.get(left);
		const after = right === undefined ? 'after' : this.#tags.get(right);
		if (before === after) return before ?? null;
		if (before === 'before' && right === this.#ends[0]) return 'before';
		return after === 'after' && left === this.#ends[1] ? 'after' : null;
	}

	#delete(doc: Y.Doc): void {
		const characters = [...textOf(doc).toJSON()];
		if (characters.length === 0) return;
		const at = this.#random.int(characters.length);
		const count = 1 + this.#random.int(this.#random.chance(0.3) ? 20 : 4);
		const gone = characters.slice(at, at + count).join('');
		textOf(doc).delete(characters.slice(0, at).join('').length, gone.length);
	}

	/** The words as they should stand in this copy. */
	expected(doc: Y.Doc): string {
		return [...textOf(doc).toJSON()].filter((one) => this.#tags.get(one) === 'words').join('') || 'gone';
	}
}

test('[COMMENT-4] whatever two type, delete, undo and redo, apart and together, the words are what is left of them and what was typed in them, in every copy', () => {
	const seen = { gone: 0, back: 0, changed: 0 };
	for (let seed = 1; seed <= 300; seed++) {
		const editing = new Editing(seed);
		let last = '';
		for (let step = 0; step < 40; step++) {
			editing.step();
			for (const { doc } of editing.pages) expect(wordsOf(doc), `seed ${seed}`).toBe(editing.expected(doc));
			const now = editing.expected(editing.server);
			if (now === 'gone' && last !== 'gone') seen.gone++;
			else if (last === 'gone' && now !== 'gone') seen.back++;
			else if (now !== last) seen.changed++;
			last = now;
		}
		editing.meet();
		const all = [editing.server, copyOf(editing.server), ...editing.pages.map(({ doc }) => doc)];
		for (const doc of all) expect(wordsOf(doc), `seed ${seed}`).toBe(editing.expected(editing.server));
	}
	for (const count of Object.values(seen)) expect(count).toBeGreaterThan(10);
});

const told = (threads: Thread[]) =>
	threads.map(({ id, first, replies, resolved }) => ({
		id,
		first: first?.text ?? null,
		replies: replies.map(({ text }) => text),
		resolved,
	}));

describe('threads', () => {
	test('[COMMENT-5] are in the order of the turns and of their texts, replies in that of time', () => {
		const doc = dialogue();
		commentOn(doc, 'sea level', 'late');
		commentOn(doc, 'Water', 'early');
		addComment(doc, 'turn', { author: '8', turn: 'a1', text: 'All of it', at: 9 });
		addComment(doc, 'prompt', { author: '8', turn: 'q1', text: 'Too short', at: 5 });
		addComment(doc, 'whole', { author: '8', text: 'Good', at: 7 });
		addComment(doc, 'r2', { author: '7', turn: 'a1', text: 'two', at: 3, replyTo: 'early' });
		addComment(doc, 'r1', { author: '8', turn: 'a1', text: 'one', at: 2, replyTo: 'r2' });
		resolveThread(doc, 'late', true);
		expect(told(readComments(doc))).toEqual([
			{ id: 'whole', first: 'Good', replies: [], resolved: false },
			{ id: 'prompt', first: 'Too short', replies: [], resolved: false },
			{ id: 'turn', first: 'All of it', replies: [], resolved: false },
			{ id: 'early', first: 'Says who?', replies: ['one', 'two'], resolved: false },
			{ id: 'late', first: 'Says who?', replies: [], resolved: true },
		]);
		resolveThread(doc, 'late', false);
		expect(resolvedOf(doc).size).toBe(0);
	});

	test('[COMMENT-5] one that was answered and deleted leaves its replies where they were; others go whole', () => {
		const doc = dialogue();
		commentOn(doc, '90 degrees');
		addComment(doc, 'r1', { author: '7', turn: 'a1', text: 'A book', at: 2, replyTo: 'k1' });
		rewordComment(doc, 'k1', 'Really?');
		expect(told(readComments(doc))[0]?.first).toBe('Really?');
		deleteComment(doc, 'k1');
		expect(told(readComments(doc))).toEqual([
			{ id: 'k1', first: null, replies: ['A book'], resolved: false },
		]);
		expect(wordsOf(doc)).toBe('90 degrees');
		deleteComment(doc, 'r1');
		expect(readComments(doc)).toEqual([]);
		rewordComment(doc, 'r1', 'There again?');
		expect(commentsOf(doc).has('r1')).toBe(false);
	});

	test('[COMMENT-5] a reply to what was deleted meanwhile stays to be read', () => {
		const doc = dialogue();
		addComment(doc, 'k1', { author: '8', turn: 'a1', text: 'Hm', at: 1 });
		const page = copyOf(doc);
		deleteComment(doc, 'k1');
		addComment(page, 'r1', { author: '7', turn: 'a1', text: 'What?', at: 2, replyTo: 'k1' });
		bring(page, doc);
		bring(doc, page);
		for (const one of [doc, page])
			expect(readComments(one)).toMatchObject([
				{ id: 'k1', subject: { kind: 'turn', turn: 'a1' }, first: null, replies: [{ text: 'What?' }] },
			]);
	});

	test('[COMMENT-5] one on an answer that another took the place of says so', () => {
		const doc = dialogue();
		commentOn(doc, '90 degrees');
		answer(doc, 2, 'At 100 degrees.', 'a1');
		expect(readComments(doc)[0]?.subject).toEqual({ kind: 'earlier', turn: 'a1', quote: '90 degrees' });
	});

	test('[COMMENT-3] circles of replies and values that are no comments harm nothing', () => {
		const doc = dialogue();
		addComment(doc, 'b', { author: '8', text: 'two', at: 2, replyTo: 'a' });
		addComment(doc, 'a', { author: '8', text: 'one', at: 1, replyTo: 'b' });
		addComment(doc, 'self', { author: '8', text: 'me', at: 1, replyTo: 'self' });
		addComment(doc, 'tail', { author: '8', text: 'three', at: 3, replyTo: 'b' });
		for (const [key, value] of Object.entries({ n: 5, s: 'so', o: {}, l: [], z: { author: 7, text: '' } }))
			commentsOf(doc).set(key, value);
		expect(told(readComments(doc))).toEqual([
			{ id: 'a', first: 'one', replies: ['two', 'three'], resolved: false },
			{ id: 'self', first: 'me', replies: [], resolved: false },
		]);
	});
});

describe('names in a comment', () => {
	const names = ['Li', 'Li Na', '李', '李娜', ''];
	test.each([
		['@Li Na, look', ['Li Na']],
		['@Li, look', ['Li']],
		['ask @Lisa', []],
		['请@李娜看看', ['李娜']],
		['请@李看看，@Li也看', ['李', 'Li']],
		['a@Li.example', ['Li']],
		['@', []],
		['nobody', []],
	])('[COMMENT-6] %j names %j', (text, expected) => {
		const found = mentionsIn(text, names);
		expect(found.map(({ name }) => name)).toEqual(expected);
		for (const { from, to, name } of found) expect(text.slice(from, to)).toBe(`@${name}`);
	});

	test.each([
		['Look, @Li', 'Li'],
		['@', ''],
		['请@李', '李'],
		['@Li Na', 'Li Na'],
		['li@example', null],
		['@one\n', null],
		['nobody', null],
	])('[COMMENT-6] after %j the name %j is being typed', (text, begun) => {
		expect(namedBefore(text, text.length)).toBe(begun);
		expect(namedBefore(`${text} and more`, text.length)).toBe(begun);
	});
});

test('[COMMENT-7] a text is cut where marks begin and end, and stays the text', () => {
	const marks = [
		{ id: 'wide', from: 2, to: 8, on: false },
		{ id: 'narrow', from: 4, to: 6, on: true },
		{ id: 'beyond', from: 7, to: 99, on: false },
	];
	const parts = markedParts('0123456789', marks);
	expect(parts.map(({ text }) => text)).toEqual(['01', '23', '45', '6', '7', '89']);
	expect(parts.map((part) => part.marks.map(({ id }) => id))).toEqual([
		[],
		['wide'],
		['narrow', 'wide'],
		['wide'],
		['wide', 'beyond'],
		['beyond'],
	]);
	expect(markedParts('', marks)).toEqual([]);
	expect(markedParts('plain', [])).toEqual([{ from: 0, to: 5, text: 'plain', marks: [] }]);
});
