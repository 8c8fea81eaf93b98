import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { random } from '../../support/random.ts';

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

/** Types at eight keys a second. @returns how many. */
export async function pressFor(
	seconds: number,
	seed: number,
	press: (key: string) => Promise<void> | void,
): Promise<number> {
	const began = performance.now();
	let pressed = 0;
	for (const key of keysOf(seed)) {
		await pause(Math.max(0, began + pressed * KEY_MS - performance.now()));
		if (performance.now() - began >= seconds * 1000) break;
		await press(key);
		pressed++;
	}
	return pressed;
}
