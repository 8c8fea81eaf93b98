/** What the gate accepts is exactly what `rights` gives: for every state, part and invitation. */
import { describe, expect, test } from 'vitest';
import type * as Y from 'yjs';
import { rate } from '../../src/lib/document/ratings.ts';
import { turnText } from '../../src/lib/document/read-dialogue.ts';
import { choicesOf, commentsOf, draftOf, resolvedOf } from '../../src/lib/document/roots.ts';
import { rights, STATES, type Right } from '../../src/lib/document/workflow.ts';
import { Refusal } from '../../server/gate/refusal.ts';
import { ANN, beginExchange, OBS, openWorld, REV } from '../support/gate-world.ts';

/** What one right lets its holder do. */
const DEEDS: [Right, what: string, deed: (doc: Y.Doc, user: string) => unknown][] = [
	['edit', 'insert into a prompt', (doc) => turnText(doc, 'p0')?.insert(3, 'x')],
	['edit', 'delete from a response', (doc) => turnText(doc, 'b0')?.delete(0, 3)],
	['edit', 'write in a response that the bot is still writing', (doc) => turnText(doc, 'b2')?.insert(0, 'x')],
	['draft', 'draft', (doc) => draftOf(doc).insert(0, 'x')],
	['rate', 'rate', (doc, user) => rate(doc, user, 'b0', 'helpful', { value: 2, why: 'so' })],
	['rate', 'choose', (doc, user) => choicesOf(doc).get(user)?.set('b0', { best: 'c0', degree: 1 })],
	['comment', 'comment', (doc, user) => commentsOf(doc).set('new', { author: user, text: 'x', at: 1 })],
	['resolve', 'resolve', (doc) => resolvedOf(doc).set('some', true)],
];

const PEOPLE = [
	['annotator', ANN],
	['reviewer', REV],
	['observer', OBS],
] as const;

describe.each(STATES)('%s', (state) => {
	describe.each([true, false])('together: %s', (together) => {
		test.each(PEOPLE)('[GATE-1] the %s may do what their rights say, and nothing else', (part, user) => {
			const world = openWorld({ state, together });
			beginExchange(world.doc, 2);
			for (const [right, what, deed] of DEEDS) {
				let outcome = 'nothing to do';
				const copy = world.copyFor(user);
				copy.once('update', (update: Uint8Array) => {
					try {
						world.receive(user, update);
						outcome = 'accepted';
					} catch (error) {
						outcome = error instanceof Refusal ? error.code : String(error);
					}
				});
				deed(copy, user);
				// an observer has no containers of their own to write in
				const has = rights(part, state, together).has(right);
				const expected = has
					? 'accepted'
					: part === 'observer' && right === 'rate'
						? 'nothing to do'
						: 'denied';
				expect(outcome, what).toBe(expected);
			}
		});
	});
});
