/**
 * The life of a dialogue: one pure state machine, read by the server to decide and by the page to enable.
 * Invariant: whatever changes a dialogue's state passes through `advance`.
 */

export const STATES = [
	'draft',
	'in_progress',
	'submitted',
	'in_review',
	'returned',
	'accepted',
	'skipped',
	'discarded',
] as const;
export type DialogueState = (typeof STATES)[number];

/** What somebody is in one dialogue; a lead and everybody else who may look observes. */
export type Part = 'annotator' | 'reviewer' | 'observer';

/** A member's role in a project. */
export const ROLES = ['annotator', 'reviewer', 'lead'] as const;
export type Role = (typeof ROLES)[number];

export type Command =
	| { kind: 'send' }
	| { kind: 'resume' } // the first edit after a return
	| {
			kind: 'submit';
			ratedTurns: number;
			botTurns: number;
			ratedWhole: boolean;
			staleTurns: number;
			generating: boolean;
	  }
	/** `unrated`: who reviews blind has not rated everything. */
	| { kind: 'accept'; staleTurns: number; unrated?: boolean }
	| { kind: 'take-back' | 'claim' | 'discard' }
	/** `disputed`: its annotator disputes the decision, and nobody has answered that. */
	| { kind: 'reopen'; disputed?: boolean }
	/** `disputed`: they have disputed it already, answered or not. */
	| { kind: 'dispute'; reason: string; disputed?: boolean }
	| { kind: 'uphold'; reason: string; disputed?: boolean }
	| { kind: 'return'; reasons: readonly string[]; unrated?: boolean }
	| { kind: 'skip'; reason: string };

export const RETURN_REASONS = ['factual', 'format', 'rubric', 'language', 'incomplete', 'other'] as const;
export type ReturnReason = (typeof RETURN_REASONS)[number];
export const SKIP_REASONS = ['unclear', 'unsafe', 'not-my-field', 'bot-broken', 'other'] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/** Who asks: what the person is in this dialogue, and what in its project. */
export interface Actor {
	part: Part;
	role: Role;
}

export type Step =
	| { ok: true; state: DialogueState }
	/** `state`: not now; `forbidden`: not this person; the rest: what is missing. */
	| {
			ok: false;
			why: 'state' | 'forbidden' | 'empty' | 'generating' | 'stale' | 'unrated' | 'reason';
	  };

/** A decision stands that its annotator may dispute. */
const DECIDED: readonly DialogueState[] = ['accepted', 'returned', 'discarded'];

const WRITING: readonly DialogueState[] = ['draft', 'in_progress', 'returned'];

/** Whether turns come and go in this state. */
export const isWriting = (state: DialogueState): boolean => WRITING.includes(state);

/** Where `command` leads from `state`, or why it does not. */
export function advance(state: DialogueState, command: Command, actor: Actor): Step {
	const from = (allowed: readonly DialogueState[], may: boolean, to: DialogueState): Step => {
		if (!may) return { ok: false, why: 'forbidden' };
		return allowed.includes(state) ? { ok: true, state: to } : { ok: false, why: 'state' };
	};
	const { part, role } = actor;
	switch (command.kind) {
		case 'send':
			return from(WRITING, part !== 'observer', 'in_progress');
		case 'resume':
			return from(['returned'], part === 'annotator', 'in_progress');
		case 'submit': {
			const step = from(['in_progress', 'returned'], part === 'annotator', 'submitted');
			if (!step.ok) return step;
			if (command.generating) return { ok: false, why: 'generating' };
			if (command.botTurns === 0) return { ok: false, why: 'empty' };
			if (command.staleTurns > 0) return { ok: false, why: 'stale' };
			const rated = command.ratedTurns === command.botTurns && command.ratedWhole;
			return rated ? step : { ok: false, why: 'unrated' };
		}
		case 'take-back':
			return from(['submitted'], part === 'annotator', 'in_progress');
		case 'claim':
			return from(['submitted'], part !== 'annotator' && role !== 'annotator', 'in_review');
		case 'accept': {
			const step = from(['in_review'], part === 'reviewer', 'accepted');
			if (!step.ok) return step;
			if (command.staleTurns > 0) return { ok: false, why: 'stale' };
			return command.unrated ? { ok: false, why: 'unrated' } : step;
		}
		case 'return': {
			const step = from(['in_review'], part === 'reviewer', 'returned');
			if (!step.ok) return step;
			if (command.reasons.length === 0) return { ok: false, why: 'reason' };
			return command.unrated ? { ok: false, why: 'unrated' } : step;
		}
		case 'skip': {
			const step = from(['draft', 'in_progress'], part === 'annotator', 'skipped');
			return step.ok && command.reason === '' ? { ok: false, why: 'reason' } : step;
		}
		case 'reopen': {
			const mayAnswer = role === 'lead' || (command.disputed === true && part === 'reviewer');
			return from(command.disputed ? ['accepted', 'returned'] : ['accepted'], mayAnswer, 'in_review');
		}
		case 'dispute': {
			const step = from(command.disputed ? [] : DECIDED, part === 'annotator', state);
			return step.ok && command.reason === '' ? { ok: false, why: 'reason' } : step;
		}
		case 'uphold': {
			const mayAnswer = part === 'reviewer' || (role === 'lead' && part !== 'annotator');
			const step = from(command.disputed ? STATES : [], mayAnswer, state);
			return step.ok && command.reason === '' ? { ok: false, why: 'reason' } : step;
		}
		case 'discard':
			return from(
				STATES.filter((s) => s !== 'discarded'),
				role === 'lead',
				'discarded',
			);
	}
}

/** What a person may do inside a dialogue at this moment; each path of the document asks for one of these. */
export type Right = 'edit' | 'rate' | 'draft' | 'comment' | 'resolve';

const NONE: ReadonlySet<Right> = new Set();
const WRITES: ReadonlySet<Right> = new Set(['edit', 'rate', 'draft', 'comment', 'resolve']);
const REVIEWS: ReadonlySet<Right> = new Set(['edit', 'rate', 'comment', 'resolve']);
const SPEAKS: ReadonlySet<Right> = new Set(['comment']);

/** `together`: whoever leads in this state has asked the other in. */
export function rights(part: Part, state: DialogueState, together: boolean): ReadonlySet<Right> {
	if (part === 'observer') return NONE;
	if (isWriting(state)) return part === 'annotator' || together ? WRITES : SPEAKS;
	if (state !== 'in_review') return NONE;
	return part === 'reviewer' || together ? REVIEWS : SPEAKS;
}

/** Who may ask the other in: the one whose turn it is to write. */
export function mayInvite(part: Part, state: DialogueState): boolean {
	return isWriting(state) ? part === 'annotator' : state === 'in_review' && part === 'reviewer';
}

/**
 * What `userId` is in a dialogue; null: nothing, it is not to be seen. While nobody has claimed it, every
 * reviewer of the project may come in as its reviewer.
 */
export function partOf(
	dialogue: { annotator: number; reviewer: number | null },
	userId: number,
	role: Role | null,
): Part | null {
	if (role === null) return null;
	if (userId === dialogue.annotator) return 'annotator';
	if (userId === dialogue.reviewer) return 'reviewer';
	if (role === 'reviewer') return dialogue.reviewer === null ? 'reviewer' : 'observer';
	return role === 'lead' ? 'observer' : null;
}
