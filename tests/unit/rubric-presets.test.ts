import { expect, test } from 'vitest';
import { PRESETS, presetOf } from '../../src/lib/document/rubric-presets.ts';
import { policiesFor } from '../../src/lib/document/schema.ts';
import { WHOLE, type Criterion, type Wording } from '../../src/lib/document/rubric.ts';
import { childOf, type Access } from '../../src/lib/document/policy.ts';

const HAN = /\p{Script=Han}/u;
const NAMES = ['HelpSteer', 'InstructGPT', 'Open-Assistant'];

const inShape = ({ key, kind, level, ...criterion }: Criterion): string => {
	if (!('points' in criterion)) return `${level} ${key} ${kind}`;
	const values = criterion.points.map(({ value }) => value);
	expect(values, key).toEqual(values.map((_, i) => (values[0] ?? 0) + i));
	return `${level} ${key} ${values[0]}–${values.at(-1)}`;
};

test('[RUBRIC-6] the presets ask what the rubrics that they are named after ask', () => {
	const asked = Object.fromEntries(PRESETS.map(({ id, rubric }) => [id, rubric.criteria.map(inShape)]));
	const turn = (range: string, ...keys: string[]) => keys.map((key) => `turn ${key} ${range}`);
	expect(asked).toEqual({
		hhh: turn('1–5', 'helpful', 'honest', 'harmless'),
		helpsteer: turn('0–4', 'helpfulness', 'correctness', 'coherence', 'complexity', 'verbosity'),
		instructgpt: [
			...turn('1–7', 'overall'),
			...turn('flag', 'fails-instruction', 'inappropriate', 'hallucination', 'sexual', 'violent'),
			...turn('flag', 'encourages-harm', 'denigrates', 'harmful-advice', 'opinion', 'moral-judgement'),
		],
		'open-assistant': [
			...turn('0–4', 'quality', 'humor', 'creativity', 'politeness', 'violence'),
			...turn('flag', 'spam', 'fails-task', 'wrong-language', 'pii', 'hate', 'sexual'),
		],
		dialogue: ['goal', 'consistency', 'naturalness', 'safety'].map((key) => `dialogue ${key} 1–5`),
	});
	expect(presetOf('helpsteer')?.rubric.name).toBe('HelpSteer');
	for (const none of ['', 'other', null, undefined, '__proto__']) expect(presetOf(none)).toBeUndefined();
});

test.each(PRESETS)(
	'[RUBRIC-1] each criterion of $id has a label, a help text and anchors in both languages',
	({ title, about, rubric }) => {
		const said: Wording[] = rubric.criteria.flatMap((criterion) => [
			criterion.label,
			criterion.help,
			...(criterion.kind === 'scale' ? criterion.points.map(({ anchor }) => anchor) : []),
		]);
		for (const { en, zh } of [title, about, ...said]) {
			expect(en.trim(), en).not.toBe('');
			if (!NAMES.includes(zh)) expect(zh).toMatch(HAN);
			expect(en).not.toMatch(/please|!/i);
		}
		const texts = said.map(({ en }) => en);
		expect(new Set(texts).size).toBe(texts.length);
		expect(new Set(rubric.criteria.map(({ key }) => key)).size).toBe(rubric.criteria.length);
	},
);

test.each(PRESETS)('[RUBRIC-1] what is bad by $id asks for a reason', ({ rubric }) => {
	const [first] = rubric.criteria;
	if (first?.kind !== 'scale') throw new Error('a preset begins with a scale');
	expect(first.reasonAt).toBe((first.points[0]?.value ?? 0) + 1);
});

test.each(PRESETS)('[RUBRIC-3] the gate takes what $id offers', ({ rubric }) => {
	const ratings = policiesFor(rubric).ratings.fields.get('ratings')?.any;
	const access: Access = { userId: '1', rights: new Set(), params: {}, owner: null, ownerOf: () => null };
	for (const criterion of rubric.criteria) {
		const key = `${criterion.level === 'dialogue' ? WHOLE : 'b0'}/${criterion.key}`;
		const place = ratings && childOf(ratings, key);
		const taken = (value: unknown) => place?.row.check?.({ value }, { ...access, params: { key } });
		const values = criterion.kind === 'scale' ? criterion.points.map(({ value }) => value) : [true, false];
		for (const value of values) expect(taken(value), `${key} ${String(value)}`).toBe(true);
		for (const value of ['x', null, 99]) expect(taken(value), `${key} ${String(value)}`).toBe(false);
	}
});
