import type { User } from '../store/users.ts';
import { changesIn, lookAway } from './changes-since.ts';
import { chooseResponse, type Choosing } from './choose.ts';
import type { Context } from './context.ts';
import { decide, workTogether, type Decision } from './decide.ts';
import { dialoguesFor } from './list-dialogues.ts';
import { openDialogue } from './open-dialogue.ts';
import { publishRubric } from './publish-rubric.ts';
import { bringBackResponse, keepResponses, regenerate, stopResponse } from './regenerate.ts';
import { sendPrompt } from './send-prompt.ts';
import { testBot } from './test-bot.ts';
import { viewDialogue, viewWithAuthors } from './view-dialogue.ts';
import { whoWrote } from './who-wrote.ts';

export type Workflow = ReturnType<typeof commandsOf>;

/** Every command, bound to what it works with: what pages and the API call. */
export function commandsOf(ctx: Context) {
	return {
		open: (user: User, wish: Parameters<typeof openDialogue>[2]) => openDialogue(ctx, user, wish),
		list: (user: User, project: number, asked: Parameters<typeof dialoguesFor>[3]) =>
			dialoguesFor(ctx, user, project, asked),
		view: (user: User, id: number) => viewDialogue(ctx, user, id),
		viewWithAuthors: (user: User, id: number) => viewWithAuthors(ctx, user, id),
		whoWrote: (user: User, id: number) => whoWrote(ctx, user, id),
		changesSince: changesIn(ctx),
		lookAway: (user: User, id: number, unseen: readonly string[]) => lookAway(ctx, user, id, unseen),
		send: (user: User, id: number, text: string) => sendPrompt(ctx, user, id, text),
		answered: (turn: string) => ctx.generations.finished(turn),
		stop: (user: User, id: number, turn: string, candidate?: string) =>
			stopResponse(ctx, user, id, turn, candidate),
		choose: (user: User, id: number, turn: string, choosing: Choosing) =>
			chooseResponse(ctx, user, id, turn, choosing),
		regenerate: (user: User, id: number, turn: string) => regenerate(ctx, user, id, turn),
		bringBack: (user: User, id: number, turn: string) => bringBackResponse(ctx, user, id, turn),
		keep: (user: User, id: number, turns: readonly string[]) => keepResponses(ctx, user, id, turns),
		decide: (user: User, id: number, decision: Decision) => decide(ctx, user, id, decision),
		together: (user: User, id: number, on: boolean) => workTogether(ctx, user, id, on),
		publishRubric: (project: number, wish: Parameters<typeof publishRubric>[2]) =>
			publishRubric(ctx.projects, project, wish),
		testBot,
	};
}
