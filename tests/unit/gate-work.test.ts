/** What an update may cost, in counted steps. */
import { expect, test } from 'vitest';
import { LIMITS } from '../../server/gate/limits.ts';
import { Refusal } from '../../server/gate/refusal.ts';
import { structsOf } from '../../server/gate/rehearsal.ts';
import { HONEST, HOSTILE, type Craft } from '../support/gate-worst.ts';
import { ANN, openWorld, updateOf } from '../support/gate-world.ts';
import { commentsOf, draftOf } from '../../src/lib/document/roots.ts';
import { expectRefused } from '../support/refused.ts';

const crafts = (list: readonly Craft[]): [string, Craft][] => list.map((craft) => [craft.name, craft]);

/** Beyond what an update itself asks for: to copy the document, and to look through it for what a maker knew. */
const DOCUMENTS_OWN = 12;

test.each(crafts(HOSTILE))(
	'[GATE-15] costs no more than it may: %s',
	(_name, { carrier, outcome, prepare }) => {
		const { world, update } = prepare();
		const structs = structsOf(world.doc);
		let came: string = 'accepted';
		try {
			world.receive(ANN, update, { carrier });
		} catch (error) {
			came = error instanceof Refusal ? error.code : String(error);
		}
		expect(came).toBe(outcome);
		// One look, before it is given up, may go beyond.
		expect(world.gate.steps).toBeLessThan(1.05 * LIMITS[carrier].steps + DOCUMENTS_OWN * structs);
	},
);

test.each(crafts(HONEST))('[GATE-15] is not too much: %s', (_name, { carrier, prepare }) => {
	const { world, update } = prepare();
	expect(world.receive(ANN, update, { carrier }).apply).toBe(update);
	expect(world.gate.steps).toBeLessThan(LIMITS[carrier].steps / 2);
});

test('[GATE-15] an update may be a quarter of what a step 2 may be', () => {
	const world = openWorld();
	const update = updateOf(world.copyFor(ANN), (doc) => {
		for (let i = 0; i < 40; i++)
			commentsOf(doc).set(`c${i}`, { author: ANN, text: '字'.repeat(10_000), at: 1 });
	});
	expectRefused(world, ANN, update, 'limit', { carrier: 'update' });
	expect(world.receive(ANN, update, { carrier: 'step 2' }).apply).toBe(update);
});

test('[GATE-15] what a keystroke costs does not grow with the document', () => {
	const world = openWorld();
	const copy = world.copyFor(ANN);
	const cost = (): number => {
		world.receive(
			ANN,
			updateOf(copy, (doc) => draftOf(doc).insert(0, 'x')),
			{ carrier: 'update' },
		);
		return world.gate.steps;
	};
	const before = cost();
	for (let i = 0; i < 3000; i++) {
		const at = (i * 7919) % (draftOf(copy).length + 1);
		world.receive(
			ANN,
			updateOf(copy, (doc) => draftOf(doc).insert(at, 'y')),
		);
	}
	expect(cost()).toBeLessThan(before + 20);
});
