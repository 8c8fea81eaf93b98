import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Movements } from '../../src/lib/live/movements.ts';

const ANA = 7;

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});
const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

test('[TOGETHER-4] who types is said to for seconds after the last key, and not for moving a caret', () => {
	const movements = new Movements();
	movements.moved(ANA, 5); // was typing before anybody looked
	expect(movements.typing(ANA)).toBe(false);
	movements.moved(ANA, 5); // the caret went elsewhere
	movements.moved(ANA, null); // left the text
	movements.moved(ANA, 5); // and came back
	expect(movements.typing(ANA)).toBe(false);
	movements.moved(ANA, 6);
	expect(movements.typing(ANA)).toBe(true);
	later(2_900);
	expect(movements.typing(ANA)).toBe(true);
	movements.moved(ANA, 6);
	later(200);
	expect(movements.typing(ANA)).toBe(false);
	movements.moved(ANA, 0); // another text
	expect(movements.typing(ANA)).toBe(false);
	movements.moved(ANA, 1);
	expect(movements.typing(ANA)).toBe(true);
	movements.left(ANA);
	expect(movements.typing(ANA)).toBe(false);
});

test('[TOGETHER-5] who has moved nothing for a minute is idle until the next move', () => {
	const movements = new Movements();
	expect(movements.idle(ANA)).toBe(false); // counts from the first look
	later(60_000);
	expect(movements.idle(ANA)).toBe(false);
	later(1);
	expect(movements.idle(ANA)).toBe(true);
	movements.moved(ANA);
	expect(movements.idle(ANA)).toBe(false);
});
