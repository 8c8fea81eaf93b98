import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EmailTaken } from '../../server/store/users.ts';
import { ENGINES, type FreshDatabase } from '../support/databases.ts';
import { storesOn, type StoreWorld } from '../support/store-world.ts';

describe.each(ENGINES)('users on $engine', (engine) => {
	let fresh: FreshDatabase;
	let world: StoreWorld;
	beforeAll(async () => {
		fresh = await engine.open();
		world = storesOn(fresh.db);
	});
	afterAll(() => fresh.close());

	test('[USER-1] an email is one account, however it is written', async () => {
		const { users } = world;
		const ana = await users.create({ email: '  Ana@Example.ORG ', name: ' Ana ', passwordHash: 'h' });
		expect(ana).toEqual({
			id: ana.id,
			email: 'ana@example.org',
			name: 'Ana',
			owner: false,
			locale: 'en',
			disabled: false,
		});
		await expect(users.create({ email: 'ANA@example.org', name: 'Other' })).rejects.toThrow(EmailTaken);
		expect(await users.byEmail(' aNa@example.org')).toEqual({ user: ana, passwordHash: 'h' });
		expect(await users.byId(ana.id)).toEqual(ana);
	});

	test('[USER-1] of ten who register one email at once, one gets it', async () => {
		const tries = await Promise.allSettled(
			Array.from({ length: 10 }, (_, i) => world.users.create({ email: 'race@example.org', name: `N${i}` })),
		);
		expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
		for (const one of tries) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(EmailTaken);
	});

	test('[USER-1] a taken email leaves the transaction it was tried in whole', async () => {
		await world.users.create({ email: 'taken@example.org', name: 'Taken' });
		const { id } = await world.db.transaction(async (tx) => {
			await expect(world.users.create({ email: 'taken@example.org', name: 'X' }, tx)).rejects.toThrow(
				EmailTaken,
			);
			return world.users.create({ email: 'free@example.org', name: 'Free' }, tx);
		});
		expect(await world.users.byId(id)).toMatchObject({ email: 'free@example.org' });
	});

	test.each(['', 'ana', 'ana@', 'a b@example.org', `${'a'.repeat(250)}@example.org`, 'a\0@example.org'])(
		'[USER-2] %j is no email: nothing is made, nobody is found',
		async (email) => {
			const before = await world.users.count();
			await expect(world.users.create({ email, name: 'Ana' })).rejects.toMatchObject({ code: 'bad-input' });
			expect(await world.users.byEmail(email)).toBeNull();
			expect(await world.users.count()).toBe(before);
		},
	);

	test.each(['', '   ', 'n'.repeat(81), 'a\u0000b', 'two\nlines'])('[USER-2] %j is no name', async (name) => {
		await expect(world.users.create({ email: 'name@example.org', name })).rejects.toMatchObject({
			code: 'bad-input',
		});
	});

	test('[USER-2] a name of 80 characters, in any script, is one', async () => {
		const user = await world.users.create({ email: 'long@example.org', name: '李'.repeat(80), locale: 'zh' });
		expect(user).toMatchObject({ name: '李'.repeat(80), locale: 'zh' });
	});

	test('[USER-3] a new password and a new locale are kept', async () => {
		const { users } = world;
		const bo = await users.create({ email: 'bo@example.org', name: 'Bo' });
		expect(await users.byEmail('bo@example.org')).toMatchObject({ passwordHash: null });
		await users.setPassword(bo.id, 'hash');
		await users.setLocale(bo.id, 'zh');
		expect(await users.byEmail('bo@example.org')).toEqual({
			user: { ...bo, locale: 'zh' },
			passwordHash: 'hash',
		});
	});

	test('[USER-4] somebody disabled stays in the list, and can be enabled again', async () => {
		const { users } = world;
		const cy = await users.create({ email: 'cy@example.org', name: 'Cy' });
		await users.disable(cy.id);
		expect((await users.list()).find(({ id }) => id === cy.id)).toEqual({ ...cy, disabled: true });
		await users.enable(cy.id);
		expect(await users.byId(cy.id)).toEqual(cy);
	});
});
