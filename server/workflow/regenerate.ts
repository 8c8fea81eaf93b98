import { readDialogue } from '#lib/document/read-dialogue.ts';
import { rights } from '#lib/document/workflow.ts';
import { Refused } from '#lib/wire/api-error.ts';
import type { User } from '../store/users.ts';
import type { Context } from './context.ts';
import { refusalOf } from './refusal.ts';
import { beginAnswer, botOf, letAnswer } from './respond.ts';
import { standingIn } from './standing.ts';

/**
 * Has the last response written anew. The earlier one is kept whole beside it: its original, what people made
 * of it, its ratings.
 */
export async function regenerate(
	ctx: Context,
	user: User,
	id: number,
	turnId: string,
): Promise<{ responseId: string }> {
	const { dialogue, part } = await standingIn(ctx, user.id, id);
	const answering = await botOf(ctx, dialogue);
	const begun = await ctx.hub.write(
		id,
		user.id,
		(doc) => {
			const view = readDialogue(doc);
			if (!['draft', 'in_progress', 'returned'].includes(view.state)) throw refusalOf('state', view.state);
			if (!rights(part, view.state, view.together).has('draft')) throw refusalOf('forbidden', view.state);
			if (view.turns.some((one) => one.state === 'generating')) throw refusalOf('generating', view.state);
			const turn = view.turns.find((one) => one.id === turnId);
			if (turn?.role !== 'bot')
				throw new Refused('not-found', `There is no response ${turnId} in this dialogue`);
			if (turn !== view.turns.at(-1))
				throw new Refused('conflict', 'Only the last response can be generated anew');
			const prompt = view.turns[view.turns.indexOf(turn) - 1];
			if (!prompt) throw new Refused('not-found', 'The response has no prompt');
			return beginAnswer(doc, answering.settings, { parent: prompt.id, replaces: turnId });
		},
		(tx) => ctx.dialogues.touch(tx, id, {}),
	);
	letAnswer(ctx, dialogue, answering, begun);
	return { responseId: begun.turnId };
}

/** Stops the bot; what has come so far is the response. */
export async function stopResponse(ctx: Context, user: User, id: number, turnId: string): Promise<void> {
	const { part } = await standingIn(ctx, user.id, id);
	const view = await ctx.hub.read(id, readDialogue);
	if (!view.turns.some((turn) => turn.id === turnId && turn.role === 'bot'))
		throw new Refused('not-found', `There is no response ${turnId} in this dialogue`);
	if (!rights(part, view.state, view.together).has('draft')) throw refusalOf('forbidden', view.state);
	if (!(await ctx.generations.stop(turnId)))
		throw new Refused('conflict', 'The response is not being written any more');
}
