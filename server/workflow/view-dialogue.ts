import type * as Y from 'yjs';
import type { OwnerOf } from '#lib/document/authorship.ts';
import type { DialogueView } from '#lib/document/dialogue-view.ts';
import { readComments, type Thread } from '#lib/document/read-comments.ts';
import { readDialogue } from '#lib/document/read-dialogue.ts';
import type { Rubric } from '#lib/document/rubric.ts';
import type { DialogueState, Part, Role } from '#lib/document/workflow.ts';
import { authorshipIn, type Authorship } from '#lib/measure/shares.ts';
import type { DialogueRow } from '../store/dialogues.ts';
import type { User } from '../store/users.ts';
import { viewFor } from './blind.ts';
import type { Context } from './context.ts';
import { rubricOf } from './rubric-of.ts';
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
	/** Whether people rate blind: then `view` holds only the ratings that this person may see. */
	blind: boolean;
	view: DialogueView;
	comments: Thread[];
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
	const { blind } = dialogue;
	const [rubric, read] = await Promise.all([
		rubricOf(ctx, id),
		ctx.hub.read(id, (doc, ownerOf) => {
			const view = readDialogue(doc);
			return { view, comments: readComments(doc), beside: look(doc, view, ownerOf) };
		}),
	]);
	const { beside, comments } = read;
	const view = blind
		? await viewFor(ctx, id, { userId: user.id, actor: { part, role }, view: read.view, rubric })
		: read.view;
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
		blind,
		view,
		comments,
		seq: await ctx.log.headOf(id),
	};
	return { page, beside };
}
