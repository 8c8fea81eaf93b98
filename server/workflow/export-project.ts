import { readDialogue } from '#lib/document/read-dialogue.ts';
import { authorshipIn } from '#lib/measure/shares.ts';
import type { Context } from './context.ts';
import { exportDialogues, type ExportSummary } from './export.ts';

/**
 * The accepted dialogues of a project as `messages` rows, streamed in order of id; then the summary.
 * `provenance`: each row also says who wrote what.
 */
export async function* exportProject(
	{ bots, dialogues, hub }: Context,
	project: number,
	provenance = false,
): AsyncGenerator<string, ExportSummary, undefined> {
	const systems = new Map<number, string>();
	return yield* exportDialogues(
		{ project, state: 'accepted', format: 'messages', provenance },
		{
			ids: (after, limit) => dialogues.idsAfter(project, 'accepted', after, limit),
			async read(id) {
				const bot = (await dialogues.get(id))?.bot ?? 0;
				if (!systems.has(bot)) systems.set(bot, (await bots.get(bot))?.systemPrompt ?? '');
				return hub.glance(id, (doc, ownerOf) => {
					const view = readDialogue(doc);
					const authorship = provenance ? authorshipIn(doc, view, ownerOf) : undefined;
					return { view, system: systems.get(bot) ?? '', authorship };
				});
			},
		},
	);
}
