import type { Span } from '../document/comment-anchor.ts';

/** Punctuation of the one width among letters of the other. */
export interface MixedWidth extends Span {
	kind: 'half-width' | 'full-width';
}

/**
 * Code, addresses and formulas have a punctuation of their own. What may repeat is bounded, or begins where nothing
 * like it stands before: a text of one endless word costs no more than any other.
 */
const APART = new RegExp(
	[
		/^ {0,3}(?<fence>`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^ {0,3}\k<fence>[^\n]*$|(?![\s\S]))/,
		/(?<!`)(?<ticks>`+)(?!`)[^\n]*?(?<!`)\k<ticks>(?!`)/,
		/\$\$[\s\S]+?\$\$/,
		/\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s，。；！？（）“”]+/,
		/(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+/,
	]
		.map(({ source }) => source)
		.join('|'),
	'gimu',
);

/** Stands for what is apart: neither Han nor Latin, and no space. */
const NEITHER = '\u0000';

/** After a Chinese character, and what may close behind it; a list's numeral is not the end of a sentence. */
const HALF_AMONG_HAN =
	/(?=[,.!?:;])(?<=\p{sc=Han}[”’」』》）】]?)(?<!^[ \t]{0,8}[一二三四五六七八九十百]{1,4})[,.!?:;]+(?= *[\p{sc=Han}“‘「『《（【]|[ \t]*$)/gmu;
const HALF_PARENTHESES =
	/(?=\()(?<=\p{sc=Han}|[，。；：！？、”」》]|^[ \t]*)\((?=[^()\n]*\p{sc=Han})[^()\n]*\)/gmu;
const FULL_AMONG_LATIN = /[，。！？：；、（）]/gu;

/** Where the punctuation is of another width than the letters around it. */
export function mixedWidthIn(text: string): MixedWidth[] {
	const plain = text.replace(APART, (apart) => apart.replace(/[^\n]/g, NEITHER));
	const found: MixedWidth[] = [];
	for (const { 0: signs, index } of plain.matchAll(HALF_AMONG_HAN))
		found.push({ kind: 'half-width', from: index, to: index + signs.length });
	for (const { 0: inside, index } of plain.matchAll(HALF_PARENTHESES)) {
		const close = index + inside.length - 1;
		found.push({ kind: 'half-width', from: index, to: index + 1 });
		found.push({ kind: 'half-width', from: close, to: close + 1 });
	}
	if (isMostlyLatin(plain))
		for (const { 0: line, index } of plain.matchAll(/^.+$/gmu)) {
			// Beside a Chinese word Chinese punctuation may be meant, also between two Latin ones.
			if (EAST_ASIAN.test(line) || !/\p{sc=Latn}/u.test(line)) continue;
			for (const { 0: sign, index: at } of line.matchAll(FULL_AMONG_LATIN))
				found.push({ kind: 'full-width', from: index + at, to: index + at + sign.length });
		}
	return found.sort((a, b) => a.from - b.from);
}

const EAST_ASIAN = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Bopo}]/u;

/** A Chinese text may have lines of names alone: as many words as it has Han characters do not make it another. */
function isMostlyLatin(text: string): boolean {
	const words = text.match(/\p{sc=Latn}+/gu)?.length ?? 0;
	const han = text.match(/[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}]/gu)?.length ?? 0;
	return words > 2 * han;
}
