/** Rubrics that ask in every way there is. */
import type { Criterion, Level, Rubric } from '../../src/lib/document/rubric.ts';
import { policiesFor } from '../../src/lib/document/schema.ts';

const named = (key: string, level: Level) => ({
	key,
	level,
	label: { en: key, zh: `项 ${key}` },
	help: { en: `Is it ${key}?`, zh: `是否 ${key}？` },
});

export const scale = (key: string, values: readonly number[], level: Level = 'turn'): Criterion => ({
	...named(key, level),
	kind: 'scale',
	points: values.map((value) => ({ value, anchor: { en: `${key} ${value}`, zh: `${key} ${value}` } })),
	reasonAt: 1,
});

export const flag = (key: string, reason = false, level: Level = 'turn'): Criterion => ({
	...named(key, level),
	kind: 'flag',
	reason,
});

/** The last option asks why. */
export const choice = (key: string, options: readonly string[], level: Level = 'turn'): Criterion => ({
	...named(key, level),
	kind: 'choice',
	options: options.map((option, at) => ({
		key: option,
		label: { en: option, zh: `选项 ${option}` },
		anchor: { en: `It is ${option}`, zh: `属于 ${option}` },
		reason: at === options.length - 1,
	})),
});

const POINTS = [0, 1, 2, 3, 4, 5];

export const everyKind: Rubric = {
	version: 1,
	name: 'Every kind',
	criteria: [
		scale('helpful', POINTS),
		scale('correct', POINTS),
		scale('style', POINTS),
		flag('spam'),
		flag('unsafe', true),
		choice('tone', ['plain', 'warm', 'rude']),
		scale('goal', POINTS, 'dialogue'),
		flag('stuck', false, 'dialogue'),
		choice('end', ['solved', 'open'], 'dialogue'),
	],
};

export const policies = policiesFor(everyKind);
