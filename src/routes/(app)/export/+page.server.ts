import { memberAs } from '../../access.ts';
import type { PageServerLoad } from './$types.js';

const SHOWN = 5;

export const load: PageServerLoad = async ({ locals }) => {
	const { project } = memberAs(locals, 'lead');
	const { services } = locals;
	const [counts, records] = await Promise.all([
		services.dialogues.countByState(project.id),
		firstOf(services.exportProject(project.id), SHOWN),
	]);
	const download = (format: string): string =>
		`/api/v1/export?format=${format}&state=accepted&project=${project.id}`;
	return { counts, records, download: download('messages'), pairs: download('preference') };
};

/** The first rows of an export, which goes no further than that. */
async function firstOf(rows: AsyncGenerator<string, unknown>, count: number): Promise<string[]> {
	const found: string[] = [];
	if (count === 0) return found;
	for await (const row of rows) if (found.push(row) >= count) break;
	return found;
}
