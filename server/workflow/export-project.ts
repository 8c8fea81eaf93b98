import { readDialogue } from '#lib/document/read-dialogue.ts';
import { authorshipIn } from '#lib/measure/shares.ts';
import { wholeView } from './blind.ts';
import type { Context } from './context.ts';
import { rubricOf } from './rubric-of.ts';
import { exportDialogues, type ExportFormat, type ExportSummary } from './export.ts';

/**
 * The accepted dialogues of a project as rows of a format, streamed in order of id; then the summary.
 * `provenance`: each row also says where it comes from.
 */
export async function* exportProject(
	ctx: Context,
	project: number,
	provenance = false,
	format: ExportFormat = 'messages',
): AsyncGenerator<string, ExportSummary, undefined> {
	const { bots, dialogues, hub } = ctx;
	const systems = new Map<number, string>();
	return yield* exportDialogues(
		{ project, state: 'accepted', format, provenance },
		{
			ids: (after, limit) => dialogues.idsAfter(project, 'accepted', after, limit),
			async read(id) {
				const { bot = 0, blind = false } = (await dialogues.get(id)) ?? {};
				if (!systems.has(bot)) systems.set(bot, (await bots.get(bot))?.systemPrompt ?? '');
				const { view, authorship } = await hub.glance(id, (doc, ownerOf) => {
					const view = readDialogue(doc);
					return { view, authorship: provenance ? authorshipIn(doc, view, ownerOf) : undefined };
				});
				return {
					view: blind ? await wholeView(ctx, id, view) : view,
					system: systems.get(bot) ?? '',
					provenance: authorship && { dialogue: id, authorship, rubric: await rubricOf(ctx, id) },
				};
			},
		},
	);
}
