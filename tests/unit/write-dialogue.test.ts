import { expect, test } from 'vitest';
import * as Y from 'yjs';
import type { TurnView } from '../../src/lib/document/dialogue-view.ts';
import { readDialogue, streamText, turnText } from '../../src/lib/document/read-dialogue.ts';
import {
	candidatesOf,
	choicesOf,
	dialogueOf,
	draftOf,
	raterMapsOf,
	turnsOf,
} from '../../src/lib/document/roots.ts';
import { SCHEMA_VERSION } from '../../src/lib/document/schema.ts';
import {
	addPrompt,
	admit,
	begin,
	beginResponse,
	bringBack,
	finishResponse,
	interruptGenerating,
	keepAnswers,
	setState,
	setTogether,
	streamUpTo,
} from '../../src/lib/document/write-dialogue.ts';
import { random } from '../support/random.ts';

function begun(): Y.Doc {
	const doc = new Y.Doc();
	begin(doc, { topic: 7, state: 'draft', together: false });
	admit(doc, 1, { name: 'Li', part: 'annotator' });
	return doc;
}

const bot = { id: 3, name: 'Practice', practice: true };
const ask = (doc: Y.Doc, id: string, text = 'Why?'): void => addPrompt(doc, { id, author: 1, text });
const answer = (doc: Y.Doc, n: number, parent: string, replaces?: string): void =>
	beginResponse(doc, { turnId: `b${n}`, candidateId: `c${n}`, parent, bot, ...(replaces && { replaces }) });
const end = (doc: Y.Doc, n: number): boolean =>
	finishResponse(doc, { turnId: `b${n}`, candidateId: `c${n}`, state: 'ready' });

test('[WRITE-1] a dialogue begins with its version, topic, state and nobody in it', () => {
	const doc = new Y.Doc();
	begin(doc, { topic: 7, state: 'draft', together: true });
	expect(dialogueOf(doc).toJSON()).toEqual({
		schema: SCHEMA_VERSION,
		topic: 7,
		state: 'draft',
		together: true,
		members: {},
	});
	setState(doc, 'in_progress');
	setTogether(doc, false);
	expect(readDialogue(doc)).toMatchObject({ state: 'in_progress', together: false });
});

test('[WRITE-2] who takes part gets containers and a colour of their own, once; an observer gets none', () => {
	const doc = begun();
	admit(doc, '2', { name: 'Wu', part: 'observer' });
	expect([...raterMapsOf(doc).keys()]).toEqual(['1']);
	expect([...choicesOf(doc).keys()]).toEqual(['1']);
	expect(readDialogue(doc).members).toEqual({
		1: { name: 'Li', part: 'annotator', color: 6 },
		2: { name: 'Wu', part: 'observer', color: 3 },
	});
	const mine = raterMapsOf(doc).get('1');
	const before = Y.encodeStateVector(doc);
	admit(doc, 1, { name: 'Li', part: 'annotator' });
	expect(Y.encodeStateVector(doc)).toEqual(before);
	admit(doc, 1, { name: 'Li Na', part: 'annotator' });
	expect(raterMapsOf(doc).get('1')).toBe(mine);
	expect(readDialogue(doc).members['1']).toEqual({ name: 'Li Na', part: 'annotator', color: 6 });
});

test('[WRITE-3] turns follow each other, each naming the one before it', () => {
	const doc = begun();
	ask(doc, 'p0');
	answer(doc, 0, 'p0');
	end(doc, 0);
	ask(doc, 'p1');
	const rows = ['p0', 'b0', 'p1'].map((id) => turnsOf(doc).get(id)?.toJSON());
	expect(rows).toMatchObject([
		{ order: 0, role: 'user', author: '1', state: 'ready', parent: null, text: 'Why?' },
		{ order: 1, role: 'bot', author: 'bot:3', state: 'ready', parent: 'p0', candidate: 'c0' },
		{ order: 2, role: 'user', author: '1', parent: 'b0' },
	]);
});

test.each([
	['the whole of it', 'Why?', ''],
	['the whole of it but for blanks around', ' Why?\n', ''],
	['its beginning', 'Why? And how', ' And how'],
	['nothing, where it went another way', 'Whence?', 'Whence?'],
])('[WRITE-4] sending takes out of the draft %s', (_what, draft, left) => {
	const doc = begun();
	draftOf(doc).insert(0, draft);
	ask(doc, 'p0');
	expect(draftOf(doc).toJSON()).toBe(left);
});

