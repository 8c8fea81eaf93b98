import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { random } from '../../support/random.ts';

/** Between two keys in the middle; nobody types like a clock, and two clocks would press together for ever. */
const KEY_MS = 125;
const WORDS =
	'which makes the next step shorter and leaves more of the answer to those who have read it before'.split(
		' ',
	);

/** Opens a response's editor, with the caret in it. */
export async function beginTyping(page: Page, turn: number): Promise<void> {
	const final = page.getByRole('textbox', { name: `Final text of turn ${turn}`, exact: true });
	await final.scrollIntoViewIfNeeded();
	await final.click();
	await page.locator('.transcript .cm-content').waitFor();
}

/** Words, and one taken back now and then, for as long as somebody asks. */
function* keysOf(seed: number): Generator<string, never> {
	const fate = random(seed);
	for (;;) {
		const word = fate.pick(WORDS);
		yield* [...word, 'Space'];
		if (fate.chance(0.1)) yield* [...word, ' '].map(() => 'Backspace');
	}
}

/** Types at eight keys a second, evenly spread between half and one and a half times as far apart. @returns how many. */
export async function pressFor(
	seconds: number,
	seed: number,
	press: (key: string) => Promise<void> | void,
): Promise<number> {
	const rhythm = random(seed);
	const began = performance.now();
	let due = began;
	let pressed = 0;
	for (const key of keysOf(seed)) {
		due += KEY_MS * (0.5 + rhythm.next());
		await pause(Math.max(0, due - performance.now()));
		if (performance.now() - began >= seconds * 1000) break;
		await press(key);
		pressed++;
	}
	return pressed;
}
