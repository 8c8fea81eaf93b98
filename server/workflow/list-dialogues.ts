import type { DialogueState } from '#lib/document/workflow.ts';
import { Refused } from '#lib/wire/api-error.ts';
import type { Page } from '../store/cursor.ts';
import { listDialogues, type DialogueListItem } from '../store/dialogue-list.ts';
import type { User } from '../store/users.ts';
import type { Context } from './context.ts';

export type ListedDialogue = DialogueListItem & { peers: { id: number; name: string }[] };

/** The dialogues of a project that somebody may see, with who is in them on this node; last changed first. */
export async function dialoguesFor(
	ctx: Context,
	user: User,
	project: number,
	asked: {
		states?: readonly DialogueState[];
		disputed?: true;
		cursor?: string | undefined;
		limit?: number | undefined;
	},
): Promise<Page<ListedDialogue>> {
	const role = await ctx.projects.roleOf(project, user.id);
	if (role === null) throw new Refused('not-found', 'There is no such project for you');
	const page = await listDialogues(ctx.db, {
		project,
		...asked,
		...(role === 'annotator' && { annotator: user.id }),
	});
	const here = ctx.hub.everyone();
	return {
		...page,
		items: page.items.map((item) => ({
			...item,
			peers: (here.get(item.id) ?? []).map(({ userId, name }) => ({ id: userId, name })),
		})),
	};
}
