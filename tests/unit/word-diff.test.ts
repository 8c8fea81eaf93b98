import { describe, expect, test } from 'vitest';
import { wordDiff, type WordDiff } from '../../src/lib/text/word-diff.ts';
import { random } from '../support/random.ts';

/** `[-deleted-]{+inserted+}` around what is the same. */
const marked = ({ parts }: WordDiff): string =>
	parts
		.map(({ kind, text }) => (kind === 'same' ? text : kind === 'insert' ? `{+${text}+}` : `[-${text}-]`))
		.join('');

describe('word diff', () => {
	test('[TEXT-20] in Chinese marks the words, not the clauses around them', () => {
		const found = wordDiff(
			'量子计算机利用比特进行信息处理，速度很快。',
			'量子计算机利用叠加进行信息处理，速度很快。',
			'zh',
		);
		expect(marked(found)).toBe('量子计算机利用[-比特-]{+叠加+}进行信息处理，速度很快。');
	});

	test('[TEXT-20] in English marks whole words, never letters', () => {
		const found = wordDiff('The train leaves at noon.', 'The last train left at noon.', 'en');
		expect(marked(found)).toBe('The {+last +}train [-leaves-]{+left+} at noon.');
		expect(found).toMatchObject({ inserted: 2, deleted: 1 });
	});

	test('[TEXT-21] counts words, not spaces, punctuation or lines', () => {
		expect(wordDiff('One.', 'One!\n\n— two, three', 'en')).toMatchObject({ inserted: 2, deleted: 0 });
		expect(wordDiff('你好。', '你好，世界！', 'zh')).toMatchObject({ inserted: 1, deleted: 0 });
	});

	test('[TEXT-22] has no parts for two empty texts and one for equal ones', () => {
		expect(wordDiff('', '', 'en')).toEqual({ parts: [], inserted: 0, deleted: 0 });
		expect(wordDiff('same 同', 'same 同', 'zh').parts).toEqual([{ kind: 'same', text: 'same 同' }]);
		expect(wordDiff('', 'new', 'en').parts).toEqual([{ kind: 'insert', text: 'new' }]);
		expect(wordDiff('old', '', 'en').parts).toEqual([{ kind: 'delete', text: 'old' }]);
	});

	test('[TEXT-22] gives back both texts where there are more distinct words than code units', () => {
		const words = (first: number) => Array.from({ length: 65_000 }, (_, i) => `w${first + i}`).join(' ');
		const [a, b] = [words(0), words(40_000)];
		const { parts } = wordDiff(a, b, 'en');
		expect(texts(parts)).toEqual([a, b]);
	});

	const WORDS = [
		'the',
		' ',
		'quick',
		'比特',
		'叠加',
		'，',
		'😀',
		'👨‍👩‍👧',
		'\n',
		'é',
		'fox',
		'好',
		'\u{d7ff}',
		'.',
	];
	test.each([3, 1414, Date.now() % 1e9])('[TEXT-22] gives back both texts (seed %i)', (seed) => {
		const dice = random(seed);
		for (let round = 0; round < 200; round++) {
			const [a, b] = [0, 1].map(() =>
				Array.from({ length: dice.int(30) }, () => dice.pick(WORDS)).join(''),
			) as [string, string];
			expect(texts(wordDiff(a, b, dice.pick(['en', 'zh'])).parts)).toEqual([a, b]);
		}
	});
});

function texts(parts: WordDiff['parts']): [before: string, after: string] {
	const without = (kind: string): string =>
		parts
			.filter((part) => part.kind !== kind)
			.map(({ text }) => text)
			.join('');
	return [without('insert'), without('delete')];
}
