import { isOf } from '#lib/document/choices.ts';
import type { DialogueView, TurnView } from '#lib/document/dialogue-view.ts';
import { readDialogue } from '#lib/document/read-dialogue.ts';
import { rights } from '#lib/document/workflow.ts';
import { bringBack, keepAnswers } from '#lib/document/write-dialogue.ts';
import { Refused } from '#lib/wire/api-error.ts';
import type { User } from '../store/users.ts';
import type { Context } from './context.ts';
import { refusalOf } from './refusal.ts';
import { beginAnswer, keepBots, letAnswer, prepareAnswer } from './respond.ts';
import { standingIn } from './standing.ts';

/**
 * Has a response written anew. The earlier one is kept whole beside it, with the turns that followed it: originals,
 * what people made of them, ratings.
 */
export async function regenerate(
	ctx: Context,
	user: User,
	id: number,
	turnId: string,
): Promise<{ responseId: string }> {
	const { dialogue, part } = await standingIn(ctx, user.id, id);
	const answering = await prepareAnswer(ctx, dialogue);
	let turns = dialogue.turns;
	const begun = await ctx.hub.write(
		id,
		user.id,
		(doc) => {
			const view = readDialogue(doc);
			if (!['draft', 'in_progress', 'returned'].includes(view.state)) throw refusalOf('state', view.state);
			if (!rights(part, view.state, view.together).has('draft')) throw refusalOf('forbidden', view.state);
			if (view.turns.some((one) => one.state === 'generating')) throw refusalOf('generating', view.state);
			const turn = view.turns.find((one) => one.id === turnId);
			if (turn?.role !== 'bot') throw noResponse(turnId);
			const prompt = view.turns[view.turns.indexOf(turn) - 1];
			if (!prompt) throw new Refused('not-found', 'The response has no prompt');
			const begun = beginAnswer(doc, answering, { parent: prompt.id, replaces: turnId });
			turns = promptsIn(begun);
			return begun;
		},
		async (tx) => {
			await ctx.dialogues.touch(tx, id, { turns });
			await keepBots(ctx, tx, id, answering);
		},
	);
	letAnswer(ctx, dialogue, answering, begun);
	return { responseId: answering.turnId };
}

/** Puts an earlier answer, with the turns that followed it, in the place of the one that stands there now. */
export async function bringBackResponse(ctx: Context, user: User, id: number, turnId: string): Promise<void> {
	const { dialogue, part } = await standingIn(ctx, user.id, id);
	let turns = dialogue.turns;
	await ctx.hub.write(
		id,
		user.id,
		(doc) => {
			const view = readDialogue(doc);
			if (!['draft', 'in_progress', 'returned'].includes(view.state)) throw refusalOf('state', view.state);
			if (!rights(part, view.state, view.together).has('draft')) throw refusalOf('forbidden', view.state);
			if (view.turns.some((one) => one.state === 'generating')) throw refusalOf('generating', view.state);
			const current = view.turns.find((one) => one.earlier.some((earlier) => earlier.id === turnId));
			if (!current) throw noResponse(turnId);
			if (sharesCandidates(current, turnId))
				throw new Refused('conflict', 'It comes back when its candidate is chosen again');
			bringBack(doc, turnId, current.id);
			turns = promptsIn(readDialogue(doc));
		},
		(tx) => ctx.dialogues.touch(tx, id, { turns }),
	);
}

/** Says that responses hold, though the text above them was changed after they were given. */
export async function keepResponses(
	ctx: Context,
	user: User,
	id: number,
	turnIds: readonly string[],
): Promise<void> {
	const { part } = await standingIn(ctx, user.id, id);
	await ctx.hub.write(
		id,
		user.id,
		(doc) => {
			const view = readDialogue(doc);
			if (!rights(part, view.state, view.together).has('edit')) throw refusalOf('forbidden', view.state);
			for (const turnId of turnIds)
				if (!view.turns.some((turn) => turn.id === turnId && turn.role === 'bot')) throw noResponse(turnId);
			keepAnswers(doc, turnIds);
		},
		(tx) => ctx.dialogues.touch(tx, id, {}),
	);
}

const noResponse = (turnId: string): Refused =>
	new Refused('not-found', `There is no response ${turnId} in this dialogue`);

const promptsIn = (view: DialogueView): number => view.turns.filter(({ role }) => role === 'user').length;

/** Whether an earlier answer was replaced by another choice among the same candidates, in place or further back. */
function sharesCandidates({ choice, earlier }: TurnView, turnId: string): boolean {
	const group = earlier.find((one) => one.id === turnId)?.choice?.id;
	if (group === undefined) return false;
	const last = earlier.findLast((one) => one.choice?.id === group);
	return choice?.id === group || last?.id !== turnId;
}

/** Stops the bots of a response, or that of one candidate; what has come so far is the response. */
export async function stopResponse(
	ctx: Context,
	user: User,
	id: number,
	turnId: string,
	candidateId?: string,
): Promise<void> {
	const { part } = await standingIn(ctx, user.id, id);
	const view = await ctx.hub.read(id, readDialogue);
	const turn = view.turns.find((one) => one.role === 'bot' && isOf(one, turnId));
	if (!turn) throw noResponse(turnId);
	if (!rights(part, view.state, view.together).has('draft')) throw refusalOf('forbidden', view.state);
	if (!(await ctx.generations.stop(turn.choice?.id ?? turn.id, candidateId)))
		throw new Refused('conflict', 'The response is not being written any more');
}
