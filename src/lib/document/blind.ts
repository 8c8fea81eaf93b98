import type { DialogueView, TurnView } from './dialogue-view.ts';
import { isRateable, isRated, progressOf, type Progress } from './progress.ts';
import { withRatings, type AllRatings } from './ratings.ts';
import type { Rubric } from './rubric.ts';
import { isWriting, type Actor, type DialogueState } from './workflow.ts';

/** How far somebody has come in a blind dialogue. */
export interface BlindProgress extends Progress {
	/** The responses off the line that they have not rated: while people write, any of them can come back. */
	unratedOffLine: number;
}

/** `view`: with the ratings of this person in it. */
export function blindProgressOf(view: DialogueView, rubric: Rubric, userId: string): BlindProgress {
	const off = view.turns
		.flatMap(offLine)
		.filter((turn) => isRateable(turn) && !isRated(turn, rubric, userId));
	return { ...progressOf(view, rubric, userId), unratedOffLine: off.length };
}

const offLine = ({ earlier, followers }: TurnView): TurnView[] =>
	[...earlier, ...followers].flatMap((turn) => [turn, ...offLine(turn)]);

/** `own`: what their own document holds. */
export function progressWith(
	view: DialogueView,
	own: AllRatings,
	rubric: Rubric,
	userId: string,
): BlindProgress {
	return blindProgressOf(withRatings(view, [own]), rubric, userId);
}

/** Whether somebody's ratings are in: the bot is not answering, and every response and the whole are rated. */
export const areIn = ({ botTurns, ratedTurns, ratedWhole, generating }: Progress): boolean =>
	!generating && botTurns > 0 && ratedTurns === botTurns && ratedWhole;

/**
 * Whether somebody may see what the others gave in a blind dialogue in this state: a reviewer once their own ratings
 * are in; the annotator once theirs are in and the dialogue is decided, each time anew. A lead who does not rate in it
 * sees everything always; whoever else looks on, and may be its next reviewer, nothing.
 */
export function seesOthers({ part, role }: Actor, state: DialogueState, own: BlindProgress): boolean {
	if (part === 'observer') return role === 'lead';
	if (!areIn(own)) return false;
	if (part === 'annotator') return state === 'accepted' || state === 'returned';
	return !isWriting(state) || own.unratedOffLine === 0;
}