test('[WRITE-5] what the bot said becomes the original, for good, and the text that people edit', () => {
	const doc = begun();
	ask(doc, 'p0');
	answer(doc, 0, 'p0');
	expect(streamUpTo(doc, 'c0', 'Bec')).toBe(true);
	expect(streamUpTo(doc, 'c0', 'Because')).toBe(true);
	expect(streamUpTo(doc, 'c0', 'Because')).toBe(true); // repeated: nothing doubles
	expect(streamText(doc, 'b0')?.toJSON()).toBe('Because');
	turnText(doc, 'b0')?.insert(0, ' (typed too early)');
	expect(end(doc, 0)).toBe(true);
	turnText(doc, 'b0')?.insert(7, '!');
	expect(candidatesOf(doc).get('c0')?.toJSON()).toEqual({
		turn: 'b0',
		bot: 3,
		botName: 'Practice',
		practice: true,
		slot: 0,
		state: 'ready',
		original: 'Because',
	});
	expect(turnText(doc, 'b0')?.toJSON()).toBe('Because! (typed too early)');
	// only the first ending counts, and nothing is written after it
	expect(streamUpTo(doc, 'c0', 'Because of more')).toBe(false);
	expect(finishResponse(doc, { turnId: 'b0', candidateId: 'c0', state: 'failed', fault: 'cut' })).toBe(false);
	expect(turnsOf(doc).get('b0')?.toJSON()).toMatchObject({ state: 'ready' });
	expect(turnsOf(doc).get('b0')?.has('fault')).toBe(false);
});

test('[WRITE-6] every text the server writes is whole characters: a copy reads the same', () => {
	const doc = begun();
	ask(doc, 'p0', 'half \ud83d');
	answer(doc, 0, 'p0');
	streamUpTo(doc, 'c0', 'a \ud83d');
	expect(streamText(doc, 'b0')?.toJSON()).toBe('a ');
	streamUpTo(doc, 'c0', 'a \ud83d\ude00 \udc00');
	expect(streamText(doc, 'b0')?.toJSON()).toBe('a 😀 \ufffd');
	end(doc, 0);
	const copy = new Y.Doc();
	Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
	expect(readDialogue(copy)).toEqual(readDialogue(doc));
});

test('[WRITE-7] an answer written anew takes the place of the earlier one, which stays whole', () => {
	const doc = begun();
	ask(doc, 'p0');
	answer(doc, 0, 'p0');
	streamUpTo(doc, 'c0', 'first');
	end(doc, 0);
	answer(doc, 1, 'p0', 'b0');
	expect(turnsOf(doc).get('b0')?.toJSON()).toMatchObject({ replaced: 'b1', text: 'first', state: 'ready' });
	expect(turnsOf(doc).get('b1')?.toJSON()).toMatchObject({ order: 1, parent: 'p0', state: 'generating' });
	expect(candidatesOf(doc).get('c0')?.get('original')).toBe('first');
});

/** Three prompts, each with its answer. */
function threeTurns(): Y.Doc {
	const doc = begun();
	for (const n of [0, 1, 2]) {
		ask(doc, `p${n}`, `question ${n}`);
		answer(doc, n, `p${n}`);
		streamUpTo(doc, `c${n}`, `answer ${n}`);
		end(doc, n);
	}
	return doc;
}
const line = (doc: Y.Doc): string[] => readDialogue(doc).turns.map(({ id }) => id);
const staleIn = (doc: Y.Doc): string[] =>
	readDialogue(doc).turns.flatMap(({ id, stale }) => (stale ? [id] : []));

