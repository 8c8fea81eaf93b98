import { diff } from '@codemirror/merge';

export interface DiffPart {
	kind: 'same' | 'insert' | 'delete';
	text: string;
}

export interface WordDiff {
	/** In reading order; where words were replaced, the deleted ones come first. */
	parts: DiffPart[];
	/** Words, without spaces and punctuation. */
	inserted: number;
	deleted: number;
}

/**
 * How `b` differs from `a`, in whole words of the language (`en`, `zh`, …). Each distinct word becomes one code
 * unit, so that the diff of two short strings is the diff of their words: exact in English and in Chinese.
 */
export function wordDiff(a: string, b: string, locale: string): WordDiff {
	const segmenter = new Intl.Segmenter(locale, { granularity: 'word' });
	const before = [...segmenter.segment(a)];
	const after = [...segmenter.segment(b)];
	const units = new Map<string, string>();
	const coded = (words: Intl.SegmentData[]): string =>
		words.map(({ segment }) => units.get(segment) ?? unitFor(segment, units)).join('');
	const codedBefore = coded(before);
	const codedAfter = coded(after);
	const changes =
		units.size > MAX_UNITS
			? [{ fromA: 0, toA: before.length, fromB: 0, toB: after.length }]
			: diff(codedBefore, codedAfter, { scanLimit: SCAN_LIMIT });

	const parts: DiffPart[] = [];
	const add = (kind: DiffPart['kind'], words: Intl.SegmentData[]): number => {
		if (words.length > 0) parts.push({ kind, text: words.map(({ segment }) => segment).join('') });
		return words.filter(({ isWordLike }) => isWordLike).length;
	};
	let inserted = 0;
	let deleted = 0;
	let at = 0;
	for (const { fromA, toA, fromB, toB } of changes) {
		add('same', before.slice(at, fromA));
		deleted += add('delete', before.slice(fromA, toA));
		inserted += add('insert', after.slice(fromB, toB));
		at = toA;
	}
	add('same', before.slice(at));
	return { parts, inserted, deleted };
}

/** Past this the diff gets cruder instead of slower. */
const SCAN_LIMIT = 2000;

/** Code units that stand for themselves: all but the surrogates. */
const FIRST_SURROGATE = 0xd800;
const AFTER_SURROGATES = 0xe000;
const MAX_UNITS = 0x1_0000 - (AFTER_SURROGATES - FIRST_SURROGATE);

function unitFor(word: string, units: Map<string, string>): string {
	const code = units.size < FIRST_SURROGATE ? units.size : units.size + (AFTER_SURROGATES - FIRST_SURROGATE);
	const unit = String.fromCharCode(code);
	units.set(word, unit);
	return unit;
}
