import type * as Y from 'yjs';
import type { DialogueView, DisputeView } from '#lib/document/dialogue-view.ts';
import { areIn } from '#lib/document/blind.ts';
import { progressOf } from '#lib/document/progress.ts';
import { withRatings, type AllRatings } from '#lib/document/ratings.ts';
import { readDialogue, standingOf } from '#lib/document/read-dialogue.ts';
import type { Rubric } from '#lib/document/rubric.ts';
import { advance, mayInvite, type Command, type DialogueState } from '#lib/document/workflow.ts';
import { admit, setDispute, setState, setTogether } from '#lib/document/write-dialogue.ts';
import { Refused } from '#lib/wire/api-error.ts';
import type { User } from '../store/users.ts';
import { onSettledRatings } from './blind.ts';
import type { Context } from './context.ts';
import { judgeParts } from './judge-parts.ts';
import { beginRatingDocument, ratingDocumentOf } from './rating-documents.ts';
import { recordStep } from './record-step.ts';
import { refusalOf } from './refusal.ts';
import { mustStillBe, standingIn } from './standing.ts';

/** A decision that somebody takes about a dialogue as a whole. */
export type Decision =
	| { kind: 'submit' }
	| { kind: 'accept' }
	| { kind: 'take-back' | 'claim' | 'discard' | 'reopen' }
	| { kind: 'return'; reasons: string[]; note: string }
	| { kind: 'skip'; reason: string }
	/** Neither moves the dialogue. */
	| { kind: 'dispute' | 'uphold'; reason: string };

/**
 * Takes a decision: the document's state, the row's and the event are one transaction, and every open socket is
 * judged anew at once.
 * @returns the state it led to.
 * @throws Refused with the reason; nothing has changed then.
 */
export async function decide(
	ctx: Context,
	user: User,
	id: number,
	decision: Decision,
): Promise<{ state: DialogueState }> {
	const standing = await standingIn(ctx, user.id, id);
	const { dialogue, part, role } = standing;
	const project = await ctx.projects.get(dialogue.project);
	const rubric = await ctx.projects.rubric(dialogue.project, dialogue.rubricVersion);
	if (!project || !rubric) throw new Refused('not-found', 'The project of this dialogue is gone');
	let before = dialogue.state;
	let after = before;
	let together = dialogue.together;
	let dispute: DisputeView | null = null;
	let answering: string[] = [];
	/** `given`: what this person has rated blind. */
	const write = (given?: () => AllRatings): Promise<void> =>
		ctx.hub.write(
			id,
			user.id,
			(doc) => {
				const read = readDialogue(doc);
				const view = given ? withRatings(read, [given()]) : read;
				before = view.state;
				const command = asCommand(decision, view, rubric, user.id, dialogue.blind);
				const step = advance(before, command, { part, role });
				if (!step.ok) throw refusalOf(step.why, before);
				after = step.state;
				answering = view.turns
					.filter((turn) => turn.state === 'generating')
					.map((turn) => turn.choice?.id ?? turn.id);
				dispute = disputeAfter(decision, view, user);
				setDispute(doc, dispute);
				together = view.together;
				if (decision.kind === 'dispute' || decision.kind === 'uphold') return;
				setState(doc, after);
				together = after !== 'in_review' && project.together;
				setTogether(doc, together);
				if (decision.kind === 'claim') admit(doc, String(user.id), { name: user.name, part: 'reviewer' });
			},
			async (tx) => {
				await mustStillBe(ctx, tx, user.id, standing);
				await recordStep(ctx, tx, id, {
					from: [before],
					to: after,
					together,
					by: user.id,
					kind: decision.kind,
					details: 'reason' in decision ? { reason: decision.reason } : {},
					disputed: decision.kind === 'dispute',
					...(decision.kind === 'claim' && { reviewer: user.id }),
					...(decision.kind === 'return' && { reasons: decision.reasons, note: decision.note }),
				});
				if (decision.kind === 'claim' && dialogue.blind) await beginRatingDocument(ctx, tx, id, user.id);
			},
		);
	if (dialogue.blind && part !== 'observer' && RESTS_ON_RATINGS.includes(decision.kind))
		await onSettledRatings(ctx, await ratingDocumentOf(ctx, id, user.id), write);
	else await write();
	// Skipped or discarded under the bot: nobody could stop it any more.
	await Promise.all(answering.map((turn) => ctx.generations.stop(turn)));
	await judgeParts(ctx, { dialogue: id });
	return { state: after };
}

/** One dispute a decision: the next decision ends it. */
function disputeAfter(decision: Decision, { dispute }: DialogueView, user: User): DisputeView | null {
	if (decision.kind === 'dispute') return { reason: decision.reason };
	if (decision.kind !== 'uphold' || !dispute) return null;
	return { ...dispute, answer: { by: String(user.id), name: user.name, reason: decision.reason } };
}

/** What nobody decides before their own ratings are in; of a blind dialogue all of it. */
const RESTS_ON_RATINGS: readonly Decision['kind'][] = ['submit', 'accept', 'return'];

function asCommand(
	decision: Decision,
	view: DialogueView,
	rubric: Rubric,
	userId: number,
	blind: boolean,
): Command {
	const progress = progressOf(view, rubric, String(userId));
	const unrated = blind && !areIn(progress);
	switch (decision.kind) {
		case 'submit':
			return { kind: 'submit', ...progress };
		case 'accept':
			return { kind: 'accept', ...progress, unrated };
		case 'return':
			return { ...decision, unrated };
		case 'dispute':
			return { ...decision, disputed: view.dispute !== undefined };
		case 'uphold':
		case 'reopen':
			return { ...decision, disputed: isOpen(view.dispute) };
		default:
			return decision;
	}
}

const isOpen = (dispute: DisputeView | undefined): boolean => dispute !== undefined && !dispute.answer;

/** Asks the other one in to edit and rate, or ends that. */
export async function workTogether(ctx: Context, user: User, id: number, together: boolean): Promise<void> {
	const standing = await standingIn(ctx, user.id, id);
	await ctx.hub.write(
		id,
		user.id,
		(doc) => {
			const { state } = readDialogue(doc);
			if (!mayInvite(standing.part, state)) throw refusalOf('forbidden', state);
			setTogether(doc, together);
		},
		async (tx) => {
			await mustStillBe(ctx, tx, user.id, standing);
			await ctx.dialogues.touch(tx, id, { together });
		},
	);
}

/**
 * The annotator's first edit after a return puts the dialogue in progress again; a reviewer who adds a comment
 * does not. Called after every edit of a returned dialogue: asks before it writes.
 */
export async function resume(ctx: Context, id: number, by: number): Promise<void> {
	const returned = (doc: Y.Doc): boolean => standingOf(doc).state === 'returned';
	if (!(await ctx.hub.read(id, returned))) return;
	const step = advance('returned', { kind: 'resume' }, await standingIn(ctx, by, id));
	if (!step.ok) return;
	await ctx.hub.write(
		id,
		by,
		(doc) => {
			if (returned(doc)) setState(doc, step.state);
		},
		async (tx) => {
			await ctx.dialogues.advance(tx, id, {
				from: ['returned'],
				to: step.state,
				by,
				kind: 'resume',
				details: {},
			});
		},
	);
}
