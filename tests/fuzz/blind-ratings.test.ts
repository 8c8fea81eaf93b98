/** Raters of a blind dialogue, while everything around them comes and goes. `ROUNDS`: so many fresh seeds. */
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ANN, BlindStage, EVERYBODY, RATERS, REV } from '../support/blind-stage.ts';
import { random } from '../support/random.ts';
import { describeRooms } from '../support/room-suite.ts';

const FRESH = Number(process.env['ROUNDS'] ?? 1);
const SEEDS = [
	954_206_466,
	954_299_458,
	...Array.from({ length: FRESH }, (_, n) => (Date.now() + n * 1000) % 1e9),
];
const STEPS = 200;
const WAY = ['submitted', 'in_review', 'accepted', 'in_review', 'returned', 'in_progress'] as const;
const TIMING = { retryEvery: 2, unloadAfter: 5, sleepAfter: 5, tendEvery: 5 };

describeRooms('blind ratings under stress', (open) => {
	test.each(SEEDS)(
		'[BLIND-13] nobody is sent a rating early, all see the same afterwards, and nothing acked is lost (seed %i)',
		async (seed) => {
			const dice = random(seed);
			const rooms = await open({ timing: TIMING });
			const dialogue = await rooms.blindDialogue(...RATERS.map(({ userId }) => userId));
			const stage = new BlindStage(rooms, dialogue, dice);
			for (let step = 0; step < STEPS; step++) {
				stage.tend();
				const rater = dice.pick(RATERS);
				const action = dice.int(40);
				if (action < 14) stage.rate(rater);
				else if (action < 16) stage.rate(rater, undefined, true);
				else if (action < 24) {
					const person = dice.pick(EVERYBODY);
					if (person.userId !== rater.userId) stage.look(person, rater.userId);
				} else if (action < 27) stage.decide();
				else if (action < 30) stage.answer();
				else if (action < 33) dice.pick(stage.pages).provider.disconnect();
				else if (action < 36) stage.connect();
				else if (action === 36) rooms.db.failBefore = dice.int(3);
				else if (action === 37) rooms.db.failAfter = 1;
				else if (action === 38) {
					for (const { provider } of stage.pages) provider.disconnect();
					await pause(30); // rooms are left and fall asleep meanwhile
				} else if (dice.chance(0.3)) await stage.kill();
				if (dice.chance(0.3)) await pause(dice.int(8));
				if (step % 80 === 79) await stage.everybodyLooks();
			}

			await stage.rest();
			if (stage.oracle.dialogue.writing) stage.answer();
			await stage.settled();
			stage.moveTo('in_progress');
			await stage.settled();
			for (const { id } of stage.oracle.dialogue.answers) for (const rater of RATERS) stage.rate(rater, id);
			await stage.everybodyLooks();
			// Opened to all, and closed again to who may not see them any more.
			for (const state of WAY) {
				stage.moveTo(state);
				await stage.everybodyLooks();
				expect(stage.oracle.sees(ANN)).toBe(state === 'accepted' || state === 'returned');
				expect(stage.oracle.sees(REV)).toBe(true);
			}
			// The run was worth something.
			expect(stage.oracle.shown).toBeGreaterThan(5);
			expect(stage.refused.look).toBeGreaterThan(2);
		},
	);
});
