import { expect, test } from 'vitest';
import * as Y from 'yjs';
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
	finishResponse,
	interruptGenerating,
	setState,
	setTogether,
	streamUpTo,
} from '../../src/lib/document/write-dialogue.ts';

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
