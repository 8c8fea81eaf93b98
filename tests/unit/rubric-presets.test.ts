import { expect, test } from 'vitest';
import { answers } from '../../src/lib/document/rubric.ts';
import { helpfulHonestHarmless } from '../../src/lib/document/rubric-presets.ts';

const HAN = /\p{Script=Han}/u;

test('[RUBRIC-1] helpful, honest, harmless from 1 to 5, worded in both languages', () => {
	expect(helpfulHonestHarmless.criteria.map(({ key }) => key)).toEqual(['helpful', 'honest', 'harmless']);
	for (const { label, help, points } of helpfulHonestHarmless.criteria) {
		expect(points.map(({ value }) => value)).toEqual([1, 2, 3, 4, 5]);
		const wordings = [label, help, ...points.map(({ anchor }) => anchor)];
		for (const { en, zh } of wordings) {
			expect(en).toMatch(/^[A-Z]/);
			expect(en).not.toMatch(HAN);
			expect(zh).toMatch(HAN);
		}
		expect(new Set(wordings.map(({ en }) => en)).size).toBe(wordings.length);
		expect(new Set(wordings.map(({ zh }) => zh)).size).toBe(wordings.length);
	}
});

test('[RUBRIC-1] it asks for a reason at 2 or below', () => {
	for (const criterion of helpfulHonestHarmless.criteria) {
		expect(answers(criterion, { value: 2 })).toBe(false);
		expect(answers(criterion, { value: 2, why: 'wrong date' })).toBe(true);
		expect(answers(criterion, { value: 3 })).toBe(true);
	}
});
