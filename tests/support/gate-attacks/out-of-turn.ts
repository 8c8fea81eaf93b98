/** Everything that somebody may not do in a state: for every state, part and invitation. */
import type * as Y from 'yjs';
import { commentsOf, draftOf, resolvedOf } from '../../../src/lib/document/roots.ts';
import { rights, STATES, type Right } from '../../../src/lib/document/workflow.ts';
import { setState, setTogether } from '../../../src/lib/document/write-dialogue.ts';
import { ANN, OBS, REV } from '../gate-world.ts';
import { busyWorld, choices, edits, ratings, remark, text, type Attack } from './attack.ts';

type Deed = [needs: Right, what: string, deed: (doc: Y.Doc, user: string) => void];

const another = (user: string): string => (user === ANN ? REV : ANN);

const DEEDS: readonly Deed[] = [
	['edit', 'write in a prompt', (d) => text(d, 'p0').insert(3, 'x')],
	['edit', 'write in a response', (d) => text(d).insert(0, 'x')],
	['edit', 'delete from a response', (d) => text(d).delete(0, 1)],
	['edit', 'write in a response that the bot is still writing', (d) => text(d, 'b2').insert(0, 'x')],
	['draft', 'draft', (d) => draftOf(d).insert(0, 'x')],
	['draft', 'delete the draft', (d) => draftOf(d).delete(0, 4)],
	['rate', 'rate', (d, user) => ratings(d, user).set('b1/helpful', { value: 1 })],
	['rate', 'change a rating', (d, user) => ratings(d, user).set('b0/helpful', { value: 1 })],
	['rate', 'take a rating back', (d, user) => ratings(d, user).delete('b0/helpful')],
	['rate', 'choose', (d, user) => choices(d, user).set('b1', { best: 'tie', degree: 0 })],
	['rate', 'take a choice back', (d, user) => choices(d, user).delete('b0')],
	['comment', 'comment', (d, user) => commentsOf(d).set('new', remark(user))],
	['comment', 'answer', (d, user) => commentsOf(d).set('new', { ...remark(user), replyTo: `by-${ANN}` })],
	['comment', 'change a comment', (d, user) => commentsOf(d).set(`by-${user}`, remark(user, 'else'))],
	['comment', 'delete a comment', (d, user) => commentsOf(d).delete(`by-${user}`)],
	['resolve', 'resolve another’s thread', (d, user) => resolvedOf(d).set(`by-${another(user)}`, true)],
	['resolve', 'take another’s mark back', (d, user) => resolvedOf(d).delete(`by-${another(user)}`)],
	[
		'resolve',
		'take another’s comment over and resolve its thread',
		(d, user) => {
			resolvedOf(d).set(`by-${another(user)}`, true);
			commentsOf(d).set(`by-${another(user)}`, remark(user));
		},
	],
	[
		'resolve',
		'answer another’s thread and resolve it',
		(d, user) => {
			commentsOf(d).set('new', { ...remark(user), replyTo: `by-${another(user)}` });
			resolvedOf(d).set(`by-${another(user)}`, true);
		},
	],
	['comment', 'resolve a thread', (d, user) => resolvedOf(d).set(`by-${user}`, true)],
	['comment', 'take a mark back', (d, user) => resolvedOf(d).delete(`by-${user}`)],
];

const PEOPLE = [
	['annotator', ANN],
	['reviewer', REV],
	['observer', OBS],
] as const;

/** An observer has neither containers nor comments of their own. */
const needsOwn = ([needs, what]: Deed): boolean =>
	needs === 'rate' || /^(change|delete) a comment$|^(resolve|take) a /.test(what);

export const OUT_OF_TURN: readonly Attack[] = STATES.flatMap((state) =>
	[true, false].flatMap((together) =>
		PEOPLE.flatMap(([part, user]) =>
			DEEDS.filter((deed) => !rights(part, state, together).has(deed[0]))
				.filter((deed) => part !== 'observer' || !needsOwn(deed))
				.flatMap(([, what, deed]) =>
					edits(
						[
							[
								`${what}, ${part} in ${state}${together ? ', together' : ''}`,
								user,
								(d) => deed(d, user),
								'denied',
							],
						],
						() => {
							const world = busyWorld();
							setState(world.doc, state);
							setTogether(world.doc, together);
							return world;
						},
					),
				),
		),
	),
);
