import { expect, test } from 'vitest';
import { Callers } from '../../server/rooms/callers.ts';
import { LIMITS } from '../../server/rooms/limits.ts';

const MUCH = 1e9;

test('[ROOM-67] who leaves with all their sockets and comes again still owes what they sent', () => {
	const callers = new Callers(LIMITS);
	const now = performance.now();
	for (const rate of callers.come(1)?.rates ?? []) rate.hear(MUCH, now);
	callers.go(1);
	const owed = (userId: number): number =>
		Math.max(...(callers.come(userId)?.rates.map((rate) => rate.hear(1, now)) ?? []));
	expect(owed(1)).toBeGreaterThan(0);
	expect(owed(2)).toBe(0);
});

test('[ROOM-71] who leaves with all their sockets and comes again still owes what their changes cost', () => {
	const callers = new Callers(LIMITS);
	const now = performance.now();
	callers.come(1)?.work.take(MUCH, now);
	callers.go(1);
	expect(callers.come(1)?.work.take(0, now)).toBeGreaterThan(0);
	expect(callers.come(2)?.work.take(0, now)).toBe(0);
});

test('[ROOM-75] a user’s sockets may come so often in a burst, and have to stay away after that; another’s may come', () => {
	const callers = new Callers({ ...LIMITS, userKnocks: { burst: 3, perSecond: 0.001 } });
	expect([1, 2, 3, 4].map(() => callers.knock(1))).toEqual([true, true, true, false]);
	expect(callers.knock(2)).toBe(true);
});
