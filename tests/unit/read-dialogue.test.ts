import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { ReadingMemory } from '../../src/lib/document/reading-memory.ts';
import { rate, ratingsOf } from '../../src/lib/document/ratings.ts';
import {
	readAgain,
	readDialogue,
	readTurn,
	standingOf,
	streamText,
	turnText,
	visibleTurnIds,
} from '../../src/lib/document/read-dialogue.ts';
import { dialogueOf, draftOf, raterMapsOf, turnsOf } from '../../src/lib/document/roots.ts';
import { WHOLE } from '../../src/lib/document/rubric.ts';
import {
	addPrompt,
	admit,
	begin,
	beginResponse,
	finishResponse,
	streamUpTo,
} from '../../src/lib/document/write-dialogue.ts';
import { random } from '../support/random.ts';

const bot = { id: 3, name: 'Practice', practice: true };

function answered(doc: Y.Doc, n: number, parent: string, text: string, replaces?: string): void {
	beginResponse(doc, { turnId: `b${n}`, candidateId: `c${n}`, parent, bot, ...(replaces && { replaces }) });
	streamUpTo(doc, `c${n}`, text);
	finishResponse(doc, { turnId: `b${n}`, candidateId: `c${n}`, state: 'ready' });
}

/** p0 → b0, then b1 and b2 in its place; p1, which a bot is answering. */
function dialogue(): Y.Doc {
	const doc = new Y.Doc();
	begin(doc, { topic: 7, state: 'in_progress', together: true });
	admit(doc, 1, { name: 'Li', part: 'annotator' });
	admit(doc, 2, { name: 'Ana', part: 'reviewer' });
	addPrompt(doc, { id: 'p0', author: 1, text: 'Why?' });
	answered(doc, 0, 'p0', 'first');
	answered(doc, 1, 'p0', 'second', 'b0');
	answered(doc, 2, 'p0', 'third', 'b1');
	addPrompt(doc, { id: 'p1', author: 1, text: 'And how?' });
	beginResponse(doc, { turnId: 'b3', candidateId: 'c3', parent: 'p1', bot });
	streamUpTo(doc, 'c3', 'so far');
	return doc;
}

test('[READ-1] a dialogue reads as its visible line, each answer with the earlier ones in its place, oldest first', () => {
	const doc = dialogue();
	draftOf(doc).insert(0, 'next');
	turnText(doc, 'b2')?.insert(5, ', edited');
	const view = readDialogue(doc);
	expect(view).toMatchObject({ state: 'in_progress', together: true, draft: 'next' });
	expect(view.turns.map((turn) => turn.id)).toEqual(['p0', 'b2', 'p1', 'b3']);
	expect(visibleTurnIds(doc)).toEqual(['p0', 'b2', 'p1', 'b3']);
	expect(view.turns[1]).toEqual({
		id: 'b2',
		role: 'bot',
		author: 'bot:3',
		state: 'ready',
		text: 'third, edited',
		original: 'third',
		bot: { name: 'Practice', practice: true },
		stale: false,
		followers: [],
		ratings: {},
		earlier: [
			expect.objectContaining({ id: 'b0', text: 'first', original: 'first', earlier: [] }),
			expect.objectContaining({ id: 'b1', text: 'second' }),
		],
	});
	for (const turn of view.turns) expect(readTurn(doc, turn.id)).toEqual({ ...turn, stale: false });
	expect(readTurn(doc, 'none')).toBeUndefined();
});

test('[READ-2] of a bot that is writing, the text is what has come so far, and there is no original', () => {
	const doc = dialogue();
	const turn = readTurn(doc, 'b3');
	expect(turn).toMatchObject({ state: 'generating', text: 'so far' });
	expect(turn).not.toHaveProperty('original');
	expect(streamText(doc, 'b3')?.toJSON()).toBe('so far');
	expect(streamText(doc, 'b2')).toBeUndefined();
	finishResponse(doc, { turnId: 'b3', candidateId: 'c3', state: 'failed', fault: 'cut' });
	expect(readTurn(doc, 'b3')).toMatchObject({
		state: 'failed',
		fault: 'cut',
		text: 'so far',
		original: 'so far',
	});
});

