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

/** Types words at eight keys a second, and takes one back now and then. @returns the keys pressed. */
export async function typeFor(page: Page, seconds: number, seed: number): Promise<number> {
	const fate = random(seed);
	const began = performance.now();
	let keys: string[] = [];
	let pressed = 0;
	for (; performance.now() - began < seconds * 1000; pressed++) {
		if (keys.length === 0) {
			const word = fate.pick(WORDS);
			keys = [...word, 'Space'];
			if (fate.chance(0.1)) keys.push(...[...word, ' '].map(() => 'Backspace'));
		}
		await pause(Math.max(0, began + pressed * KEY_MS - performance.now()));
		await page.keyboard.press(keys.shift() ?? 'Space');
	}
	return pressed;
}
