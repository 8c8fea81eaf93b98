import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { choose, hasFinal, isBeingWritten, isChosen, awaitsChoice } from '#lib/document/choices.ts';
import type { TurnView } from '#lib/document/dialogue-view.ts';
import { progressOf } from '#lib/document/progress.ts';
import { rate } from '#lib/document/ratings.ts';
import { readDialogue, turnText } from '#lib/document/read-dialogue.ts';
import { candidatesOf, choicesOf, turnsOf } from '#lib/document/roots.ts';
import { summaryOf } from '#lib/document/summary.ts';
import { beginCandidates, makeFinal, nameBots } from '#lib/document/write-candidates.ts';
import {
	addPrompt,
	admit,
	begin,
	beginResponse,
	bringBack,
	finishResponse,
	interruptGenerating,
	streamUpTo,
} from '#lib/document/write-dialogue.ts';
import { oneCriterion } from '../support/store-world.ts';
import { random } from '../support/random.ts';

const rubric = { ...oneCriterion, version: 1 };

/** A prompt, and as many candidates that have begun: turn b0, candidates c0, c1 … */
function asked(count = 3): Y.Doc {
	const doc = new Y.Doc();
	begin(doc, { topic: 1, state: 'in_progress', together: true });
	admit(doc, 1, { name: 'Li', part: 'annotator' });
	admit(doc, 2, { name: 'Ana', part: 'reviewer' });
	addPrompt(doc, { id: 'p0', author: 1, text: 'Why?' });
	const candidates = Array.from({ length: count }, (_, n) => ({ id: `c${n}`, practice: false }));
	beginCandidates(doc, { turnId: 'b0', parent: 'p0' }, candidates);
	return doc;
}

const say = (doc: Y.Doc, n: number, text = `answer ${n}`): void => void streamUpTo(doc, `c${n}`, text);
const end = (doc: Y.Doc, n: number, state: 'ready' | 'stopped' = 'ready'): boolean =>
	finishResponse(doc, { turnId: 'b0', candidateId: `c${n}`, state });
const fail = (doc: Y.Doc, n: number): boolean =>
	finishResponse(doc, { turnId: 'b0', candidateId: `c${n}`, state: 'failed', fault: 'cut' });

/** All of them have answered. */
function answered(count = 3): Y.Doc {
	const doc = asked(count);
	for (let n = 0; n < count; n++) {
		say(doc, n);
		end(doc, n);
	}
	return doc;
}

function last(doc: Y.Doc): TurnView {
	const turn = readDialogue(doc).turns.findLast(({ role }) => role === 'bot');
	if (!turn) throw new Error('there is no response');
	return turn;
}
const shownLine = (doc: Y.Doc): string[] => readDialogue(doc).turns.map(({ id }) => id);

test('[CAND-1] one response is in the document and to read as it was before there were candidates', () => {
	const doc = asked(1);
	expect(last(doc)).not.toHaveProperty('choice');
	const single = new Y.Doc();
	begin(single, { topic: 1, state: 'in_progress', together: true });
	addPrompt(single, { id: 'p0', author: 1, text: 'Why?' });
	const bot = { id: 3, name: 'Qwen', practice: false };
	beginResponse(single, { turnId: 'b0', candidateId: 'c0', parent: 'p0', bot });
	expect(finishResponse(single, { turnId: 'b0', candidateId: 'c0', state: 'failed', fault: 'cut' })).toBe(
		true,
	);
	expect(candidatesOf(single).toJSON()).toEqual({
		c0: { turn: 'b0', bot: 3, botName: 'Qwen', practice: false, slot: 0, state: 'failed', original: '' },
	});
	expect(last(single)).toMatchObject({ author: 'bot:3', state: 'failed', fault: 'cut' });
	expect(last(single)).not.toHaveProperty('choice');
});

test('[CAND-3] until they are named nothing of a candidate tells its bot, and then all of it does', () => {
	const doc = answered(2);
	for (const candidate of candidatesOf(doc).values())
		expect([...candidate.keys()].sort()).toEqual(['original', 'practice', 'slot', 'state', 'turn']);
	expect(turnsOf(doc).get('b0')?.get('author')).toBe('bot');
	expect(last(doc).choice?.candidates.map(({ bot }) => bot.name)).toEqual(['', '']);
	nameBots(
		doc,
		new Map([
			['c0', { id: 7, name: 'Seven' }],
			['c1', { id: 9, name: 'Nine' }],
		]),
	);
	makeFinal(doc, 'b0', 'c1', 'b1');
	expect(last(doc)).toMatchObject({ author: 'bot:9', bot: { name: 'Nine' }, choice: { from: 'c1' } });
	expect(last(doc).choice?.candidates.map(({ bot }) => bot.name)).toEqual(['Seven', 'Nine']);
});

