import { expect, test } from 'vitest';
import { barsOf, pieceAt, type Piece } from '../../src/lib/text/author-bars.ts';

const LINE = 26;
/** A piece on line `n`, of glyphs lower than the line. */
const piece = (author: string, n: number, left: number, right: number, run = 0): Piece => ({
	author,
	run,
	left,
	right,
	top: n * LINE + 4,
	bottom: n * LINE + 22,
});

test('[AUTHOR-13] lines of the same authors share a bar, also over empty lines; a gap ends it', () => {
	const pieces = [
		piece('bot', 0, 0, 90),
		piece('bot', 1, 0, 40),
		piece('bot', 3, 0, 40),
		piece('bot', 9, 0, 40),
	];
	expect(barsOf(pieces, LINE)).toMatchObject([
		{ top: 0, bottom: 4 * LINE, authors: ['bot'] },
		{ top: 9 * LINE, bottom: 10 * LINE, authors: ['bot'] },
	]);
	expect(barsOf([], LINE)).toEqual([]);
});

test('[AUTHOR-13] a line of several has each of them once, in the order of the text', () => {
	const pieces = [
		piece('2', 1, 60, 80, 3),
		piece('bot', 1, 80, 99, 4),
		piece('bot', 0, 0, 99, 0),
		piece('bot', 1, 0, 10, 0),
		{ ...piece('1', 1, 10, 60, 1), top: LINE + 1, bottom: LINE + 23 }, // of another script
		piece('bot', 2, 0, 20, 4),
	];
	expect(barsOf(pieces, LINE).map(({ authors }) => authors)).toEqual([['bot'], ['bot', '1', '2'], ['bot']]);
});

test('[AUTHOR-13] a point belongs to the piece of its line, with the room above and below the glyphs', () => {
	const pieces = [piece('bot', 0, 0, 50, 0), piece('1', 0, 50, 80, 1), piece('1', 1, 0, 30, 1)];
	const at = (x: number, y: number): number | undefined => pieceAt(pieces, { x, y }, LINE)?.run;
	expect([at(49, 1), at(50, 1), at(20, LINE + 25), at(20, LINE - 1)]).toEqual([0, 1, 1, 0]);
	expect([at(31, LINE + 5), at(90, 5), at(5, 3 * LINE)]).toEqual([undefined, undefined, undefined]);
});