test('[READ-6] a response is stale while the texts before it are not those its bot was told, until it is kept', () => {
	const doc = threeTurns();
	expect(staleIn(doc)).toEqual([]);
	turnText(doc, 'b0')?.insert(6, ' corrected');
	expect(staleIn(doc)).toEqual(['b1', 'b2']);
	turnText(doc, 'b0')?.delete(6, ' corrected'.length);
	expect(staleIn(doc)).toEqual([]);
	turnText(doc, 'p1')?.insert(0, 'the ');
	turnText(doc, 'b2')?.insert(0, 'its own text does not count: ');
	expect(staleIn(doc)).toEqual(['b1', 'b2']);
	keepAnswers(doc, ['b1']);
	expect(staleIn(doc)).toEqual(['b2']);
	turnText(doc, 'b1')?.insert(0, 'so ');
	keepAnswers(doc, ['b2']);
	expect(staleIn(doc)).toEqual([]);
	// what moves from one turn to the next is another conversation
	turnText(doc, 'p0')?.delete('question'.length, ' 0'.length);
	turnText(doc, 'b0')?.insert(0, ' 0');
	expect(staleIn(doc)).toEqual(['b0', 'b1', 'b2']);
});

test('[WRITE-9] an answer in the middle written anew takes what followed off the line, and bringing it back returns all', () => {
	const doc = threeTurns();
	const before = readDialogue(doc).turns;
	answer(doc, 7, 'p0', 'b0');
	streamUpTo(doc, 'c7', 'another');
	end(doc, 7);
	expect(line(doc)).toEqual(['p0', 'b7']);
	const [, anew] = readDialogue(doc).turns;
	expect(anew?.earlier).toMatchObject([{ id: 'b0', text: 'answer 0' }]);
	expect(anew?.earlier[0]?.followers.map(({ id, text }) => [id, text])).toEqual(
		before.slice(2).map(({ id, text }) => [id, text]),
	);
	ask(doc, 'p8', 'on another way');
	bringBack(doc, 'b0', 'b7');
	expect(line(doc)).toEqual(before.map(({ id }) => id));
	expect(staleIn(doc)).toEqual([]);
	const [, again] = readDialogue(doc).turns;
	expect(again?.earlier).toMatchObject([{ id: 'b7', followers: [{ id: 'p8', text: 'on another way' }] }]);
});

test.each([3, 20260, 77_777])(
	'[WRITE-9] whatever is written anew and brought back, no turn is lost (seed %i)',
	(seed) => {
		const chance = random(seed);
		const doc = threeTurns();
		const all = new Set(line(doc));
		const reached = (turns: readonly TurnView[]): string[] =>
			turns.flatMap(({ id, earlier, followers }) => [id, ...reached(earlier), ...reached(followers)]);
		for (let step = 10; step < 70; step++) {
			const turns = readDialogue(doc).turns;
			const bots = turns.filter(({ role }) => role === 'bot');
			const one = chance.pick(bots);
			const parent = turns[turns.indexOf(one) - 1];
			const earlier = bots.flatMap((bot) => bot.earlier.map(({ id }) => ({ id, current: bot.id })));
			if (earlier.length > 0 && chance.chance(0.4)) {
				const back = chance.pick(earlier);
				bringBack(doc, back.id, back.current);
				expect(line(doc)).toContain(back.id);
			} else if (chance.chance(0.5)) {
				answer(doc, step, parent?.id ?? '', one.id);
				end(doc, step);
				all.add(`b${step}`);
				expect(line(doc).at(-1)).toBe(`b${step}`);
			} else {
				ask(doc, `p${step}`);
				answer(doc, step, `p${step}`);
				end(doc, step);
				all.add(`p${step}`).add(`b${step}`);
			}
			const found = reached(readDialogue(doc).turns);
			expect(found.toSorted()).toEqual([...all].toSorted());
			const roles = readDialogue(doc).turns.map(({ role }) => role);
			expect(roles).toEqual(roles.map((_, at) => (at % 2 === 0 ? 'user' : 'bot')));
		}
	},
);

test('[WRITE-8] answers that nobody writes any more end as interrupted, and keep what had come', () => {
	const doc = begun();
	ask(doc, 'p0');
	answer(doc, 0, 'p0');
	streamUpTo(doc, 'c0', 'half an ans');
	expect(interruptGenerating(doc)).toBe(1);
	expect(turnsOf(doc).get('b0')?.toJSON()).toMatchObject({
		state: 'failed',
		fault: 'interrupted',
		text: 'half an ans',
	});
	expect(candidatesOf(doc).get('c0')?.get('original')).toBe('half an ans');
	expect(interruptGenerating(doc)).toBe(0);
});
