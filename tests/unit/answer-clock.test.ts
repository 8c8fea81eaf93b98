import { expect, test } from 'vitest';
import { AnswerClock } from '../../server/store/answer-clock.ts';

test('[DB-11] what does not call back in time is given up, what does is answered, also with an error', async () => {
	const clock = new AnswerClock(50);
	const silent = clock.answer<number>(() => undefined);
	await expect(clock.answer<number>((callback) => callback(null, 7))).resolves.toBe(7);
	await expect(clock.answer<number>((callback) => callback(new Error('a syntax error'), 0))).rejects.toThrow(
		'a syntax error',
	);
	await expect(silent).rejects.toThrow('did not answer');
	clock.stop();
});
