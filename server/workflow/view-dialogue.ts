import type * as Y from 'yjs';
import type { OwnerOf } from '#lib/document/authorship.ts';
import type { DialogueView } from '#lib/document/dialogue-view.ts';
import { readDialogue } from '#lib/document/read-dialogue.ts';
import type { Rubric } from '#lib/document/rubric.ts';
import type { DialogueState, Part, Role } from '#lib/document/workflow.ts';
import { authorshipIn, type Authorship } from '#lib/measure/shares.ts';
import { Refused } from '#lib/wire/api-error.ts';
import type { DialogueRow } from '../store/dialogues.ts';
import type { User } from '../store/users.ts';
import type { Context } from './context.ts';
import { standingIn } from './standing.ts';

/** A dialogue as its page is first shown. */
export interface DialoguePage {
	id: number;
	/** When it was begun, in milliseconds since 1970: tells it from another that had its number in another database. */
	born: number;
	topic: DialogueRow['topic'];
	state: DialogueState;
	me: { id: number; name: string; part: Part; role: Role };
	annotator: { id: number; name: string };
	reviewer: { id: number; name: string } | null;
	returnReasons: string[];
	returnNote: string;
	rubric: Rubric;
	view: DialogueView;
	seq: number;
}

/** @throws Refused `not-found` */
export async function viewDialogue(ctx: Context, user: User, id: number): Promise<DialoguePage> {
	return (await viewed(ctx, user, id, () => null)).page;
}

/**
 * The same, and who wrote how much of each turn.
 * @throws Refused `not-found`
 */
export async function viewWithAuthors(
	ctx: Context,
	user: User,
	id: number,
): Promise<{ page: DialoguePage; authorship: Authorship }> {
	const { page, beside } = await viewed(ctx, user, id, authorshipIn);
	return { page, authorship: beside };
}

async function viewed<T>(
	ctx: Context,
	user: User,
	id: number,
	look: (doc: Y.Doc, view: DialogueView, ownerOf: OwnerOf) => T,
): Promise<{ page: DialoguePage; beside: T }> {
	const { dialogue, part, role } = await standingIn(ctx, user.id, id);
	const rubric = await ctx.projects.rubric(dialogue.project, dialogue.rubricVersion);
	if (!rubric) throw new Refused('not-found', 'The rubric of this dialogue is gone');
	const { view, beside } = await ctx.hub.read(id, (doc, ownerOf) => {
		const view = readDialogue(doc);
		return { view, beside: look(doc, view, ownerOf) };
	});
	const page = {
		id,
		born: dialogue.createdAt.getTime(),
		topic: dialogue.topic,
		state: view.state,
		me: { id: user.id, name: user.name, part, role },
		annotator: dialogue.annotator,
		reviewer: dialogue.reviewer,
		returnReasons: dialogue.returnReasons,
		returnNote: dialogue.returnNote ?? '',
		rubric,
		view,
		seq: await ctx.log.headOf(id),
	};
	return { page, beside };
}
