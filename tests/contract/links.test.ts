import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENGINES, type FreshDatabase } from '../support/databases.ts';
import { storesOn, type StoreWorld } from '../support/store-world.ts';

describe.each(ENGINES)('entry links on $engine', (engine) => {
	let fresh: FreshDatabase;
	let world: StoreWorld;
	let project: number;
	beforeAll(async () => {
		fresh = await engine.open();
		world = storesOn(fresh.db);
		project = (await world.project()).id;
	});
	afterAll(() => fresh.close());

	const invite = (minutes = 60) => world.links.create({ kind: 'invite', project, role: 'reviewer', minutes });
	const use = (token: string, by: number) => world.db.transaction((tx) => world.links.use(tx, token, by));

	test('[LINK-1] of ten who use a link at once, one gets in', async () => {
		const ana = await world.person('Ana');
		const token = await invite();
		const tries = await Promise.all(Array.from({ length: 10 }, () => use(token, ana.id)));
		expect(tries.filter(Boolean)).toHaveLength(1);
		expect(await world.links.find(token)).toMatchObject({ state: 'used' });
		expect(await use(token, ana.id)).toBeNull();
	});

	test('[LINK-1] a use that is rolled back leaves the link open', async () => {
		const ana = await world.person('Ana');
		const token = await invite();
		const failing = world.db.transaction(async (tx) => {
			expect(await world.links.use(tx, token, ana.id)).toMatchObject({ kind: 'invite', role: 'reviewer' });
			throw new Error('the account could not be made');
		});
		await expect(failing).rejects.toThrow('the account could not be made');
		expect(await use(token, ana.id)).not.toBeNull();
	});

	test('[LINK-2] an expired link opens nothing', async () => {
		const ana = await world.person('Ana');
		const token = await invite(0);
		expect(await world.links.find(token)).toMatchObject({ state: 'expired' });
		expect(await use(token, ana.id)).toBeNull();
	});

	test('[LINK-3] only the SHA-256 of a token is stored, and what is stored opens nothing', async () => {
		const token = await invite();
		expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
		const stored = await world.db.query<{ hash: string }>(`select * from entry_link`);
		expect(JSON.stringify(stored)).not.toContain(token);
		for (const { hash } of stored) expect(await world.links.find(hash)).toBeNull();
	});

	test('[LINK-4] a link opens what it was made for, and nothing else', async () => {
		const ana = await world.person('Ana');
		const token = await world.links.create({
			kind: 'sign-in',
			userId: ana.id,
			minutes: 5,
			createdBy: ana.id,
		});
		expect(await world.links.find(token)).toMatchObject({
			kind: 'sign-in',
			userId: ana.id,
			createdBy: ana.id,
			state: 'open',
		});
		for (const kind of ['owner', 'invite'] as const)
			expect(await world.db.transaction((tx) => world.links.use(tx, token, null, kind))).toBeNull();
		expect(await world.links.find(token)).toMatchObject({ state: 'open' });
	});

	test('[LINK-5] the open invitations of a project are listed, newest first; revoked ones open nothing', async () => {
		const ana = await world.person('Ana');
		const other = await world.project();
		const wish = { kind: 'invite', project: other.id, minutes: 60 } as const;
		const used = await world.links.create({ ...wish, role: 'lead' });
		await use(used, ana.id);
		await world.links.create({ ...wish, role: 'lead', minutes: 0 });
		await invite();
		const first = await world.links.create({ ...wish, role: 'annotator', email: ' Bo@Example.org' });
		await world.links.create({ ...wish, role: 'reviewer' });
		const listed = await world.links.openInvites(other.id);
		expect(listed.map(({ role, email }) => [role, email])).toEqual([
			['reviewer', null],
			['annotator', 'bo@example.org'],
		]);
		expect(await world.links.revoke(listed[1]?.id ?? 0)).toBe(true);
		expect(await world.links.revoke(listed[1]?.id ?? 0)).toBe(false);
		expect(await world.links.find(first)).toBeNull();
		expect(await use(first, ana.id)).toBeNull();
		expect(await world.links.openInvites(other.id)).toHaveLength(1);
	});

	test('[LINK-5] a link that was used cannot be revoked: who came by it stays on record', async () => {
		const ana = await world.person('Ana');
		const token = await invite();
		const link = await use(token, ana.id);
		expect(await world.links.revoke(link?.id ?? 0)).toBe(false);
		expect(await world.links.find(token)).toMatchObject({ state: 'used' });
	});
});
