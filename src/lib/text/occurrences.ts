import type { Span } from '../document/comment-anchor.ts';

/** A letter with its marks, composed or not; in Hangul a syllable. */
const LETTER =
	/[\u1100-\u115f\ua960-\ua97c]+[\u1160-\u11a7\ud7b0-\ud7c6]*[\u11a8-\u11ff\ud7cb-\ud7fb]*\p{M}*|\P{M}\p{M}*|\p{M}+/gu;

/** As it is compared: without case, and alike however its letters are composed and its spaces are wide. */
const folded = (text: string): string =>
	text
		.normalize('NFC')
		.toLowerCase()
		.replaceAll('ς', 'σ')
		.replace(/\p{Zs}/gu, ' ');

/** Where `wanted` stands in a text, one behind the other; never a part of a letter. */
export function occurrences(text: string, wanted: string): Span[] {
	const needle = folded(wanted);
	if (needle === '') return [];
	const plain = folded(text);
	if (!plain.includes(needle)) return [];
	const places = placesIn(text, plain);
	const found: Span[] = [];
	for (let at = plain.indexOf(needle); at >= 0;) {
		const [from, to] = [places(at), places(at + needle.length)];
		if (from !== undefined && to !== undefined) found.push({ from, to });
		at = plain.indexOf(needle, from !== undefined && to !== undefined ? at + needle.length : at + 1);
	}
	return found;
}

/** Where in the text a place of its folded form is; undefined within a letter. */
function placesIn(text: string, plain: string): (at: number) => number | undefined {
	// Marks that stand alone may be parts of the letter before them.
	if (plain.length === text.length && !/\p{M}/u.test(plain)) return (at) => at;
	const places = new Map<number, number>();
	let [at, length] = [0, 0];
	for (const [letter] of text.matchAll(LETTER)) {
		places.set(length, at);
		at += letter.length;
		length += folded(letter).length;
	}
	places.set(length, at);
	return (at) => places.get(at);
}

/** Where a place of a text is after a change of it; within what was changed, where the change begins. */
export function carried(at: number, before: string, after: string): number {
	const shorter = Math.min(before.length, after.length);
	let head = 0;
	while (head < shorter && before[head] === after[head]) head += 1;
	let tail = 0;
	while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
	if (at < head) return at;
	if (at >= before.length - tail) return at + after.length - before.length;
	return head;
}
