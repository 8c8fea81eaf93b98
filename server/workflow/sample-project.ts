import { helpfulHonestHarmless } from '#lib/document/presets/helpful-honest-harmless.ts';
import type { Config } from '../config.ts';
import type { Bots } from '../store/bots.ts';
import type { Database } from '../store/database.ts';
import type { Projects } from '../store/projects.ts';
import type { Topics } from '../store/topics.ts';
import { sampleGuidelines } from './samples/guidelines.ts';
import { sampleTopics } from './samples/topics.ts';

/**
 * On a database without a project: the sample project, with its topics, its rubric, the bot of the environment
 * where there is one, and the practice bot.
 */
export async function ensureSampleProject(
	{ db, projects, topics, bots }: { db: Database; projects: Projects; topics: Topics; bots: Bots },
	config: Pick<Config, 'BOT_BASE_URL' | 'BOT_MODEL' | 'BOT_API_KEY'>,
): Promise<void> {
	await db.transaction(async (tx) => {
		// Two nodes that start at once must not make two.
		await tx.query(`select pg_advisory_xact_lock(hashtext('duologue sample project'))`);
		const [any] = await tx.query('select 1 from project limit 1');
		if (any) return;
		const project = await projects.create(
			{
				name: 'Everyday help',
				guidelines: `${sampleGuidelines.en}\n\n${sampleGuidelines.zh}`,
				together: true,
			},
			tx,
		);
		await projects.addRubric(project.id, helpfulHonestHarmless, tx);
		await topics.addMany(project.id, sampleTopics, tx);
		if (config.BOT_BASE_URL !== '') {
			const { BOT_BASE_URL: baseUrl, BOT_MODEL: model, BOT_API_KEY: key } = config;
			await bots.add(project.id, { name: model, kind: 'openai', baseUrl, model, key }, tx);
		}
		await bots.add(project.id, { name: 'Practice', kind: 'practice' }, tx);
	});
}
