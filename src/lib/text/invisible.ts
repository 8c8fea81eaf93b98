import type { Span } from '../document/comment-anchor.ts';

export type InvisibleKind = 'zero-width' | 'direction' | 'space' | 'control';

/** A character that takes part in a text and is not seen in it. */
export interface Invisible extends Span {
	kind: InvisibleKind;
	/** As Unicode abbreviates it, else its code point. */
	label: string;
}

const CANDIDATE = /(?![ \t\n])[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Z}\ufff9-\ufffc]/gu;

const NAMED: Record<string, string> = {
	'\r': 'CR',
	'\u00a0': 'NBSP',
	'\u00ad': 'SHY',
	'\u034f': 'CGJ',
	'\u061c': 'ALM',
	'\u200b': 'ZWSP',
	'\u200c': 'ZWNJ',
	'\u200d': 'ZWJ',
	'\u200e': 'LRM',
	'\u200f': 'RLM',
	'\u2028': 'LS',
	'\u2029': 'PS',
	'\u202a': 'LRE',
	'\u202b': 'RLE',
	'\u202c': 'PDF',
	'\u202d': 'LRO',
	'\u202e': 'RLO',
	'\u202f': 'NNBSP',
	'\u2060': 'WJ',
	'\u2066': 'LRI',
	'\u2067': 'RLI',
	'\u2068': 'FSI',
	'\u2069': 'PDI',
	'\u3000': 'IDSP',
	'\ufeff': 'BOM',
};

/** Those that do not belong where they stand: what a script or an emoji is written with is not among them. */
export function invisiblesIn(text: string): Invisible[] {
	const found: Invisible[] = [];
	const isRightToLeft = linesIn(text);
	for (const { 0: sign, index } of text.matchAll(CANDIDATE)) {
		const to = index + sign.length;
		const there =
			kindOf(sign) === 'direction' ? isMark(sign) && isRightToLeft(index) : belongs(sign, text, index, to);
		if (there) continue;
		found.push({ from: index, to, kind: kindOf(sign), label: NAMED[sign] ?? codeOf(sign) });
	}
	return found;
}

const codeOf = (sign: string): string =>
	`U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

function kindOf(sign: string): InvisibleKind {
	if (/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(sign)) return 'direction';
	if (/\p{Z}/u.test(sign)) return 'space';
	return /[\p{Cc}\ufff9-\ufffc]/u.test(sign) ? 'control' : 'zero-width';
}

/** Scripts whose letters join, or whose words are written without spaces: there these signs are spelling. */
const JOINING =
	/[\p{sc=Arab}\p{sc=Syrc}\p{sc=Mong}\p{sc=Nkoo}\p{sc=Deva}\p{sc=Beng}\p{sc=Guru}\p{sc=Gujr}\p{sc=Orya}\p{sc=Taml}\p{sc=Telu}\p{sc=Knda}\p{sc=Mlym}\p{sc=Sinh}\p{sc=Mymr}\p{sc=Khmr}\p{sc=Tibt}]/u;
const SPACELESS = /[\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tibt}\p{sc=Java}\p{sc=Bali}]/u;
const RIGHT_TO_LEFT = /[\p{sc=Arab}\p{sc=Hebr}\p{sc=Syrc}\p{sc=Thaa}\p{sc=Nkoo}]/u;
const EAST_ASIAN = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\u3000-\u303f\uff01-\uff60]/u;
const JAMO = /[\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb]/;
const FLAG_OF_A_REGION = /^\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{2,8}\u{e007f}/u;
/** A picture as it may stand before a joiner: with its skin and its variation. */
const PICTURE_BEFORE = /[\p{Extended_Pictographic}\p{Emoji_Modifier}]\ufe0f?$/u;

function belongs(sign: string, text: string, from: number, to: number): boolean {
	const before = lastOf(text, from);
	const after = firstOf(text, to);
	switch (sign) {
		case '\u200d':
			if (PICTURE_BEFORE.test(text.slice(Math.max(0, from - 4), from)))
				return /\p{Extended_Pictographic}/u.test(after);
			return JOINING.test(before) || JOINING.test(after);
		case '\u200c':
			return JOINING.test(before) || JOINING.test(after);
		case '\u200b':
			return SPACELESS.test(before) && SPACELESS.test(after);
		case '\u00a0':
		case '\u202f':
			// French sets it at these signs, and many languages between the digits of a number.
			return /[;:!?»%]/.test(after) || before === '«' || (/\d/.test(before) && /\d/.test(after));
		case '\u3000':
			// It indents a paragraph, and parts the words of a heading.
			return [before, after].some((beside) => beside === '' || beside === '\n' || EAST_ASIAN.test(beside));
		case '\u034f':
			return /\p{M}/u.test(before);
		case '\u115f':
		case '\u1160':
			return JAMO.test(before) || JAMO.test(after);
		case '\u17b4':
		case '\u17b5':
			return /\p{sc=Khmr}/u.test(before);
	}
	if (/\p{Variation_Selector}/u.test(sign)) return !/^$|[\p{Z}\p{C}\p{M}\p{sc=Latn}]/u.test(before);
	if (/[\u{e0020}-\u{e007f}]/u.test(sign)) return isInFlag(text, from);
	return false;
}

const firstOf = (text: string, at: number): string => String.fromCodePoint(text.codePointAt(at) ?? 0x0a);

function lastOf(text: string, at: number): string {
	const pair = text.slice(Math.max(0, at - 2), at);
	return [...pair].at(-1) ?? '';
}

/** A mark only tells where a stretch of signs belongs; the others turn what stands behind them. */
const isMark = (sign: string): boolean => /[\u061c\u200e\u200f]/.test(sign);

/** Whether a line has letters that run from right to left; to be asked in order, each line is looked at once. */
function linesIn(text: string): (at: number) => boolean {
	let [end, found] = [-1, false];
	return (at) => {
		if (at > end) {
			const next = text.indexOf('\n', at);
			end = next < 0 ? text.length : next;
			found = RIGHT_TO_LEFT.test(text.slice(text.lastIndexOf('\n', at) + 1, end));
		}
		return found;
	};
}

const LONGEST_FLAG = 20;
function isInFlag(text: string, at: number): boolean {
	const near = text.slice(Math.max(0, at - LONGEST_FLAG), at).lastIndexOf('\u{1f3f4}');
	if (near < 0) return false;
	const start = Math.max(0, at - LONGEST_FLAG) + near;
	const flag = FLAG_OF_A_REGION.exec(text.slice(start, start + LONGEST_FLAG))?.[0];
	return flag !== undefined && at < start + flag.length;
}

/** A stretch of a text; `sign`: it is one invisible character. */
export interface Piece {
	text: string;
	sign: Invisible | null;
}

/** The text, or a stretch of it, cut at its invisible characters. */
export function pieces(
	text: string,
	invisibles: readonly Invisible[] = invisiblesIn(text),
	{ from, to }: Span = { from: 0, to: text.length },
): Piece[] {
	const found: Piece[] = [];
	let at = from;
	for (const sign of invisibles) {
		if (sign.from < from || sign.to > to) continue;
		if (at < sign.from) found.push({ text: text.slice(at, sign.from), sign: null });
		found.push({ text: text.slice(sign.from, sign.to), sign });
		at = sign.to;
	}
	if (at < to) found.push({ text: text.slice(at, to), sign: null });
	return found;
}
