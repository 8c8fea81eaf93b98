import { readDialogue } from '#lib/document/read-dialogue.ts';
import { wholeView } from './blind.ts';
import type { Context } from './context.ts';
import { exportDialogues, type ExportSummary } from './export.ts';

/** The accepted dialogues of a project as `messages` rows, streamed in order of id; then the summary. */
export async function* exportProject(
	ctx: Context,
	project: number,
): AsyncGenerator<string, ExportSummary, undefined> {
	const { bots, dialogues, hub } = ctx;
	const systems = new Map<number, string>();
	return yield* exportDialogues(
		{ project, state: 'accepted', format: 'messages' },
		{
			ids: (after, limit) => dialogues.idsAfter(project, 'accepted', after, limit),
			async read(id) {
				const { bot = 0, blind = false } = (await dialogues.get(id)) ?? {};
				if (!systems.has(bot)) systems.set(bot, (await bots.get(bot))?.systemPrompt ?? '');
				const view = await hub.glance(id, readDialogue);
				return {
					view: blind ? await wholeView(ctx, id, view) : view,
					system: systems.get(bot) ?? '',
				};
			},
		},
	);
}
