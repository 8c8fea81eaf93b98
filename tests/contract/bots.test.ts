import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Bots } from '../../server/store/bots.ts';
import { Seal, SealBroken } from '../../server/store/seal.ts';
import { ENGINES, type FreshDatabase } from '../support/databases.ts';
import { storesOn, type StoreWorld } from '../support/store-world.ts';

const endpoint = {
	name: 'Qwen',
	kind: 'openai',
	baseUrl: 'http://127.0.0.1:9/v1',
	model: 'qwen',
	systemPrompt: 'Be brief.',
	temperature: 0,
	timeoutSeconds: 30,
} as const;

describe.each(ENGINES)('bots on $engine', (engine) => {
	let fresh: FreshDatabase;
	let world: StoreWorld;
	beforeAll(async () => {
		fresh = await engine.open();
		world = storesOn(fresh.db);
	});
	afterAll(() => fresh.close());

	const newProject = async () => (await world.projects.create({ name: 'Travel' })).id;

	test('[BOTSTORE-1] a key is never read back with the settings, nor stored in clear', async () => {
		const project = await newProject();
		const bot = await world.bots.add(project, { ...endpoint, key: 'sk-very-secret' });
		expect(bot).toEqual({ ...endpoint, id: bot.id, project, hasKey: true, enabled: true });
		expect(await world.bots.get(bot.id)).toEqual(bot);
		expect(await world.bots.list(project)).toEqual([bot]);
		expect(await world.bots.keyOf(bot.id)).toBe('sk-very-secret');
		const [stored] = await world.db.query<{ key_sealed: Buffer }>(
			`select key_sealed from bot where id = $1`,
			[bot.id],
		);
		expect(stored?.key_sealed.includes('secret')).toBe(false);
	});

	test('[BOTSTORE-1] a key that was sealed with another secret is an error, not a wrong key', async () => {
		const bot = await world.bots.add(await newProject(), { ...endpoint, key: 'sk-1' });
		await expect(new Bots(world.db, new Seal('another secret')).keyOf(bot.id)).rejects.toThrow(SealBroken);
	});

	test('[BOTSTORE-2] what a change omits stays, the key too', async () => {
		const bot = await world.bots.add(await newProject(), { ...endpoint, key: 'sk-1' });
		expect(await world.bots.update(bot.id, { name: 'Renamed' })).toEqual({ ...bot, name: 'Renamed' });
		expect(await world.bots.keyOf(bot.id)).toBe('sk-1');
		const change = {
			name: 'Other',
			baseUrl: 'https://example.org/v1',
			model: 'm',
			systemPrompt: '',
			temperature: null,
			timeoutSeconds: 5,
			enabled: false,
		};
		expect(await world.bots.update(bot.id, { ...change, key: 'sk-2' })).toEqual({ ...bot, ...change });
		expect(await world.bots.keyOf(bot.id)).toBe('sk-2');
		expect(await world.bots.update(bot.id, { key: null })).toMatchObject({ hasKey: false, model: 'm' });
		expect(await world.bots.keyOf(bot.id)).toBeNull();
		expect(await world.bots.update(999_999, { name: 'Nobody' })).toBeNull();
	});

	test('[BOTSTORE-3] the first bot that is on answers for a project; one that is removed goes on being named', async () => {
		const project = await newProject();
		expect(await world.bots.ofProject(project)).toBeNull();
		const first = await world.bots.add(project, endpoint);
		const second = await world.bots.add(project, { name: 'Practice', kind: 'practice' });
		expect(await world.bots.ofProject(project)).toEqual(first);
		await world.bots.remove(first.id);
		expect(await world.bots.ofProject(project)).toEqual(second);
		expect(await world.bots.get(first.id)).toEqual({ ...first, enabled: false });
		expect(await world.bots.list(project)).toHaveLength(2);
	});

	test('[BOTSTORE-4] an endpoint without an address or a model is not stored', async () => {
		const project = await newProject();
		await expect(world.bots.add(project, { ...endpoint, baseUrl: '' })).rejects.toThrow('bot');
		await expect(world.bots.add(project, { ...endpoint, model: '' })).rejects.toThrow('bot');
		expect(await world.bots.list(project)).toEqual([]);
	});
});
