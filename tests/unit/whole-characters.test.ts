import { expect, test } from 'vitest';
import { WholeCharacters, wholeBeginning } from '../../server/bots/whole-characters.ts';

const SEEDS = [11, 20_261_123, Date.now() % 1_000_000_007];

/** Mulberry32: [0, n). */
function random(seed: number): (n: number) => number {
	let state = seed >>> 0;
	return (n) => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) % n;
	};
}

function mend(pieces: string[]): string[] {
	const text = new WholeCharacters();
	return [...pieces.map((piece) => text.push(piece)), text.end()];
}

test('[BOT-1] a surrogate pair that arrives in halves leaves as one', () => {
	expect(mend(['a\ud83d', '\ude00b'])).toEqual(['a', '😀b', '']);
	expect(mend(['\ud83d', '', '\ude00'])).toEqual(['', '', '😀', '']);
});

test('[BOT-1] half a pair without its partner becomes U+FFFD', () => {
	expect(mend(['a\ud83d', 'b', '\ude00']).join('')).toBe('a\ufffdb\ufffd');
	expect(mend(['a\ud83d']).join('')).toBe('a\ufffd');
});

test('[BOT-2] every kind of line break becomes \\n, also where a border parts \\r from \\n', () => {
	expect(mend(['a\r', '\nb\r\n', 'c\rd', '\r']).join('')).toBe('a\nb\nc\nd\n');
	expect(mend(['\r', '\r', '\n']).join('')).toBe('\n\n');
});

test.each(SEEDS)('[BOT-1] any cutting of any text gives the same whole (seed %i)', (seed) => {
	const int = random(seed);
	const alphabet = ['a', '\r', '\n', '\r\n', '好', '😀', '\ud83d', '\ude00', '\u2028', '👩‍🚀'];
	for (let round = 0; round < 500; round += 1) {
		const text = Array.from({ length: int(30) }, () => alphabet[int(alphabet.length)] as string).join('');
		const pieces = [];
		for (let at = 0; at < text.length;) {
			const size = int(4);
			pieces.push(text.slice(at, at + size));
			at += size;
		}
		const mended = mend(pieces);
		expect(mended.join('')).toBe(text.replace(/\r\n?/g, '\n').toWellFormed());
		for (const piece of mended) expect(piece.isWellFormed()).toBe(true);
	}
});

test('[BOT-1] a cut to a length spares the pair at the border', () => {
	expect(wholeBeginning('a😀b', 2)).toBe('a');
	expect(wholeBeginning('a😀b', 3)).toBe('a😀');
	expect(wholeBeginning('a😀b', 9)).toBe('a😀b');
	expect(wholeBeginning('a😀b', 0)).toBe('');
});
