import { expect, test } from 'vitest';
import { carried, occurrences } from '../../src/lib/text/occurrences.ts';
import { random } from '../support/random.ts';

const found = (text: string, wanted: string) =>
	occurrences(text, wanted).map(({ from, to }) => text.slice(from, to));

test.each([
	['water', 'Water, WATER and underwater', ['Water', 'WATER', 'water']],
	['ΟΔΟΣ', 'οδος, Οδός', ['οδος']],
	['水', '水是水。', ['水', '水']],
	['aa', 'aaaaa', ['aa', 'aa']],
	['a.c', 'abc a.c', ['a.c']],
	['a b', 'a\u00a0b a b a\u3000b', ['a\u00a0b', 'a b', 'a\u3000b']],
	['é', 'e\u0301 é E\u0301 e', ['e\u0301', 'é', 'E\u0301']],
	['e\u0301t', 'été, e\u0301te\u0301', ['ét', 'e\u0301t']],
	['한', '\u1112\u1161\u11ab 한 하', ['\u1112\u1161\u11ab', '한']],
	['istanbul', 'İstanbul, Istanbul', ['Istanbul']],
	['İ', 'aİb İ', ['İ', 'İ']],
	['😀', 'a😀b', ['😀']],
	['x', '\u0301x e\u0301 X', ['x', 'X']],
	['', 'anything', []],
	['longer than it', 'short', []],
])('[FIND-1] %j is found in %j', (wanted, text, expected) => {
	expect(found(text, wanted)).toEqual(expected);
});

test('[FIND-1] no part of a letter is found', () => {
	expect(found('e\u0301', 'e')).toEqual([]);
	expect(found('e\u0301', '\u0301')).toEqual([]);
	expect(found('\u1112\u1161\u11ab', '하')).toEqual([]);
	expect(found('İ', 'i')).toEqual([]);
});

test('[FIND-2] a place is followed through any edit that leaves it', () => {
	const dice = random(7);
	const word = () => dice.pick(['a', 'b', '字', '😀', ' ', '\n']).repeat(dice.int(4));
	for (let i = 0; i < 500; i++) {
		const [before, between, after] = [word(), word(), word()];
		const edited = `${before}${between}MARK${after}`;
		const text = `${before}MARK${after}`;
		expect(carried(text.indexOf('MARK'), text, edited)).toBe(edited.indexOf('MARK'));
		expect(carried(edited.indexOf('MARK'), edited, text)).toBe(text.indexOf('MARK'));
		expect(carried(text.indexOf('MARK'), text, `${text}${between}`)).toBe(text.indexOf('MARK'));
	}
});

test('[FIND-2] of a place that is gone, where it was', () => {
	expect(carried(5, 'some words here', 'some here')).toBe(5);
	expect(carried(5, 'some words', '')).toBe(0);
});
