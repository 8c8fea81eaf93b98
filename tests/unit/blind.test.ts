import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { progressWith, seesOthers, type BlindProgress } from '#lib/document/blind.ts';
import { childOf, type Node } from '#lib/document/policy.ts';
import { isBlind, readDialogue } from '#lib/document/read-dialogue.ts';
import { allRatings, rate, ratingsBy, withRatings } from '#lib/document/ratings.ts';
import { WHOLE } from '#lib/document/rubric.ts';
import { summaryOf } from '#lib/document/summary.ts';
import { ROLES, STATES, type Part } from '#lib/document/workflow.ts';
import { addPrompt, admit, begin, beginRatings } from '#lib/document/write-dialogue.ts';
import { answerIn } from '../support/answer-in.ts';
import { policies } from '../support/rubrics.ts';
import { oneCriterion } from '../support/store-world.ts';

const IN: BlindProgress = {
	botTurns: 2,
	ratedTurns: 2,
	ratedWhole: true,
	staleTurns: 0,
	generating: false,
	unratedOffLine: 0,
};
const NOT_IN: BlindProgress[] = [
	{ ...IN, ratedTurns: 1 },
	{ ...IN, ratedWhole: false },
	{ ...IN, generating: true },
	{ ...IN, botTurns: 0, ratedTurns: 0 },
];

test('[BLIND-4] a reviewer sees the others’ ratings once their own are in; the annotator when it is decided, too', () => {
	for (const state of STATES)
		for (const role of ROLES) {
			const decided = state === 'accepted' || state === 'returned';
			expect(seesOthers({ part: 'reviewer', role }, state, IN), state).toBe(true);
			expect(seesOthers({ part: 'annotator', role }, state, IN), state).toBe(decided);
			for (const own of NOT_IN)
				for (const part of ['reviewer', 'annotator'] as const)
					expect(seesOthers({ part, role }, state, own), `${part} ${state}`).toBe(false);
		}
});

test('[BLIND-4] while people write, a reviewer’s are in only with those of what can come back', () => {
	for (const state of STATES) {
		const writing = ['draft', 'in_progress', 'returned'].includes(state);
		const own = { ...IN, unratedOffLine: 1 };
		expect(seesOthers({ part: 'reviewer', role: 'reviewer' }, state, own), state).toBe(!writing);
	}
	const doc = new Y.Doc();
	begin(doc, { topic: 1, state: 'in_progress', together: true, blind: true });
	addPrompt(doc, { id: 'p1', author: 1, text: 'Why?' });
	answerIn(doc, 'a1', 'p1');
	addPrompt(doc, { id: 'p2', author: 1, text: 'And?' });
	answerIn(doc, 'a2', 'p2');
	answerIn(doc, 'a3', 'p1', 'a1'); // takes a1 and what followed it off the line
	const ratings = new Y.Doc();
	beginRatings(ratings, 2);
	const rated = (...turns: string[]): BlindProgress => {
		for (const turn of turns) rate(ratings, 2, turn, 'helpful', { value: 3 });
		return progressWith(readDialogue(doc), allRatings(ratings), { ...oneCriterion, version: 1 }, '2');
	};
	expect(rated('a3')).toMatchObject({ botTurns: 1, ratedTurns: 1, unratedOffLine: 2 });
	expect(rated('a1')).toMatchObject({ unratedOffLine: 1 });
	expect(rated('a2')).toMatchObject({ unratedOffLine: 0 });
});

test('[BLIND-4] who does not rate sees them always as a lead, and never as anybody else', () => {
	for (const state of STATES)
		for (const own of [IN, ...NOT_IN])
			for (const role of ROLES)
				expect(seesOthers({ part: 'observer', role }, state, own)).toBe(role === 'lead');
});

const places = (root: Node): string[] => {
	const found: string[] = [];
	const walk = (node: Node): void => {
		if (node.row.path !== '') found.push(node.row.path);
		for (const child of node.fields.values()) walk(child);
		if (node.any) walk(node.any);
	};
	walk(root);
	return found.sort();
};

test('[BLIND-2] a blind dialogue’s document and its raters’ have each place once, and all of them together', () => {
	const { whole, blind, ratings } = policies;
	expect([...places(blind), ...places(ratings)].sort()).toEqual(places(whole));
	expect(places(ratings)).toEqual([
		'choices',
		'choices/:user',
		'choices/:user/:turn',
		'ratings',
		'ratings/:user',
		'ratings/:user/:key',
	]);
	for (const root of ['ratings', 'choices']) expect(childOf(blind, root)).toBeNull();
});

test('[BLIND-2] who comes to a blind dialogue is named in it, and rates in a document of their own; one code reads both', () => {
	const doc = new Y.Doc();
	begin(doc, { topic: 1, state: 'in_progress', together: false, blind: true });
	for (const [id, part] of [
		[1, 'annotator'],
		[2, 'reviewer'],
	] as [number, Part][])
		// prettier-ignore
		admit(doc, id, { name: `P${id}`, part });
	addPrompt(doc, { id: 'p', author: 1, text: 'Why?' });
	answerIn(doc, 'a', 'p');
	const copy = new Y.Doc();
	Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
	expect([...copy.share.keys()].sort()).toEqual(['candidates', 'dialogue', 'turns']);
	expect(isBlind(copy)).toBe(true);
	expect(summaryOf(copy)).toMatchObject({ blind: { state: 'in_progress', together: false } });

	const own = [1, 2].map((id) => {
		const ratings = new Y.Doc();
		beginRatings(ratings, id);
		rate(ratings, id, 'a', 'helpful', { value: id, why: `of ${id}` });
		if (id === 2) rate(ratings, id, WHOLE, 'goal', { value: 4 });
		return ratings;
	});
	const read = readDialogue(copy);
	expect(read.turns.map(({ ratings }) => ratings)).toEqual([{}, {}]);
	const all = withRatings(read, own.map(allRatings));
	expect(all.ratings).toEqual({ 2: { goal: { value: 4 } } });
	expect(all.turns.map(({ ratings }) => ratings)).toEqual([
		{},
		{ 1: { helpful: { value: 1, why: 'of 1' } }, 2: { helpful: { value: 2, why: 'of 2' } } },
	]);
	expect(withRatings(read, [])).toEqual(read);
	expect(ratingsBy(all, '2')).toEqual(allRatings(own[1] as Y.Doc));
});

test('[BLIND-2] an open dialogue says nothing of blindness', () => {
	const doc = new Y.Doc();
	begin(doc, { topic: 1, state: 'draft', together: false, blind: false });
	expect(isBlind(doc)).toBe(false);
	expect(summaryOf(doc)).toEqual({ members: {}, generating: false });
	expect(doc.getMap('dialogue').has('blind')).toBe(false);
});
