import * as Y from 'yjs';
import { admit, begin } from '#lib/document/write-dialogue.ts';
import { Refused } from '#lib/wire/api-error.ts';
import type { User } from '../store/users.ts';
import type { Context } from './context.ts';
import { beginRatingDocument } from './rating-documents.ts';

const SERVER = 0;

/**
 * Opens a dialogue on a topic, or on the project's next one. The row and the document's first update are
 * written in one transaction, so that no two nodes ever seed one document.
 * @throws Refused `forbidden` for who does not annotate there, `not-found`, `bot-missing`.
 */
export async function openDialogue(
	ctx: Context,
	user: User,
	wish: { topic: number } | { nextIn: number; language?: 'en' | 'zh' },
): Promise<{ id: number }> {
	const topic =
		'topic' in wish
			? await ctx.topics.get(wish.topic)
			: await ctx.topics.next(wish.nextIn, user.id, wish.language);
	if (!topic)
		throw new Refused('not-found', 'topic' in wish ? 'There is no such topic' : 'All topics are covered');
	const role = await ctx.projects.roleOf(topic.project, user.id);
	if (role === null) throw new Refused('not-found', 'There is no such topic');
	if (role === 'reviewer') throw new Refused('forbidden', 'Reviewers do not open dialogues');
	const [project, bot, rubric] = await Promise.all([
		ctx.projects.get(topic.project),
		ctx.bots.ofProject(topic.project),
		ctx.projects.rubric(topic.project),
	]);
	if (!project || !rubric) throw new Refused('not-found', 'There is no such project');
	if (!bot)
		throw new Refused('bot-missing', 'No bot is set up for this project: a lead adds one under Settings');

	const id = await ctx.db.transaction(async (tx) => {
		const created = await ctx.dialogues.create(tx, {
			project: topic.project,
			topic: topic.id,
			bot: bot.id,
			rubricVersion: rubric.version,
			annotator: user.id,
			together: project.together,
			blind: project.blind,
		});
		const doc = new Y.Doc();
		begin(doc, { topic: topic.id, state: 'draft', together: project.together, blind: project.blind });
		admit(doc, String(user.id), { name: user.name, part: 'annotator' });
		await ctx.log.seed(tx, created, SERVER, Y.encodeStateAsUpdate(doc));
		if (project.blind) await beginRatingDocument(ctx, tx, created, user.id);
		return created;
	});
	return { id };
}
