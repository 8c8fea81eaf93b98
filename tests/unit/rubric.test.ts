import { expect, test } from 'vitest';
import type { DialogueView, TurnView } from '../../src/lib/document/dialogue-view.ts';
import { progressOf } from '../../src/lib/document/progress.ts';
import { answers, asksWhy, fits, isOwed, type Rating } from '../../src/lib/document/rubric.ts';
import { choice, everyKind, flag, scale } from '../support/rubrics.ts';

const tone = choice('tone', ['plain', 'rude']);

test('[RUBRIC-3] a scale takes its points, a flag yes and no, a choice its options, and nothing else', () => {
	const values = [0, 1, 2, 3, 1.5, true, false, 'plain', 'rude', 'cold', '1', null, undefined, ['plain'], {}];
	const taken = (criterion: Parameters<typeof fits>[0]) => values.filter((value) => fits(criterion, value));
	expect(taken(scale('a', [1, 2, 3]))).toEqual([1, 2, 3]);
	expect(taken(flag('b'))).toEqual([true, false]);
	expect(taken(tone)).toEqual(['plain', 'rude']);
});

test('[RUBRIC-4] a reason is asked at a low point, of a raised flag and of an option that say so', () => {
	const asked = (criterion: Parameters<typeof fits>[0], ...values: Rating['value'][]) =>
		values.filter((value) => asksWhy(criterion, value));
	expect(asked(scale('a', [0, 1, 2]), 0, 1, 2)).toEqual([0, 1]);
	expect(asked({ ...scale('a', [0, 1]), reasonAt: null } as typeof tone, 0, 1)).toEqual([]);
	expect(asked(flag('b'), true, false)).toEqual([]);
	expect(asked(flag('b', true), true, false)).toEqual([true]);
	expect(asked(tone, 'plain', 'rude')).toEqual(['rude']);
	for (const why of [undefined, '', ' \n'])
		expect(answers(tone, { value: 'rude', ...(why !== undefined && { why }) })).toBe(false);
	expect(answers(tone, { value: 'rude', why: 'shouts' })).toBe(true);
	expect(answers(tone, { value: 'plain' })).toBe(true);
});

test('[RUBRIC-5] a flag that nobody touched is not raised and holds nothing back; scales and choices do', () => {
	expect(answers(flag('b', true), undefined)).toBe(true);
	expect(answers(scale('a', [1]), undefined)).toBe(false);
	expect(answers(tone, undefined)).toBe(false);
	expect(answers(flag('b', true), { value: true })).toBe(false);
	expect([undefined, { value: false }, { value: true }].map((one) => isOwed(flag('b', true), one))).toEqual([
		false,
		false,
		true,
	]);
	expect(isOwed(tone, undefined)).toBe(true);
});

test('[RUBRIC-5] a response is rated by its scales and choices; the dialogue as a whole, apart from them', () => {
	const given: Record<string, Rating> = {};
	const whole: Record<string, Rating> = {};
	const turn: TurnView = {
		id: 'b',
		role: 'bot',
		author: 'bot:1',
		state: 'ready',
		text: 'Said',
		original: 'Said',
		stale: false,
		ratings: { 1: given },
		earlier: [],
		followers: [],
	};
	const view: DialogueView = {
		state: 'in_progress',
		together: false,
		members: {},
		draft: '',
		turns: [turn],
		ratings: { 1: whole },
	};
	const now = () => {
		const { ratedTurns, ratedWhole } = progressOf(view, everyKind, '1');
		return [ratedTurns, ratedWhole];
	};
	Object.assign(given, { helpful: { value: 3 }, correct: { value: 3 }, style: { value: 3 } });
	expect(now()).toEqual([0, false]);
	given['tone'] = { value: 'warm' };
	expect(now()).toEqual([1, false]);
	given['unsafe'] = { value: true };
	expect(now()).toEqual([0, false]);
	given['unsafe'] = { value: true, why: 'a dose' };
	Object.assign(whole, { goal: { value: 2 }, end: { value: 'solved' } });
	expect(now()).toEqual([1, true]);
	whole['end'] = { value: 'open' };
	expect(now()).toEqual([1, false]);
	expect(progressOf(view, everyKind, '2')).toMatchObject({ ratedTurns: 0, ratedWhole: false });
});
