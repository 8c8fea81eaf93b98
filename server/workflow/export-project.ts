import { readDialogue } from '#lib/document/read-dialogue.ts';
import type { Context } from './context.ts';
import { exportDialogues, type ExportSummary } from './export.ts';

/** The accepted dialogues of a project as `messages` rows, streamed in order of id; then the summary. */
export async function* exportProject(
	{ bots, dialogues, hub }: Context,
	project: number,
): AsyncGenerator<string, ExportSummary, undefined> {
	const systems = new Map<number, string>();
	return yield* exportDialogues(
		{ project, state: 'accepted', format: 'messages' },
		{
			ids: (after, limit) => dialogues.idsAfter(project, 'accepted', after, limit),
			async read(id) {
				const bot = (await dialogues.get(id))?.bot ?? 0;
				if (!systems.has(bot)) systems.set(bot, (await bots.get(bot))?.systemPrompt ?? '');
				return { view: await hub.glance(id, readDialogue), system: systems.get(bot) ?? '' };
			},
		},
	);
}
