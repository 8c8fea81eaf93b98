import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { rate, turnText } from '../../src/lib/document/read-dialogue.ts';
import { commentsOf, draftOf, turnsOf } from '../../src/lib/document/roots.ts';
import { MAX_TEXT } from '../../src/lib/document/schema.ts';
import {
	addPrompt,
	admit,
	begin,
	beginResponse,
	finishResponse,
	setState,
	streamUpTo,
} from '../../src/lib/document/write-dialogue.ts';
import { applyLate, lateChanges, rightFor, type LateChange } from '../../src/lib/live/late-changes.ts';
import { lateRow } from '../../src/lib/live/late-row.ts';
import { random } from '../support/random.ts';

/** A dialogue with one answered prompt, in which user 7 annotates and user 8 reviews. */
function dialogue(answer = 'Water boils at 90 degrees.'): Y.Doc {
	const doc = new Y.Doc();
	begin(doc, { topic: 1, state: 'in_progress', together: true });
	admit(doc, 7, { name: 'Ana', part: 'annotator' });
	admit(doc, 8, { name: 'Bo', part: 'reviewer' });
	addPrompt(doc, { id: 'q1', author: 7, text: 'How hot?' });
	const bot = { id: 1, name: 'bot', practice: false };
	beginResponse(doc, { turnId: 'a1', candidateId: 'c1', parent: 'q1', bot });
	streamUpTo(doc, 'c1', answer);
	finishResponse(doc, { turnId: 'a1', candidateId: 'c1', state: 'ready' });
	return doc;
}

function copyOf(doc: Y.Doc): Y.Doc {
	const copy = new Y.Doc();
	Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
	return copy;
}

/** What `change` does to a copy of the document, as an update that the server is then said to refuse. */
function offline(doc: Y.Doc, change: (doc: Y.Doc) => void): Uint8Array {
	const page = copyOf(doc);
	const before = Y.encodeStateVector(page);
	page.transact(() => change(page));
	return Y.encodeStateAsUpdate(page, before);
}

const textOf = (doc: Y.Doc, turn = 'a1'): Y.Text => turnText(doc, turn) as Y.Text;
const plain = (changes: LateChange[]) => changes.map(({ kind, key, n }) => ({ kind, key, n }));

describe('what was refused', () => {
	test('[LATE-1] comes back as what it would change now, with the edits of others since in it', () => {
		const current = dialogue();
		const refused = offline(current, (doc) => {
			textOf(doc).insert(textOf(doc).length, ' At sea level.');
			draftOf(doc).insert(0, 'And on Everest?');
			rate(doc, 7, 'a1', 'helpful', { value: 2, why: 'Wrong' });
			commentsOf(doc).set('k1', { author: '7', turn: 'a1', text: 'Says who?', at: 1 });
		});
		textOf(current).delete(15, 2);
		textOf(current).insert(15, '100');
		rate(current, 8, 'a1', 'helpful', { value: 5 });
		textOf(current, 'q1').insert(8, ' exactly');
		const { changes, whole } = lateChanges(current, refused, '7');
		expect(whole).toBe(true);
		expect(changes).toMatchObject([
			{
				kind: 'text',
				turn: 'a1',
				n: 1,
				now: 'Water boils at 100 degrees.',
				text: 'Water boils at 100 degrees. At sea level.',
			},
			{ kind: 'rating', n: 1, criterion: 'helpful', now: null, mine: { value: 2, why: 'Wrong' } },
			{ kind: 'comment', n: 1, id: 'k1', now: null, mine: { text: 'Says who?' } },
			{ kind: 'draft', n: null, now: '', text: 'And on Everest?' },
		]);
	});

	test('[LATE-1] what the document says already does not come back', () => {
		const current = dialogue();
		const refused = offline(current, (doc) => {
			textOf(doc).delete(0, 6);
			rate(doc, 7, 'a1', 'helpful', { value: 4 });
			textOf(doc).insert(0, 'x');
			textOf(doc).delete(0, 1);
		});
		expect(plain(lateChanges(current, refused, '7').changes)).toEqual([
			{ kind: 'text', key: 'text/a1', n: 1 },
			{ kind: 'rating', key: 'rating/a1/helpful', n: 1 },
		]);
		textOf(current).delete(0, 6);
		rate(current, 7, 'a1', 'helpful', { value: 4 });
		expect(lateChanges(current, refused, '7').changes).toEqual([]);
		setState(current, 'submitted');
		expect(lateChanges(current, refused, '7').changes).toEqual([]);
	});

	test('[LATE-1] a document that holds what was refused does not tell what it would change', () => {
		const current = dialogue();
		const refused = offline(current, (doc) => textOf(doc).insert(0, 'First. '));
		Y.applyUpdate(current, refused);
		expect(lateChanges(current, refused, '7')).toEqual({ changes: [], whole: false });
	});

	test('[LATE-7] what it builds on is missing: the characters come back all the same', () => {
		const current = dialogue();
		const page = copyOf(current);
		textOf(page).insert(0, 'First. ');
		const before = Y.encodeStateVector(page);
		textOf(page).insert(7, 'Second 你好 😀. ');
		const refused = Y.encodeStateAsUpdate(page, before);
		expect(lateChanges(current, refused, '7').whole).toBe(false);
		const known = [Y.encodeStateAsUpdate(current)];
		const row = lateRow({ reason: 'denied', user: '7', known, refused: [refused], all: [refused] });
		expect(row?.changes).toEqual([{ kind: 'typed', key: 'typed', n: null, text: 'Second 你好 😀. ' }]);
		expect(rightFor(row?.changes[0] as LateChange)).toBeNull();
	});

	test('[LATE-3] what makes a text longer than the server takes is not offered for applying, until there is room', () => {
		const current = dialogue('水'.repeat(MAX_TEXT - 10));
		const refused = offline(current, (doc) => textOf(doc).insert(0, '12345678901'));
		const rights = () => lateChanges(current, refused, '7').changes.map(rightFor);
		expect(rights()).toEqual([null]);
		textOf(current).delete(0, 1);
		expect(rights()).toEqual(['edit']);
	});

	test('[LATE-7] the text it was typed into was replaced: the characters come back, but for the deleted', () => {
		const current = dialogue();
		const refused = offline(current, (doc) => {
			textOf(doc).insert(5, ' 你好 😀. Not this.');
			textOf(doc).delete(12, 10);
		});
		turnsOf(current).get('a1')?.set('text', new Y.Text('Another answer.'));
		expect(lateChanges(current, refused, '7')).toEqual({
			changes: [{ kind: 'typed', key: 'typed', n: null, text: ' 你好 😀.' }],
			whole: true,
		});
	});

	test('[LATE-7] what another tab handed back already is taken along where it is built on', () => {
		const current = dialogue();
		const page = copyOf(current);
		const at = Y.encodeStateVector(page);
		textOf(page).insert(0, 'First. ');
		const first = Y.encodeStateAsUpdate(page, at);
		const then = Y.encodeStateVector(page);
		textOf(page).insert(7, 'Second. ');
		const second = Y.encodeStateAsUpdate(page, then);
		const known = [Y.encodeStateAsUpdate(current)];
		const row = lateRow({ reason: '', user: '7', known, refused: [second], all: [first, second] });
		expect(row?.changes).toMatchObject([{ kind: 'text', text: 'First. Second. Water boils at 90 degrees.' }]);
	});
});

