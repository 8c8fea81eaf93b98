import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CandidateBots } from '../../server/store/candidate-bots.ts';
import { migrate } from '../../server/store/migrate.ts';
import { migrations } from '../../server/store/migrations.ts';
import { ENGINES, type FreshDatabase } from '../support/databases.ts';
import { storesOn, type StoreWorld } from '../support/store-world.ts';

describe.each(ENGINES)('candidates on $engine', ({ open, openBare }) => {
	let fresh: FreshDatabase;
	let world: StoreWorld;
	beforeAll(async () => {
		fresh = await open();
		world = storesOn(fresh.db);
	});
	afterAll(() => fresh.close());

	test('[CAND-1] a project says how many responses a prompt gets: one, until another number from 1 to 4 is set', async () => {
		const { id } = await world.projects.create({ name: 'Travel' });
		expect(await world.projects.get(id)).toMatchObject({ responses: 1 });
		await world.projects.setResponses(id, 4);
		expect(await world.projects.get(id)).toMatchObject({ responses: 4 });
		for (const wrong of [0, 5])
			await expect(world.projects.setResponses(id, wrong)).rejects.toMatchObject({ code: '23514' });
		expect(await world.projects.get(id)).toMatchObject({ responses: 4 });
	});

	test('[CAND-1] a database from before keeps all it has, and its prompts get one response', async () => {
		const bare = await openBare();
		try {
			await migrate(bare.db, migrations.slice(0, 4));
			await bare.db.query(`insert into project (name, blind) values ('Old', true)`);
			await migrate(bare.db);
			expect(await storesOn(bare.db).projects.get(1)).toMatchObject({
				name: 'Old',
				blind: true,
				responses: 1,
			});
		} finally {
			await bare.close();
		}
	});

	test('[CAND-3] which bot writes a candidate is kept with the dialogue, under the name that the bot had then', async () => {
		const project = await world.project('Topic');
		const id = await world.begin(project, await world.person('Ann'));
		const bots = new CandidateBots(fresh.db);
		await fresh.db.transaction((tx) =>
			bots.keep(tx, id, [
				{ candidate: 'c0', id: project.bot, name: 'Practice' },
				{ candidate: 'c1', id: project.bot, name: 'Practice, again' },
			]),
		);
		await world.bots.update(project.bot, { name: 'Renamed' });
		expect(await bots.of(id, ['c1', 'c0', 'none'])).toEqual(
			new Map([
				['c0', { candidate: 'c0', id: project.bot, name: 'Practice' }],
				['c1', { candidate: 'c1', id: project.bot, name: 'Practice, again' }],
			]),
		);
		expect(await bots.of(id + 1, ['c0'])).toEqual(new Map());
	});

	test('[CAND-2] the bots that answer are those that are on, in the order in which they were added', async () => {
		const { id } = await world.project();
		const [one, two] = [
			await world.bots.add(id, { name: 'One', kind: 'practice' }),
			await world.bots.add(id, { name: 'Two', kind: 'practice' }),
		];
		await world.bots.update(one.id, { enabled: false });
		expect((await world.bots.enabledIn(id)).map(({ name }) => name)).toEqual(['Practice', 'Two']);
		await world.bots.remove(two.id);
		expect((await world.bots.enabledIn(id)).map(({ name }) => name)).toEqual(['Practice']);
	});
});
