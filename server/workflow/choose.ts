import type * as Y from 'yjs';
import { ALL_BAD, choose, isOf, TIE, USUAL_DEGREE } from '#lib/document/choices.ts';
import type { ChoiceView, DialogueView, TurnView } from '#lib/document/dialogue-view.ts';
import { readDialogue, type Standing } from '#lib/document/read-dialogue.ts';
import type { Choice } from '#lib/document/schema.ts';
import { isWriting, rights, type Part } from '#lib/document/workflow.ts';
import { makeFinal, nameBots } from '#lib/document/write-candidates.ts';
import { admit } from '#lib/document/write-dialogue.ts';
import { Refused } from '#lib/wire/api-error.ts';
import type { User } from '../store/users.ts';
import type { Context } from './context.ts';
import { newId } from './new-id.ts';
import { ratingDocumentOf } from './rating-documents.ts';
import { refusalOf } from './refusal.ts';
import { standingIn } from './standing.ts';

/** What somebody chooses: a candidate's id, `tie` or `bad`. */
export interface Choosing {
	best: string;
	degree?: number | undefined;
}

/**
 * Chooses the best of several responses. Whoever may rate may choose, for themselves. While a dialogue is written its
 * annotator's choice also makes Final, and then the bots are named.
 * @throws Refused, and nothing has changed then.
 */
export async function chooseResponse(
	ctx: Context,
	user: User,
	id: number,
	turnId: string,
	choosing: Choosing,
): Promise<void> {
	const { dialogue, part } = await standingIn(ctx, user.id, id);
	const view = await ctx.hub.read(id, readDialogue);
	const { choice: asked } = choosableIn(view, turnId, choosing.best);
	mustRate(part, view);
	const bots = await ctx.candidateBots.of(
		id,
		asked.candidates.map((candidate) => candidate.id),
	);
	const given = asChoice(choosing);
	const anew = newId();
	/** Within a write. */
	const decide = (doc: Y.Doc, keep: () => void): void => {
		const now = readDialogue(doc);
		const { id: turn } = choosableIn(now, turnId, choosing.best);
		mustRate(part, now);
		keep();
		if (part !== 'annotator' || !isWriting(now.state)) return;
		nameBots(doc, bots);
		makeFinal(doc, turn, given.best, anew);
	};
	const touch: Parameters<typeof ctx.hub.write>[3] = (tx) => ctx.dialogues.touch(tx, id, {});
	if (!dialogue.blind)
		return ctx.hub.write(
			id,
			user.id,
			(doc) =>
				decide(doc, () => {
					admit(doc, user.id, { name: user.name, part });
					choose(doc, user.id, asked.id, given);
				}),
			touch,
		);
	// Nobody rates by a state that may never come to be: a rating document waits while a decision is being stored.
	await ctx.hub.write(await ratingDocumentOf(ctx, id, user.id), user.id, (own) => {
		const standing = ctx.hub.standingIn(id);
		if (standing) mustRate(part, standing);
		choose(own, user.id, asked.id, given);
	});
	if (part === 'annotator') await ctx.hub.write(id, user.id, (doc) => decide(doc, () => undefined), touch);
}

const asChoice = ({ best, degree }: Choosing): Choice => ({
	best,
	degree: best === TIE || best === ALL_BAD ? 0 : (degree ?? USUAL_DEGREE),
});

function mustRate(part: Part, { state, together }: Standing): void {
	if (!rights(part, state, together).has('rate')) throw refusalOf('forbidden', state);
}

/** The turn that stands there, with what there is to choose. */
function choosableIn(view: DialogueView, turnId: string, best: string): TurnView & { choice: ChoiceView } {
	const turn = view.turns.find((one) => isOf(one, turnId));
	const choice = turn?.choice;
	if (!turn || !choice) throw new Refused('not-found', `There is nothing to choose for ${turnId}`);
	const chosen = choice.candidates.find((candidate) => candidate.id === best);
	if (!chosen && best !== TIE && best !== ALL_BAD)
		throw new Refused('bad-input', `${best} is no candidate of ${turnId}`);
	if (chosen?.text === '' && chosen.state !== 'generating') throw refusalOf('empty', view.state);
	return { ...turn, choice };
}
