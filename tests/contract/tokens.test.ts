import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENGINES, type FreshDatabase } from '../support/databases.ts';
import { storesOn, type StoreWorld } from '../support/store-world.ts';

describe.each(ENGINES)('API tokens on $engine', (engine) => {
	let fresh: FreshDatabase;
	let world: StoreWorld;
	beforeAll(async () => {
		fresh = await engine.open();
		world = storesOn(fresh.db);
	});
	afterAll(() => fresh.close());

	test('[TOKEN-1] a token speaks for its owner until it is revoked', async () => {
		const ana = await world.person('Ana');
		const token = await world.tokens.create(ana.id, ' nightly export ');
		expect(token).toMatch(/^dlg_[A-Za-z0-9_-]{43}$/);
		expect(await world.tokens.userOf(token)).toEqual(ana);
		const [listed] = await world.tokens.list(ana.id);
		expect(listed).toMatchObject({ name: 'nightly export' });
		expect(await world.tokens.revoke(ana.id, listed?.id ?? 0)).toBe(true);
		expect(await world.tokens.userOf(token)).toBeNull();
		expect(await world.tokens.list(ana.id)).toEqual([]);
	});

	test('[TOKEN-1] nobody revokes the token of another', async () => {
		const [ana, bo] = [await world.person('Ana'), await world.person('Bo')];
		const token = await world.tokens.create(ana.id, 'mine');
		const [listed] = await world.tokens.list(ana.id);
		expect(await world.tokens.revoke(bo.id, listed?.id ?? 0)).toBe(false);
		expect(await world.tokens.userOf(token)).toEqual(ana);
	});

	test('[TOKEN-2] the token of somebody disabled is refused while they are', async () => {
		const ana = await world.person('Ana');
		const token = await world.tokens.create(ana.id, 'mine');
		await world.users.disable(ana.id);
		expect(await world.tokens.userOf(token)).toBeNull();
		await world.users.enable(ana.id);
		expect(await world.tokens.userOf(token)).toEqual(ana);
	});

	test('[TOKEN-3] only the SHA-256 of a token is stored, and what is stored opens nothing', async () => {
		const ana = await world.person('Ana');
		const token = await world.tokens.create(ana.id, 'mine');
		const stored = await world.db.query<{ hash: string }>(`select * from api_token`);
		expect(JSON.stringify(stored)).not.toContain(token.slice(4));
		for (const { hash } of stored) expect(await world.tokens.userOf(`dlg_${hash}`)).toBeNull();
	});

	test.each(['', 'dlg_', 'dlg_x', `dlg_${'a'.repeat(43)}`, `dlg_${'a'.repeat(100_000)}`, 'dlg_\0'])(
		'[TOKEN-3] %.20j is nobody',
		async (token) => {
			expect(await world.tokens.userOf(token)).toBeNull();
		},
	);

	test('[TOKEN-4] one sees when a token was last used', async () => {
		const ana = await world.person('Ana');
		const token = await world.tokens.create(ana.id, 'mine');
		expect((await world.tokens.list(ana.id))[0]?.lastUsedAt).toBeNull();
		await world.tokens.userOf(token);
		expect((await world.tokens.list(ana.id))[0]?.lastUsedAt).toBeInstanceOf(Date);
	});
});
