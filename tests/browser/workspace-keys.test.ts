import { afterEach, expect, test } from 'vitest';
import { keysOf, NO_KEYS, OWN_KEYS } from '../../src/lib/live/key-choice.ts';
import { commandAt } from '../../src/lib/live/workspace-keys.ts';

const OWN = keysOf(OWN_KEYS);
afterEach(() => document.body.replaceChildren());

/** The command that a key gives to the first element of this page. */
function given(html: string, key: KeyboardEventInit, singles = OWN): string | null {
	document.body.innerHTML = html;
	let found: string | null = null;
	const hear = (event: KeyboardEvent): void => void (found = commandAt(event, singles)?.id ?? null);
	addEventListener('keydown', hear);
	const inner = document.querySelector('[data-here]') ?? document.body;
	inner.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...key }));
	removeEventListener('keydown', hear);
	return found;
}
const ctrl = (key: string, code = '', more: KeyboardEventInit = {}): KeyboardEventInit => ({
	key,
	code,
	ctrlKey: true,
	...more,
});

const TURN = '<section data-here tabindex="-1"></section>';
const TEXTS = [
	'<textarea data-here></textarea>',
	'<input data-here type="text">',
	'<div contenteditable="true"><p data-here></p></div>',
];
const CONTROLS = ['<button data-here></button>', '<a href="/"><span data-here></span></a>'];

test('[KEY-2] a chord is heard everywhere, by ⌘ too, and on the keyboard of another script', () => {
	for (const place of [TURN, ...TEXTS, ...CONTROLS]) {
		expect(given(place, ctrl('k'))).toBe('palette');
		expect(given(place, { key: 'k', metaKey: true })).toBe('palette');
		expect(given(place, ctrl('л', 'KeyK'))).toBe('palette');
		expect(given(place, ctrl('/', 'Digit7', { shiftKey: true }))).toBe('help'); // as in German
		expect(given(place, ctrl('Enter', 'Enter', { shiftKey: true }))).toBe('submit');
	}
	expect(given(`<dialog open>${TURN}</dialog>`, ctrl('k'))).toBeNull();
});

test('[KEY-2] what only looks like a chord is none', () => {
	expect(given(TURN, ctrl('K', 'KeyK', { shiftKey: true }))).toBeNull();
	expect(given(TURN, ctrl('k', 'KeyK', { altKey: true }))).toBeNull();
	expect(given(TURN, { key: 'k', altKey: true })).toBeNull();
	expect(given(TURN, ctrl('t', 'KeyK'))).toBeNull(); // Dvorak: the letter counts
	expect(given(TURN, ctrl('k', 'KeyK', { repeat: true }))).toBeNull();
	expect(given(TURN, ctrl('Escape', 'Escape'))).toBeNull();
	expect(given(TURN, ctrl('k', 'KeyK', { isComposing: true }))).toBeNull();
});

test('[KEY-2] Ctrl Enter is done with the turn, and on a button presses it', () => {
	expect(given(TURN, ctrl('Enter', 'Enter'))).toBe('done');
	for (const place of [...TEXTS, ...CONTROLS]) expect(given(place, ctrl('Enter', 'Enter'))).toBeNull();
});

test('[KEY-5] single keys are heard outside of text, and not while they are off', () => {
	const pressed = (place: string, singles = OWN) =>
		['j', 'J', '?', 'q', '1', 'Escape'].map((key) => given(place, { key }, singles));
	const heard = ['next', 'next', 'help', null, null, null];
	expect(pressed(TURN)).toEqual(heard);
	expect(pressed('<input data-here type="radio">')).toEqual(heard);
	for (const text of TEXTS) expect(pressed(text)).toEqual(heard.map(() => null));
	expect(pressed(TURN, new Map(NO_KEYS))).toEqual(heard.map(() => null));
	expect(given(TURN, ctrl('/'), new Map(NO_KEYS))).toBe('help');
	expect(given(TURN, { key: 'j', repeat: true })).toBe('next');
	expect(given(TURN, { key: 'e', repeat: true })).toBeNull();
});
