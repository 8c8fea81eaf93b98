/** What in a text is worth a second look. It is told, never changed. */
import type { Span } from '../document/comment-anchor.ts';
import { invisiblesIn, type InvisibleKind } from './invisible.ts';
import { mixedWidthIn } from './punctuation.ts';

export interface Warning extends Span {
	kind: InvisibleKind | 'half-width' | 'full-width';
	/** What stands there: the name of an invisible character, or the signs themselves. */
	sign: string;
	/** How many such characters stand there side by side. */
	times: number;
	/** The text around it, in reading order. */
	before: string;
	after: string;
}

/** In the order of the text. */
export function lint(text: string): Warning[] {
	const found: Omit<Warning, 'before' | 'after'>[] = [];
	for (const { from, to, kind, label: sign } of invisiblesIn(text)) {
		const last = found.at(-1);
		if (last?.to === from && last.kind === kind && last.sign === sign) {
			last.to = to;
			last.times += 1;
		} else found.push({ from, to, kind, sign, times: 1 });
	}
	for (const { from, to, kind } of mixedWidthIn(text))
		found.push({ from, to, kind, sign: text.slice(from, to), times: 1 });
	return found
		.sort((a, b) => a.from - b.from)
		.map((one) => ({ ...one, before: endOf(text.slice(0, one.from)), after: startOf(text.slice(one.to)) }));
}

const AROUND = 12;
/** With the half of a character that a cut leaves. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cs}]+/gu;

/** Whole characters of the same line. */
const endOf = (text: string): string =>
	[
		...(text
			.slice(-2 * AROUND)
			.split('\n')
			.at(-1) ?? ''),
	]
		.slice(-AROUND)
		.join('')
		.replace(UNSEEN, '');
const startOf = (text: string): string =>
	[...(text.slice(0, 2 * AROUND).split('\n', 1)[0] ?? '')].slice(0, AROUND).join('').replace(UNSEEN, '');
