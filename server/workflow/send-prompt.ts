import { awaitsChoice } from '#lib/document/choices.ts';
import { readDialogue } from '#lib/document/read-dialogue.ts';
import { draftOf } from '#lib/document/roots.ts';
import { typedBy } from '#lib/document/sent-prompt.ts';
import { advance, rights, type DialogueState } from '#lib/document/workflow.ts';
import { addPrompt, admit, setState } from '#lib/document/write-dialogue.ts';
import { Refused } from '#lib/wire/api-error.ts';
import type { User } from '../store/users.ts';
import type { Context } from './context.ts';
import { newId } from './new-id.ts';
import { recordStep } from './record-step.ts';
import { refusalOf } from './refusal.ts';
import { beginAnswer, keepBots, letAnswer, prepareAnswer } from './respond.ts';
import { standingIn } from './standing.ts';

/** The longest prompt, in UTF-16 code units. */
const LONGEST_PROMPT = 100_000;

/**
 * Sends a prompt: the turn stands, exactly as typed, and the answer begins to stream.
 * @returns the prompt's turn, and the response's.
 */
export async function sendPrompt(
	ctx: Context,
	user: User,
	id: number,
	typed: string,
): Promise<{ turnId: string; responseId: string }> {
	const text = typed.replace(/\r\n?/g, '\n').toWellFormed();
	if (text.trim() === '') throw new Refused('bad-input', 'The prompt is empty');
	if (text.length > LONGEST_PROMPT)
		throw new Refused(
			'too-large',
			`The prompt has ${text.length} characters; at most ${LONGEST_PROMPT} are sent`,
		);
	const { dialogue, part, role } = await standingIn(ctx, user.id, id);
	const answering = await prepareAnswer(ctx, dialogue);
	const turnId = newId();
	let before: DialogueState = dialogue.state;
	let begunTurns = dialogue.turns;

	const begun = await ctx.hub.write(
		id,
		user.id,
		(doc, ownerOf) => {
			const view = readDialogue(doc);
			before = view.state;
			const step = advance(view.state, { kind: 'send' }, { part, role });
			if (!step.ok) throw refusalOf(step.why, view.state);
			if (!rights(part, view.state, view.together).has('draft'))
				throw new Refused('forbidden', 'Only who writes in this dialogue may send a prompt');
			if (view.turns.some((turn) => turn.state === 'generating'))
				throw new Refused('generating', 'The bot is still answering: stop it first');
			if (view.turns.some(awaitsChoice))
				throw new Refused('unchosen', 'The annotator has still to choose the best response');
			begunTurns = view.turns.filter((turn) => turn.role === 'user').length + 1;
			setState(doc, step.state);
			admit(doc, user.id, { name: user.name, part });
			const typed = typedBy(draftOf(doc), text, String(user.id), ownerOf);
			addPrompt(doc, { id: turnId, author: user.id, text, typed });
			return beginAnswer(doc, answering, { parent: turnId });
		},
		async (tx) => {
			await recordStep(ctx, tx, id, {
				from: [before],
				to: 'in_progress',
				by: user.id,
				kind: 'send',
				details: { turn: turnId },
				turns: begunTurns,
			});
			await keepBots(ctx, tx, id, answering);
		},
	);
	letAnswer(ctx, dialogue, answering, begun);
	return { turnId, responseId: answering.turnId };
}
