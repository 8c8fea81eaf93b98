import { expect, test } from 'vitest';
import { previewed } from '../../src/lib/text/previewed.ts';

const MOST = 50_000;

test.each([
	['a text that is not longer is shown whole', 'x'.repeat(MOST), MOST],
	['a longer one to the end of the last line before', `${'x'.repeat(30_000)}\n${'y'.repeat(30_000)}`, 30_001],
	['with the line whose end is the last character', `${'x'.repeat(MOST - 1)}\ny`, MOST],
	['one whose lines are too long, into its line', 'x'.repeat(MOST + 1), MOST],
	['but into no character', `x${'😀'.repeat(MOST)}`, MOST - 1],
])('[PREVIEW-6] %s', (_, text, length) => {
	expect(previewed(text)).toBe(text.slice(0, length));
});
