/** Every forbidden update that we know of: refused with its rule, and the document byte for byte what it was. */
import { describe, expect, test } from 'vitest';
import { ratingsOf } from '../../src/lib/document/ratings.ts';
import { turnText } from '../../src/lib/document/read-dialogue.ts';
import { commentsOf } from '../../src/lib/document/roots.ts';
import { EDITS, FORGERIES } from '../support/gate-attacks/all.ts';
import { busyWorld, type Attack } from '../support/gate-attacks/attack.ts';
import { ANN, REV } from '../support/gate-world.ts';
import { expectRefused } from '../support/refused.ts';

const isRefused = ({ by, code, prepare }: Attack): void => {
	const { world, update } = prepare();
	expectRefused(world, by, update, code);
};
const named = (attacks: readonly Attack[]): [string, Attack][] => attacks.map((one) => [one.name, one]);

describe.each(Object.entries(EDITS))('%s', (_group, attacks) => {
	test.each(named(attacks))('[GATE-2] refuses: %s', (_name, attack) => isRefused(attack));
});
describe.each(Object.entries(FORGERIES))('%s', (_group, attacks) => {
	test.each(named(attacks))('[GATE-3] refuses %s', (_name, attack) => isRefused(attack));
});

test('[GATE-2] the ground of these attacks is legitimate', () => {
	const { doc } = busyWorld();
	expect(Object.keys(ratingsOf(doc, 'b0')).sort()).toEqual([ANN, REV]);
	expect([...commentsOf(doc).keys()].sort()).toEqual([`by-${ANN}`, `by-${REV}`]);
	expect(turnText(doc, 'b0')?.toJSON()).toContain(`${REV}!${ANN}!`);
});