test('[CAND-4] an error stays in its slot, and a turn has ended when all of them have', () => {
	const doc = asked();
	for (const n of [0, 1, 2]) say(doc, n);
	fail(doc, 0);
	expect(last(doc)).toMatchObject({
		state: 'generating',
		choice: {
			candidates: [{ state: 'failed', fault: 'cut', text: 'answer 0' }, { state: 'generating' }, {}],
		},
	});
	end(doc, 1, 'stopped');
	expect(summaryOf(doc).generating).toBe(true);
	expect(last(doc).state).toBe('generating');
	end(doc, 2);
	expect(last(doc)).toMatchObject({ state: 'ready' });
	expect(last(doc)).not.toHaveProperty('fault');
	expect(summaryOf(doc).generating).toBe(false);
});

test('[CAND-4] where all of them fail the turn has failed, and there is nothing to choose', () => {
	const doc = asked(2);
	fail(doc, 0);
	fail(doc, 1);
	expect(last(doc)).toMatchObject({ state: 'failed', fault: 'cut', text: '' });
	expect(awaitsChoice(last(doc))).toBe(false);
	expect(progressOf(readDialogue(doc), rubric, '1')).toMatchObject({ botTurns: 0, generating: false });
});

test('[CAND-4] those that nobody writes any more end as interrupted, and no others', () => {
	const doc = asked();
	for (const n of [0, 1, 2]) say(doc, n, `half ${n}`);
	end(doc, 0);
	expect(interruptGenerating(doc, (id) => id === 'c1')).toBe(1);
	expect(last(doc).choice?.candidates).toMatchObject([
		{ state: 'ready', text: 'half 0' },
		{ state: 'failed', fault: 'interrupted', text: 'half 1' },
		{ state: 'generating', text: 'half 2' },
	]);
});

test('[CAND-6] Final is made from what is chosen, also when it is still coming, before what stands there', () => {
	const doc = asked(2);
	say(doc, 0, 'half an');
	expect(hasFinal(last(doc))).toBe(false);
	makeFinal(doc, 'b0', 'c0', 'b1');
	expect(last(doc)).toMatchObject({ id: 'b0', text: 'half an', choice: { from: 'c0' } });
	expect(isBeingWritten(last(doc))).toBe(true);
	say(doc, 0, 'half an answer');
	end(doc, 0);
	// the other one goes on, and people may work on what has come
	expect(last(doc)).toMatchObject({
		text: 'half an answer',
		original: 'half an answer',
		state: 'generating',
	});
	expect(isBeingWritten(last(doc))).toBe(false);
	expect(hasFinal(last(doc))).toBe(true);
	turnText(doc, 'b0')?.insert(14, ', edited');
	say(doc, 1);
	end(doc, 1);
	expect(last(doc)).toMatchObject({ text: 'half an answer, edited', state: 'ready' });
});

test('[CAND-6] a tie takes the first that has a text, or leaves what is there; where all are bad Final is empty', () => {
	const doc = asked();
	fail(doc, 0);
	for (const n of [1, 2]) {
		say(doc, n);
		end(doc, n);
	}
	makeFinal(doc, 'b0', 'tie', 'b1');
	expect(last(doc)).toMatchObject({ id: 'b0', text: 'answer 1', choice: { from: 'c1' } });
	makeFinal(doc, 'b0', 'c2', 'b1');
	makeFinal(doc, 'b1', 'tie', 'b2');
	expect(last(doc)).toMatchObject({ id: 'b1', text: 'answer 2' });
	makeFinal(doc, 'b1', 'bad', 'b2');
	expect(last(doc)).toMatchObject({
		id: 'b2',
		text: '',
		author: 'bot',
		state: 'ready',
		choice: { from: null },
	});
	expect(last(doc)).not.toHaveProperty('original');
	expect(hasFinal(last(doc))).toBe(true);
});

test('[CAND-7] choosing another keeps what was made of the one before; choosing that again brings it back', () => {
	const doc = answered(2);
	makeFinal(doc, 'b0', 'c0', 'b1');
	turnText(doc, 'b0')?.insert(8, ', edited');
	rate(doc, 1, 'b0', 'helpful', { value: 3 });
	addPrompt(doc, { id: 'p1', author: 1, text: 'And then?' });
	beginResponse(doc, {
		turnId: 'b9',
		candidateId: 'c9',
		parent: 'p1',
		bot: { id: 3, name: 'Qwen', practice: false },
	});
	finishResponse(doc, { turnId: 'b9', candidateId: 'c9', state: 'ready' });

	makeFinal(doc, 'b0', 'c1', 'b1');
	const [, second, ...behind] = readDialogue(doc).turns;
	expect(second).toMatchObject({
		id: 'b1',
		text: 'answer 1',
		stale: false,
		ratings: {},
		choice: { id: 'b0', from: 'c1' },
		earlier: [{ id: 'b0', text: 'answer 0, edited', ratings: { 1: { helpful: { value: 3 } } } }],
	});
	// what follows stays where it is, and was given to another text
	expect(behind).toMatchObject([
		{ id: 'p1', stale: false },
		{ id: 'b9', stale: true },
	]);

	makeFinal(doc, 'b1', 'c0', 'b2');
	const [, first, , after] = readDialogue(doc).turns;
	expect(first).toMatchObject({ id: 'b0', text: 'answer 0, edited', earlier: [{ id: 'b1' }] });
	expect(after).toMatchObject({ id: 'b9', stale: false });
	expect(turnsOf(doc).has('b2')).toBe(false);
});