describe('applying', () => {
	test('[LATE-2] makes it an ordinary edit, and leaves what others did', () => {
		const current = dialogue();
		const refused = offline(current, (doc) => {
			textOf(doc).insert(textOf(doc).length, ' At sea level.');
			rate(doc, 7, 'a1', 'helpful', { value: 2, why: 'Wrong' });
			commentsOf(doc).set('k1', { author: '7', text: 'Says who?', at: 1 });
		});
		textOf(current).insert(0, 'Listen: ');
		const page = copyOf(current);
		for (const change of lateChanges(page, refused, '7').changes) applyLate(page, change, '7');
		expect(textOf(page).toJSON()).toBe('Listen: Water boils at 90 degrees. At sea level.');
		const made = Y.decodeUpdate(Y.encodeStateAsUpdate(page, Y.encodeStateVector(current)));
		expect(new Set(made.structs.map(({ id }) => id.client))).toEqual(new Set([page.clientID]));
		Y.applyUpdate(current, Y.encodeStateAsUpdate(page));
		expect(commentsOf(current).get('k1')).toMatchObject({ text: 'Says who?' });
		expect(
			lateChanges(
				current,
				offline(current, (doc) => rate(doc, 7, 'a1', 'helpful', null)),
				'7',
			),
		).toMatchObject({
			changes: [{ now: { value: 2, why: 'Wrong' }, mine: null }],
		});
	});
});

const WORDS = ['one ', '二', 'three\n', '四五', '😀', 'é', ' '];
const SEEDS = [1, 2, 3, 20261125, Date.now() % 1e9];

test.each(SEEDS)('[LATE-2] applied late, texts read as if they had come in time (seed %i)', (seed) => {
	const chances = random(seed);
	const int = (below: number): number => chances.int(below);
	const chance = (probability: number): boolean => chances.chance(probability);
	/** Somebody at work on the answer, by whole characters. */
	const edit = (doc: Y.Doc, steps: number): string[] => {
		const typed: string[] = [];
		for (let step = 0; step < steps; step++) {
			const text = textOf(doc);
			const places = [...text.toJSON()].map((_, i, all) => all.slice(0, i).join('').length);
			const at = places.length === 0 ? 0 : chances.pick([...places, text.length]);
			if (chance(0.4) && places.length > 2) {
				const from = int(places.length - 1);
				const to = Math.min(places.length - 1, from + 1 + int(4));
				text.delete(places[from] ?? 0, (places[to] ?? 0) - (places[from] ?? 0));
			} else {
				const word = chances.pick(WORDS);
				text.insert(at, word);
				typed.push(word);
			}
		}
		return typed;
	};
	for (let round = 0; round < 40; round++) {
		const current = dialogue('一二三 four 😀 five');
		const own = copyOf(current);
		const before = Y.encodeStateVector(own);
		const updates: Uint8Array[] = [];
		own.on('update', (update: Uint8Array) => updates.push(update));
		edit(own, 1 + int(8));
		const refused = chance(0.5) ? Y.mergeUpdates(updates) : Y.encodeStateAsUpdate(own, before);
		edit(current, int(8));
		const inTime = copyOf(current);
		Y.applyUpdate(inTime, refused);
		const page = copyOf(current);
		const { changes, whole } = lateChanges(page, refused, '7');
		expect(whole).toBe(true);
		for (const change of changes) {
			expect(change).toMatchObject({ text: textOf(inTime).toJSON() });
			applyLate(page, change, '7');
		}
		expect(textOf(page).toJSON()).toBe(textOf(inTime).toJSON());
		const other = copyOf(current);
		edit(other, int(3)); // meanwhile, elsewhere
		Y.applyUpdate(other, Y.encodeStateAsUpdate(page));
		Y.applyUpdate(page, Y.encodeStateAsUpdate(other));
		expect(textOf(page).toJSON()).toBe(textOf(other).toJSON());
	}
});
