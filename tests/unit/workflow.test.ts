import { describe, expect, test } from 'vitest';
import {
	advance,
	mayInvite,
	partOf,
	rights,
	ROLES,
	STATES,
	type Actor,
	type Command,
	type DialogueState,
	type Part,
} from '../../src/lib/document/workflow.ts';

const PARTS: Part[] = ['annotator', 'reviewer', 'observer'];
const ACTORS: Actor[] = PARTS.flatMap((part) => ROLES.map((role) => ({ part, role })));

const ready = {
	kind: 'submit',
	ratedTurns: 2,
	botTurns: 2,
	ratedWhole: true,
	staleTurns: 0,
	generating: false,
} as const;

/** The whole machine: who may, and where it leads from where. What is not listed is refused. */
const MACHINE: [Command, may: string, leads: Partial<Record<DialogueState, DialogueState>>][] = [
	[
		{ kind: 'send' },
		'annotator/* reviewer/*',
		{ draft: 'in_progress', in_progress: 'in_progress', returned: 'in_progress' },
	],
	[{ kind: 'resume' }, 'annotator/*', { returned: 'in_progress' }],
	[ready, 'annotator/*', { in_progress: 'submitted', returned: 'submitted' }],
	[{ kind: 'take-back' }, 'annotator/*', { submitted: 'in_progress' }],
	[
		{ kind: 'claim' },
		'reviewer/reviewer reviewer/lead observer/reviewer observer/lead',
		{ submitted: 'in_review' },
	],
	[{ kind: 'accept', staleTurns: 0 }, 'reviewer/*', { in_review: 'accepted' }],
	[{ kind: 'return', reasons: ['factual'] }, 'reviewer/*', { in_review: 'returned' }],
	[{ kind: 'skip', reason: 'unclear' }, 'annotator/*', { draft: 'skipped', in_progress: 'skipped' }],
	[{ kind: 'reopen' }, '*/lead', { accepted: 'in_review' }],
	[{ kind: 'reopen', disputed: true }, '*/lead reviewer/*', { accepted: 'in_review', returned: 'in_review' }],
	[
		{ kind: 'dispute', reason: 'so' },
		'annotator/*',
		{ accepted: 'accepted', returned: 'returned', discarded: 'discarded' },
	],
	[{ kind: 'dispute', reason: 'so', disputed: true }, 'annotator/*', {}],
	[{ kind: 'uphold', reason: 'so' }, 'reviewer/* observer/lead', {}],
	[
		{ kind: 'uphold', reason: 'so', disputed: true },
		'reviewer/* observer/lead',
		Object.fromEntries(STATES.map((state) => [state, state])),
	],
	[
		{ kind: 'discard' },
		'*/lead',
		{
			draft: 'discarded',
			in_progress: 'discarded',
			submitted: 'discarded',
			in_review: 'discarded',
			returned: 'discarded',
			accepted: 'discarded',
			skipped: 'discarded',
		},
	],
];

function isAmong({ part, role }: Actor, list: string): boolean {
	return list.split(' ').some((entry) => {
		const [p, r] = entry.split('/');
		return (p === '*' || p === part) && (r === '*' || r === role);
	});
}

describe.each(MACHINE)('$kind', (command, may, leads) => {
	test.each(STATES)('[WORKFLOW-1] from %s, by everyone', (state) => {
		for (const actor of ACTORS) {
			const to = leads[state];
			const allowed = isAmong(actor, may);
			const expected = !allowed
				? { ok: false, why: 'forbidden' }
				: to === undefined
					? { ok: false, why: 'state' }
					: { ok: true, state: to };
			expect(advance(state, command, actor), `${actor.part}/${actor.role}`).toEqual(expected);
		}
	});
});

const annotator: Actor = { part: 'annotator', role: 'annotator' };
const reviewer: Actor = { part: 'reviewer', role: 'reviewer' };

test('[WORKFLOW-2] a dialogue is submitted when no bot writes, there is a response, and every one is rated', () => {
	const submit = (change: object) => advance('in_progress', { ...ready, ...change }, annotator);
	expect(submit({ generating: true })).toEqual({ ok: false, why: 'generating' });
	expect(submit({ botTurns: 0, ratedTurns: 0 })).toEqual({ ok: false, why: 'empty' });
	expect(submit({ ratedTurns: 1 })).toEqual({ ok: false, why: 'unrated' });
	expect(submit({ ratedWhole: false })).toEqual({ ok: false, why: 'unrated' });
	expect(submit({ staleTurns: 1 })).toEqual({ ok: false, why: 'stale' });
	expect(submit({})).toEqual({ ok: true, state: 'submitted' });
	// a person or a state that is not right is said first
	expect(advance('accepted', { ...ready, botTurns: 0 }, annotator)).toEqual({ ok: false, why: 'state' });
	expect(advance('in_progress', { ...ready, botTurns: 0 }, reviewer)).toEqual({
		ok: false,
		why: 'forbidden',
	});
});

