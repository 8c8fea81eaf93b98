import type { DialogueView } from './dialogue-view.ts';
import { progressOf, type Progress } from './progress.ts';
import { withRatings, type AllRatings } from './ratings.ts';
import type { Rubric } from './rubric.ts';
import type { Actor, DialogueState } from './workflow.ts';

/** How far somebody has come in a blind dialogue; `own`: what their own document holds. */
export function progressWith(view: DialogueView, own: AllRatings, rubric: Rubric, userId: string): Progress {
	return progressOf({ ...view, turns: withRatings(view.turns, [own]) }, rubric, userId);
}

/** Whether somebody's ratings are in: the bot is not answering, and every response is rated whole. */
export const areIn = ({ botTurns, ratedTurns, generating }: Progress): boolean =>
	!generating && botTurns > 0 && ratedTurns === botTurns;

/**
 * Whether somebody may see what the others gave in a blind dialogue in this state: a reviewer once their own ratings
 * are in; the annotator once theirs are in and the dialogue is decided, each time anew. A lead who does not rate in it
 * sees everything always; whoever else looks on, and may be its next reviewer, nothing.
 */
export function seesOthers({ part, role }: Actor, state: DialogueState, own: Progress): boolean {
	if (part === 'observer') return role === 'lead';
	return areIn(own) && (part === 'reviewer' || state === 'accepted' || state === 'returned');
}
