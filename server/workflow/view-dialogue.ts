import type { DialogueView } from '#lib/document/dialogue-view.ts';
import { readDialogue } from '#lib/document/read-dialogue.ts';
import type { Rubric } from '#lib/document/rubric.ts';
import type { DialogueState, Part, Role } from '#lib/document/workflow.ts';
import type { DialogueRow } from '../store/dialogues.ts';
import type { User } from '../store/users.ts';
import { viewFor } from './blind.ts';
import type { Context } from './context.ts';
import { rubricOf } from './rubric-of.ts';
import { standingIn } from './standing.ts';

/** A dialogue as its page is first shown. */
export interface DialoguePage {
	id: number;
	topic: DialogueRow['topic'];
	state: DialogueState;
	me: { id: number; name: string; part: Part; role: Role };
	annotator: { id: number; name: string };
	reviewer: { id: number; name: string } | null;
	returnReasons: string[];
	returnNote: string;
	rubric: Rubric;
	/** Whether people rate blind: then `view` holds only the ratings that this person may see. */
	blind: boolean;
	view: DialogueView;
	seq: number;
}

/** @throws Refused `not-found` */
export async function viewDialogue(ctx: Context, user: User, id: number): Promise<DialoguePage> {
	const { dialogue, part, role } = await standingIn(ctx, user.id, id);
	const { blind } = dialogue;
	const [rubric, read] = await Promise.all([rubricOf(ctx, id), ctx.hub.read(id, readDialogue)]);
	const view = blind
		? await viewFor(ctx, id, { userId: user.id, actor: { part, role }, view: read, rubric })
		: read;
	return {
		id,
		topic: dialogue.topic,
		state: view.state,
		me: { id: user.id, name: user.name, part, role },
		annotator: dialogue.annotator,
		reviewer: dialogue.reviewer,
		returnReasons: dialogue.returnReasons,
		returnNote: dialogue.returnNote ?? '',
		rubric,
		blind,
		view,
		seq: await ctx.log.headOf(id),
	};
}
