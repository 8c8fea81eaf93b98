/** What the gate accepts is exactly what `rights` gives: for every state, part and invitation. */
import { describe, expect, test } from 'vitest';
import type * as Y from 'yjs';
import { rate } from '../../src/lib/document/ratings.ts';
import { turnText } from '../../src/lib/document/read-dialogue.ts';
import { choicesOf, commentsOf, draftOf, resolvedOf } from '../../src/lib/document/roots.ts';
import { rights, STATES, type Right } from '../../src/lib/document/workflow.ts';
import { setState, setTogether } from '../../src/lib/document/write-dialogue.ts';
import { ANN, beginExchange, OBS, openWorld, REV, RITA } from '../support/gate-world.ts';
import { expectRefused } from '../support/refused.ts';

/** What one right lets its holder do. */
const DEEDS: [Right, what: string, deed: (doc: Y.Doc, user: string) => unknown][] = [
	['edit', 'insert into a prompt', (doc) => turnText(doc, 'p0')?.insert(3, 'x')],
	['edit', 'delete from a response', (doc) => turnText(doc, 'b0')?.delete(0, 3)],
	['edit', 'write in a response that the bot is still writing', (doc) => turnText(doc, 'b2')?.insert(0, 'x')],
	['draft', 'draft', (doc) => draftOf(doc).insert(0, 'x')],
	['rate', 'rate', (doc, user) => rate(doc, user, 'b0', 'helpful', { value: 2, why: 'so' })],
	['rate', 'choose', (doc, user) => choicesOf(doc).get(user)?.set('b0', { best: 'c0', degree: 1 })],
	['comment', 'comment', (doc, user) => commentsOf(doc).set('new', { author: user, text: 'x', at: 1 })],
	['resolve', 'resolve a thread of another', (doc) => resolvedOf(doc).set('some', true)],
	['comment', 'resolve a thread of one’s own', (doc, user) => resolvedOf(doc).set(`by-${user}`, true)],
	['comment', 'reopen a thread of one’s own', (doc, user) => resolvedOf(doc).delete(`by-${user}`)],
	[
		'comment',
		'begin a thread and resolve it',
		(doc, user) =>
			doc.transact(() => {
				resolvedOf(doc).set('new', true);
				commentsOf(doc).set('new', { author: user, text: 'x', at: 1 });
			}),
	],
];

const PEOPLE = [
	['annotator', ANN],
	['reviewer', REV],
	['observer', OBS],
] as const;

describe.each(STATES)('%s', (state) => {
	describe.each([true, false])('together: %s', (together) => {
		test.each(PEOPLE)('[GATE-1] the %s may do what their rights say, and nothing else', (part, user) => {
			const world = openWorld();
			world.edit(RITA, (doc) => commentsOf(doc).set('some', { author: RITA, text: 'x', at: 1 }));
			for (const author of [ANN, REV])
				world.edit(author, (doc) => commentsOf(doc).set(`by-${author}`, { author, text: 'x', at: 1 }));
			world.edit(REV, (doc) => [ANN, REV].forEach((author) => resolvedOf(doc).set(`by-${author}`, true)));
			beginExchange(world.doc, 2);
			setState(world.doc, state);
			setTogether(world.doc, together);
			for (const [right, what, deed] of DEEDS) {
				const copy = world.copyFor(user);
				const updates: Uint8Array[] = [];
				copy.on('update', (update: Uint8Array) => updates.push(update));
				deed(copy, user);
				// an observer has nothing of their own to write in or to delete
				const lacks = part === 'observer' && (right === 'rate' || what.startsWith('reopen'));
				expect(updates.length, what).toBe(lacks ? 0 : 1);
				for (const update of updates) {
					if (!rights(part, state, together).has(right)) expectRefused(world, user, update, 'denied');
					else expect(world.receive(user, update).apply, what).not.toBeNull();
				}
			}
		});
	});
});
