import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rubricVersionsIn } from '../../server/store/rubric-versions.ts';
import { ensureSampleProject } from '../../server/workflow/sample-project.ts';
import { ENGINES, type FreshDatabase } from '../support/databases.ts';
import { oneCriterion, storesOn, type StoreWorld } from '../support/store-world.ts';
import type { ScaleCriterion } from '../../src/lib/document/rubric.ts';
import { everyKind } from '../support/rubrics.ts';

describe.each(ENGINES)('projects on $engine', (engine) => {
	let fresh: FreshDatabase;
	let world: StoreWorld;
	beforeAll(async () => {
		fresh = await engine.open();
		world = storesOn(fresh.db);
	});
	afterAll(() => fresh.close());

	test('[PROJECT-4] nodes that start at once on a database without a project make one sample project', async () => {
		const empty = await engine.open();
		const stores = storesOn(empty.db);
		const config = { BOT_BASE_URL: '', BOT_MODEL: '', BOT_API_KEY: '' };
		await Promise.all(Array.from({ length: 4 }, () => ensureSampleProject(stores, config)));
		expect(await empty.db.query('select name from project')).toHaveLength(1);
		await empty.close();
	});

	test('[PROJECT-1] a project is read as it was made', async () => {
		const made = await world.projects.create({ name: 'Travel', guidelines: '# Be kind', together: false });
		expect(made).toMatchObject({ name: 'Travel', guidelines: '# Be kind', together: false });
		expect(await world.projects.get(made.id)).toEqual(made);
		expect(await world.projects.create({ name: 'Plain' })).toMatchObject({ guidelines: '', together: true });
		expect(await world.projects.get(999_999)).toBeNull();
	});

	test('[PROJECT-2] a member has one role in a project; who is none has no role', async () => {
		const [ana, bo] = [await world.person('Ana'), await world.person('Bo')];
		const { id } = await world.projects.create({ name: 'Travel' });
		const other = await world.projects.create({ name: 'Cooking' });
		await world.projects.setRole(id, bo.id, 'annotator');
		await world.projects.setRole(id, ana.id, 'annotator');
		await world.projects.setRole(id, ana.id, 'lead');
		await world.projects.setRole(other.id, ana.id, 'reviewer');
		expect(await world.projects.members(id)).toEqual([
			{ user: ana, role: 'lead' },
			{ user: bo, role: 'annotator' },
		]);
		expect(await world.projects.ofUser(ana.id)).toEqual([
			{ id, name: 'Travel', role: 'lead' },
			{ id: other.id, name: 'Cooking', role: 'reviewer' },
		]);
		expect(await world.projects.roleOf(other.id, bo.id)).toBeNull();
		await world.projects.removeMember(id, ana.id);
		expect(await world.projects.roleOf(id, ana.id)).toBeNull();
		expect(await world.projects.roleOf(other.id, ana.id)).toBe('reviewer');
	});

	test('[PROJECT-2] to welcome a member again does not change the role they have', async () => {
		const ana = await world.person('Ana');
		const { id } = await world.projects.create({ name: 'Travel' });
		await world.projects.setRole(id, ana.id, 'lead');
		await world.projects.welcome(id, ana.id, 'annotator');
		expect(await world.projects.roleOf(id, ana.id)).toBe('lead');
	});

	test('[PROJECT-3] rubric versions count from 1, stay as they are, and the newest is the one in use', async () => {
		const { id } = await world.projects.create({ name: 'Travel' });
		expect(await world.projects.rubric(id)).toBeNull();
		expect(await world.projects.addRubric(id, oneCriterion)).toEqual({ ...oneCriterion, version: 1 });
		const renamed = { ...oneCriterion, name: 'Other', version: 77 };
		expect(await world.projects.addRubric(id, renamed)).toEqual({ ...renamed, version: 2 });
		expect(await world.projects.rubric(id)).toEqual({ ...renamed, version: 2 });
		expect(await world.projects.rubric(id, 1)).toEqual({ ...oneCriterion, version: 1 });
		expect(await world.projects.rubric(id, 3)).toBeNull();
	});

	test('[RUBRIC-2] a rubric that an earlier release stored asks for a point of a scale, of each response', async () => {
		const { id } = await world.projects.create({ name: 'Travel' });
		const now = oneCriterion.criteria[0];
		const { key, label, help, points, reasonAt } = now as ScaleCriterion;
		const scale = { key, label, help, points, reasonAt };
		await world.db.query('insert into rubric (project, version, body) values ($1, 1, $2)', [
			id,
			JSON.stringify({ name: 'Before', criteria: [scale] }),
		]);
		for (const version of [undefined, 1, 1])
			expect(await world.projects.rubric(id, version)).toEqual({
				version: 1,
				name: 'Before',
				criteria: [now],
			});
		expect(await world.projects.addRubric(id, everyKind)).toEqual({ ...everyKind, version: 2 });
		expect(await world.projects.rubric(id)).toEqual({ ...everyKind, version: 2 });
	});

	test('[RUBRIC-9] a dialogue names the version that it was opened with, however many are asked for at once', async () => {
		const project = await world.project('Travel');
		const ana = await world.person('Ana');
		const first = await world.begin(project, ana);
		await world.projects.addRubric(project.id, everyKind);
		const second = await world.db.transaction((tx) =>
			world.dialogues.create(tx, {
				project: project.id,
				topic: project.topics[0] ?? 0,
				bot: project.bot,
				rubricVersion: 2,
				annotator: ana.id,
				together: true,
			}),
		);
		const versionOf = rubricVersionsIn(world.db);
		expect(await Promise.all([second, first, 999_999, first].map(versionOf))).toEqual([
			{ project: project.id, version: 2 },
			{ project: project.id, version: 1 },
			null,
			{ project: project.id, version: 1 },
		]);
	});

	test('[PROJECT-3] rubrics that are published at once get a version each', async () => {
		const { id } = await world.projects.create({ name: 'Travel' });
		const made = await Promise.all(
			Array.from({ length: 5 }, () => world.projects.addRubric(id, oneCriterion)),
		);
		expect(made.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4, 5]);
	});
});