test('[CAND-7] one that was chosen while it came, and then left, ends in a turn of its own', () => {
	const doc = asked(2);
	say(doc, 0, 'still');
	makeFinal(doc, 'b0', 'c0', 'b1');
	makeFinal(doc, 'b0', 'c1', 'b1');
	say(doc, 0, 'still coming');
	end(doc, 0);
	say(doc, 1);
	end(doc, 1);
	expect(last(doc)).toMatchObject({ id: 'b1', text: 'answer 1', state: 'ready' });
	expect(last(doc).earlier).toMatchObject([{ id: 'b0', text: 'still coming', state: 'ready' }]);
});

test.each([11, 2026, 909_090])(
	'[CAND-7] whatever is chosen, edited, written anew and brought back, no text is lost (seed %i)',
	(seed) => {
		const chance = random(seed);
		const doc = answered();
		const typed = new Set<string>();
		const texts = (turns: readonly TurnView[]): string =>
			turns.map(({ text, earlier, followers }) => `${text}\n${texts(earlier)}${texts(followers)}`).join('\n');
		for (let step = 1; step < 80; step++) {
			const turn = last(doc);
			const best = chance.pick(['c0', 'c1', 'c2', 'tie', 'bad']);
			const earlier = turn.earlier.find(({ choice }) => choice === undefined);
			if (chance.chance(0.2)) {
				const bot = { id: 3, name: 'Qwen', practice: false };
				beginResponse(doc, {
					turnId: `r${step}`,
					candidateId: `rc${step}`,
					parent: 'p0',
					bot,
					replaces: turn.id,
				});
				finishResponse(doc, { turnId: `r${step}`, candidateId: `rc${step}`, state: 'ready' });
			} else if (turn.choice) makeFinal(doc, turn.id, best, `n${step}`);
			else {
				const back = earlier ?? turn.earlier.findLast(({ choice }) => choice !== undefined);
				if (back) bringBack(doc, back.id, turn.id);
			}
			expect(shownLine(doc)).toEqual(['p0', last(doc).id]);
			if (chance.chance(0.6)) {
				const word = ` typed${step};`;
				turnText(doc, last(doc).id)?.insert(0, word);
				typed.add(word);
			}
			const all = texts(readDialogue(doc).turns);
			expect([...typed].filter((word) => !all.includes(word))).toEqual([]);
			for (const n of [0, 1, 2]) expect(candidatesOf(doc).get(`c${n}`)?.get('original')).toBe(`answer ${n}`);
		}
		expect(typed.size).toBeGreaterThan(20);
	},
);

test('[CAND-8] a response with several candidates is rated once it is also chosen', () => {
	const doc = answered(2);
	const own = () => progressOf(readDialogue(doc), rubric, '1');
	expect(awaitsChoice(last(doc))).toBe(true);
	rate(doc, 1, 'b0', 'helpful', { value: 3 });
	expect(own()).toMatchObject({ botTurns: 1, ratedTurns: 0 });
	expect(choose(doc, 1, 'b0', { best: 'c1', degree: 2 })).toBe(true);
	// said, and not yet made Final
	expect(isChosen(last(doc), '1')).toBe(false);
	makeFinal(doc, 'b0', 'c1', 'b1');
	expect(own()).toMatchObject({ botTurns: 1, ratedTurns: 1 });
	expect(awaitsChoice(last(doc))).toBe(false);
	// each for themselves
	rate(doc, 2, 'b0', 'helpful', { value: 3 });
	expect(progressOf(readDialogue(doc), rubric, '2')).toMatchObject({ ratedTurns: 0 });
	choose(doc, 2, 'b0', { best: 'tie', degree: 0 });
	expect(progressOf(readDialogue(doc), rubric, '2')).toMatchObject({ ratedTurns: 1 });
	expect(last(doc).choice?.given).toEqual({
		1: { best: 'c1', degree: 2 },
		2: { best: 'tie', degree: 0 },
	});
});

test('[CAND-5] a choice is one’s own, is told again without a change, and reads as nothing where it is none', () => {
	const doc = answered(2);
	expect(choose(doc, 7, 'b0', { best: 'tie', degree: 0 })).toBe(false);
	choose(doc, 1, 'b0', { best: 'c0', degree: 1 });
	const before = Y.encodeStateVector(doc);
	choose(doc, 1, 'b0', { best: 'c0', degree: 1 });
	expect(Y.encodeStateVector(doc)).toEqual(before);
	choicesOf(doc).get('2')?.set('b0', 'nonsense');
	expect(last(doc).choice?.given).toEqual({ 1: { best: 'c0', degree: 1 } });
	choicesOf(doc).get('2')?.set('b0', { best: 'c1' });
	expect(last(doc).choice?.given).toMatchObject({ 2: { best: 'c1', degree: 0 } });
});