test('[WORKFLOW-8] nothing is accepted while a response is stale', () => {
	expect(advance('in_review', { kind: 'accept', staleTurns: 1 }, reviewer)).toEqual({
		ok: false,
		why: 'stale',
	});
	expect(advance('submitted', { kind: 'accept', staleTurns: 1 }, reviewer)).toEqual({
		ok: false,
		why: 'state',
	});
});

test('[WORKFLOW-3] returning, skipping, disputing and upholding need a reason', () => {
	expect(advance('accepted', { kind: 'dispute', reason: '' }, annotator)).toEqual({
		ok: false,
		why: 'reason',
	});
	expect(advance('accepted', { kind: 'uphold', reason: '', disputed: true }, reviewer)).toEqual({
		ok: false,
		why: 'reason',
	});
	expect(advance('in_review', { kind: 'return', reasons: [] }, reviewer)).toEqual({
		ok: false,
		why: 'reason',
	});
	expect(advance('draft', { kind: 'skip', reason: '' }, annotator)).toEqual({ ok: false, why: 'reason' });
});

test('[WORKFLOW-4] nobody reviews their own dialogue', () => {
	for (const role of ROLES) {
		expect(advance('submitted', { kind: 'claim' }, { part: 'annotator', role })).toEqual({
			ok: false,
			why: 'forbidden',
		});
	}
});

const ALL = 'edit rate draft comment resolve';
const REVIEWING = 'edit rate comment resolve';

/** state → annotator alone · reviewer alone · annotator together · reviewer together. */
const RIGHTS: Record<DialogueState, [string, string, string, string]> = {
	draft: [ALL, 'comment', ALL, ALL],
	in_progress: [ALL, 'comment', ALL, ALL],
	returned: [ALL, 'comment', ALL, ALL],
	in_review: ['comment', REVIEWING, REVIEWING, REVIEWING],
	submitted: ['', '', '', ''],
	accepted: ['', '', '', ''],
	skipped: ['', '', '', ''],
	discarded: ['', '', '', ''],
};

test.each(STATES)('[WORKFLOW-5] who may write what in %s', (state) => {
	const [annotatorAlone, reviewerAlone, annotatorTogether, reviewerTogether] = RIGHTS[state];
	const list = (part: Part, together: boolean): string[] => [...rights(part, state, together)].sort();
	const words = (text: string): string[] => text.split(' ').filter(Boolean).sort();
	expect(list('annotator', false)).toEqual(words(annotatorAlone));
	expect(list('reviewer', false)).toEqual(words(reviewerAlone));
	expect(list('annotator', true)).toEqual(words(annotatorTogether));
	expect(list('reviewer', true)).toEqual(words(reviewerTogether));
	expect(list('observer', true)).toEqual([]);
	expect(list('observer', false)).toEqual([]);
});

test.each(STATES)(
	'[WORKFLOW-6] who may ask the other in, in %s: the one who writes without being asked',
	(state) => {
		for (const part of PARTS)
			expect(mayInvite(part, state), part).toBe(rights(part, state, false).has('edit'));
	},
);

test('[WORKFLOW-7] what somebody is in a dialogue follows from whose it is and their role in the project', () => {
	const open = { annotator: 1, reviewer: null };
	const claimed = { annotator: 1, reviewer: 2 };
	expect(partOf(open, 1, 'annotator')).toBe('annotator');
	expect(partOf(open, 1, 'lead')).toBe('annotator');
	expect(partOf(open, 2, 'reviewer')).toBe('reviewer');
	expect(partOf(claimed, 2, 'reviewer')).toBe('reviewer');
	expect(partOf(claimed, 2, 'lead')).toBe('reviewer');
	expect(partOf(claimed, 3, 'reviewer')).toBe('observer');
	expect(partOf(claimed, 3, 'lead')).toBe('observer');
	expect(partOf(claimed, 3, 'annotator')).toBeNull();
	expect(partOf(claimed, 1, null)).toBeNull();
});
