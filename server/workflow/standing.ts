import { partOf, type Part, type Role } from '#lib/document/workflow.ts';
import { Refused } from '#lib/wire/api-error.ts';
import type { Queries } from '../store/database.ts';
import type { DialogueRow } from '../store/dialogues.ts';
import type { Context } from './context.ts';

/** What somebody is in a dialogue that they may see. */
export interface Standing {
	dialogue: DialogueRow;
	part: Part;
	role: Role;
}

/** @throws Refused `not-found` also where the dialogue exists but is not for this person to see. */
export async function standingIn(ctx: Context, userId: number, id: number, tx?: Queries): Promise<Standing> {
	const dialogue = await ctx.dialogues.get(id, tx);
	const role = dialogue && (await ctx.projects.roleOf(dialogue.project, userId, tx));
	const part =
		dialogue && role
			? partOf({ annotator: dialogue.annotator.id, reviewer: dialogue.reviewer?.id ?? null }, userId, role)
			: null;
	if (!dialogue || !role || !part) throw new Refused('not-found', `There is no dialogue ${id} for you`);
	return { dialogue, part, role };
}

/**
 * For a command's transaction: that somebody still is what the command was judged by, and not, say, one of two
 * reviewers of whom the other has claimed the dialogue meanwhile.
 * @throws Refused `conflict`, `not-found`
 */
export async function mustStillBe(
	ctx: Context,
	tx: Queries,
	userId: number,
	{ dialogue, part, role }: Standing,
): Promise<void> {
	const now = await standingIn(ctx, userId, dialogue.id, tx);
	if (now.part !== part || now.role !== role)
		throw new Refused('conflict', 'Somebody else was faster: look again, then decide');
}