test('[READ-3] ratings are each person’s own, and go when they are taken back', () => {
	const doc = dialogue();
	expect(rate(doc, 1, 'b2', 'helpful', { value: 4 })).toBe(true);
	expect(rate(doc, '2', 'b2', 'helpful', { value: 1, why: 'wrong' })).toBe(true);
	expect(rate(doc, 1, 'b2', 'correct', { value: 5 })).toBe(true);
	const all = {
		1: { helpful: { value: 4 }, correct: { value: 5 } },
		2: { helpful: { value: 1, why: 'wrong' } },
	};
	expect(ratingsOf(doc, 'b2')).toEqual(all);
	expect(readDialogue(doc).turns[1]?.ratings).toEqual(all);
	expect(ratingsOf(doc, 'p0')).toEqual({});
	expect(rate(doc, 1, 'b2', 'helpful', null)).toBe(true);
	expect(ratingsOf(doc, 'b2')['1']).toEqual({ correct: { value: 5 } });
	expect(rate(doc, 9, 'b2', 'helpful', { value: 4 })).toBe(false);
	expect([...raterMapsOf(doc).keys()]).toEqual(['1', '2']);
});

test('[READ-3] a flag, an option and what is said of the whole dialogue are read as they were given', () => {
	const doc = dialogue();
	rate(doc, 1, 'b2', 'spam', { value: false });
	rate(doc, 1, 'b2', 'tone', { value: 'warm', why: 'kind words' });
	rate(doc, 2, WHOLE, 'goal', { value: 4 });
	rate(doc, 2, WHOLE, 'stuck', { value: true });
	expect(ratingsOf(doc, 'b2')).toEqual({
		1: { spam: { value: false }, tone: { value: 'warm', why: 'kind words' } },
	});
	const read = readDialogue(doc);
	expect(read.ratings).toEqual({ 2: { goal: { value: 4 }, stuck: { value: true } } });
	expect(read.turns).toHaveLength(4);
	for (const odd of [null, ['warm'], { best: 'warm' }]) {
		raterMapsOf(doc).get('1')?.set('b2/tone', { value: odd });
		expect(ratingsOf(doc, 'b2')['1']).toEqual({ spam: { value: false } });
	}
});

test('[READ-4] what is missing reads as its default', () => {
	const doc = new Y.Doc();
	expect(readDialogue(doc)).toEqual({
		state: 'draft',
		together: false,
		members: {},
		draft: '',
		turns: [],
		ratings: {},
	});
	turnsOf(doc).set('t', new Y.Map());
	expect(readTurn(doc, 't')).toEqual({
		id: 't',
		role: 'user',
		author: '',
		state: 'ready',
		text: '',
		stale: false,
		followers: [],
		ratings: {},
		earlier: [],
	});
	const full = dialogue();
	dialogueOf(full).delete('state');
	dialogueOf(full).delete('members');
	raterMapsOf(full).get('1')?.set('no-slash', { value: 1 });
	raterMapsOf(full).get('1')?.set('b2/odd', 'x');
	expect(standingOf(full)).toEqual({ state: 'draft', together: true });
	expect(readDialogue(full).turns).toHaveLength(4);
	expect(ratingsOf(full, 'b2')).toEqual({});
});

test('[READ-5] a turn replaced by one that is not there is on the line, and a circle ends', () => {
	const doc = dialogue();
	turnsOf(doc).get('p1')?.set('replaced', 'not there');
	expect(visibleTurnIds(doc)).toContain('p1');
	turnsOf(doc).get('b2')?.set('replaced', 'b0');
	expect(readTurn(doc, 'b1')?.earlier.map((turn) => turn.id)).toEqual(['b2', 'b0']);
	expect(visibleTurnIds(doc)).toEqual(['p0', 'p1', 'b3']);
});

test('[READ-7] who reads again and again, and remembers, reads what somebody reads who comes now', () => {
	const doc = dialogue();
	const memory = new ReadingMemory(doc);
	const fate = random(8);
	const edit = (id: string) => {
		const text = turnText(doc, id);
		if (!text) throw new Error(id);
		const at = fate.int(text.length + 1);
		if (at < text.length && fate.int(3) === 0) text.delete(at, 1);
		else text.insert(at, fate.pick(['a', ' ', '水']));
	};
	const other = new Y.Doc();
	for (let round = 0; round < 300; round++) {
		if (round === 150) answered(doc, 4, 'p0', 'fourth', 'b2');
		if (round % 40 === 0) streamUpTo(doc, 'c3', `so far ${round}`);
		if (round % 3 === 0) {
			// what somebody else typed comes as an update
			Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
			turnText(other, 'p1')?.insert(0, 'x');
			Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
		} else edit(fate.pick(['p0', 'p1', round < 150 ? 'b2' : 'b4']));
		expect(readAgain(doc, memory)).toEqual(readDialogue(doc));
	}
	expect(readAgain(doc, memory).turns.map(({ stale }) => stale)).toContain(true);
});
