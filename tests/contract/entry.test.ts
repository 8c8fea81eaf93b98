import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Entry, type Account } from '../../server/gate/entry.ts';
import { hashPassword } from '../../server/gate/passwords.ts';
import type { User } from '../../server/store/users.ts';
import { ENGINES, type FreshDatabase } from '../support/databases.ts';
import { storesOn, type StoreWorld } from '../support/store-world.ts';

const PASSWORD = 'correct horse';
const IP = '203.0.113.7';
const account = (email: string, changed: Partial<Account> = {}): Account => ({
	email,
	name: 'Ana',
	password: PASSWORD,
	locale: 'zh',
	...changed,
});

/** What a browser sends back for a `Set-Cookie` header. */
const sent = (setCookie: string) => setCookie.split(';')[0] ?? '';

describe.each(ENGINES)('entry on $engine', (engine) => {
	let fresh: FreshDatabase;
	let world: StoreWorld;
	let clock: { now: number };
	let entry: Entry;
	let hashed: string;
	let people = 0;
	beforeAll(async () => {
		fresh = await engine.open();
		world = storesOn(fresh.db);
		hashed = await hashPassword(PASSWORD);
	});
	afterAll(() => fresh.close());

	/** An entrance that remembers no failures yet. */
	function newEntry(): Entry {
		clock = { now: 1_000_000 };
		return new Entry({ ...world, config: { secure: false }, now: () => clock.now });
	}
	async function registered(): Promise<User> {
		return world.users.create({ email: `p${++people}@example.org`, name: 'Pat', passwordHash: hashed });
	}
	const whoIs = async (result: { ok: boolean; cookie?: string }) =>
		(await entry.identify({ cookie: sent(result.cookie ?? '') }))?.user ?? null;

	// First: it needs an installation that nobody has entered yet.
	describe('the first run', () => {
		test('[ENTRY-1] the newest owner link, once, makes the owner, who leads what projects there are', async () => {
			entry = newEntry();
			const project = await world.projects.create({ name: 'Everyday help' });
			const old = await entry.ownerLink();
			const token = (await entry.ownerLink()) ?? '';
			expect(await entry.createOwner(old ?? '', account('own@example.org'))).toEqual({
				ok: false,
				why: 'link',
			});

			for (const bad of [
				{ password: 'short' },
				{ email: 'nobody' },
				{ name: ' ' },
				{ password: 'x'.repeat(201) },
			])
				await expect(entry.createOwner(token, account('own@example.org', bad))).rejects.toMatchObject({
					code: 'bad-input',
				});
			expect(await world.users.count()).toBe(0);

			const tries = await Promise.all(
				Array.from({ length: 4 }, (_, i) => entry.createOwner(token, account(`own${i}@example.org`))),
			);
			expect(await world.users.count()).toBe(1);
			const made = tries.filter((one) => one.ok);
			expect(made).toHaveLength(1);
			const owner = await whoIs(made[0] ?? { ok: false });
			expect(owner).toMatchObject({ owner: true, name: 'Ana', locale: 'zh' });
			expect(await world.projects.roleOf(project.id, owner?.id ?? 0)).toBe('lead');
			expect(await entry.ownerLink()).toBeNull();
		});

		test('[ENTRY-1] an owner link that was left over makes no second owner', async () => {
			entry = newEntry();
			const before = await world.users.count();
			const token = await world.links.create({ kind: 'owner', minutes: 60 });
			expect(await entry.createOwner(token, account('second@example.org'))).toEqual({
				ok: false,
				why: 'link',
			});
			expect(await world.users.count()).toBe(before);
		});
	});

	describe('signing in', () => {
		test('[ENTRY-2] the right password opens a session, and signing out ends it', async () => {
			entry = newEntry();
			const user = await registered();
			const result = await entry.signIn(` ${user.email.toUpperCase()}`, PASSWORD, IP);
			if (!result.ok) throw new Error(result.why);
			expect(result.cookie).toMatch(/^duologue_session=[a-z0-9]+; /);
			const identity = await entry.identify({ cookie: sent(result.cookie) });
			expect(identity).toMatchObject({ via: 'session', user });
			expect(await entry.signOut(identity?.sessionId ?? '')).toContain('Max-Age=0');
			expect(await whoIs(result)).toBeNull();
		});

		test('[ENTRY-3] a wrong password, an unknown email, no password and a disabled account are told alike', async () => {
			entry = newEntry();
			const user = await registered();
			const disabled = await registered();
			await world.users.disable(disabled.id);
			const linkOnly = await world.person('Lin');
			const tries = [
				[user.email, 'wrong password'],
				[user.email, ''],
				[user.email, `${PASSWORD}${'x'.repeat(500)}`],
				['nobody@example.org', PASSWORD],
				['no email at all\0', PASSWORD],
				[disabled.email, PASSWORD],
				[linkOnly.email, PASSWORD],
				[linkOnly.email, 'nobody has this password'],
			] as const;
			for (const [i, [email, password]] of tries.entries())
				expect(await entry.signIn(email, password, `203.0.113.${i}`)).toEqual({ ok: false, why: 'wrong' });
		});

		test('[ENTRY-4] after five failures an email waits, from wherever it is tried, also with the right password', async () => {
			entry = newEntry();
			const user = await registered();
			for (let i = 0; i < 5; i++) await entry.signIn(user.email, `wrong ${i}`, `198.51.100.${i}`);
			const slow = { ok: false, why: 'slow', retryAfterSeconds: 2 };
			expect(await entry.signIn(` ${user.email.toUpperCase()}`, PASSWORD, '198.51.100.99')).toEqual(slow);
			clock.now += 2_000;
			expect(await entry.signIn(user.email, 'wrong', '198.51.100.98')).toEqual({ ok: false, why: 'wrong' });
			expect(await entry.signIn(user.email, PASSWORD, IP)).toEqual({ ...slow, retryAfterSeconds: 4 });
			clock.now += 4_000;
			expect(await entry.signIn(user.email, PASSWORD, IP)).toMatchObject({ ok: true });
			for (let i = 0; i < 4; i++) await entry.signIn(user.email, 'wrong', `198.51.100.${i + 10}`);
			expect(await entry.signIn(user.email, PASSWORD, IP)).toMatchObject({ ok: true });
		});

		test('[ENTRY-4] after five failures an address waits, whichever email it tries; a success does not clear that', async () => {
			entry = newEntry();
			const user = await registered();
			for (let i = 0; i < 4; i++) await entry.signIn(`x${i}@example.org`, 'wrong', IP);
			expect(await entry.signIn(user.email, PASSWORD, IP)).toMatchObject({ ok: true });
			await entry.signIn('x4@example.org', 'wrong', IP);
			expect(await entry.signIn(user.email, PASSWORD, IP)).toMatchObject({ why: 'slow' });
			expect(await entry.signIn(user.email, PASSWORD, '198.51.100.1')).toMatchObject({ ok: true });
		});

		test('[ENTRY-4] tries side by side are told no more than tries in a row', async () => {
			entry = newEntry();
			const user = await registered();
			const told = await Promise.all(
				Array.from({ length: 12 }, (_, i) => entry.signIn(user.email, `guess number ${i}`, `192.0.2.${i}`)),
			);
			expect(told.filter((one) => !one.ok && one.why === 'wrong')).toHaveLength(5);
			expect(told.filter((one) => !one.ok && one.why === 'slow')).toHaveLength(7);
		});
	});

	describe('invitations', () => {
		const invite = (project: number, email?: string) =>
			world.links.create({ kind: 'invite', project, role: 'reviewer', minutes: 60, ...(email && { email }) });

		test('[ENTRY-5] an invitation makes an account, its membership and a session, once', async () => {
			entry = newEntry();
			const { id } = await world.projects.create({ name: 'Travel' });
			const token = await invite(id);
			const tries = await Promise.all(
				Array.from({ length: 4 }, (_, i) => entry.acceptInvite(token, account(`in${i}@example.org`), IP)),
			);
			const made = tries.filter((one) => one.ok);
			expect(made).toHaveLength(1);
			const user = await whoIs(made[0] ?? { ok: false });
			expect(user).toMatchObject({ name: 'Ana', locale: 'zh', owner: false });
			expect((await world.projects.members(id)).map((one) => [one.user.id, one.role])).toEqual([
				[user?.id, 'reviewer'],
			]);
			expect(tries.filter((one) => !one.ok)).toEqual(Array(3).fill({ ok: false, why: 'link' }));
			const [used] = await world.db.query(`select used_by from entry_link where project = $1`, [id]);
			expect(used).toEqual({ used_by: user?.id });
		});

		test('[ENTRY-5] a refused account leaves the invitation open', async () => {
			entry = newEntry();
			const { id } = await world.projects.create({ name: 'Travel' });
			const token = await invite(id, 'Meant@example.org');
			for (const wish of [account('meant@example.org', { password: 'short' }), account('other@example.org')])
				await expect(entry.acceptInvite(token, wish, IP)).rejects.toMatchObject({ code: 'bad-input' });
			expect(await world.projects.members(id)).toEqual([]);
			expect(await entry.acceptInvite(token, account(' MEANT@example.org'), IP)).toMatchObject({ ok: true });
		});

		test('[ENTRY-6] who has an account joins with its password, and keeps name, role elsewhere and account', async () => {
			entry = newEntry();
			const user = await registered();
			const { id } = await world.projects.create({ name: 'Travel' });
			const token = await invite(id);
			const wrong = await entry.acceptInvite(token, account(user.email, { password: 'not the one' }), IP);
			expect(wrong).toEqual({ ok: false, why: 'wrong' });
			expect(await world.projects.roleOf(id, user.id)).toBeNull();
			const joined = await entry.acceptInvite(token, account(user.email, { name: 'Mallory' }), IP);
			expect(await whoIs(joined)).toEqual(user);
			expect(await world.projects.roleOf(id, user.id)).toBe('reviewer');
			expect(await world.links.find(token)).toMatchObject({ state: 'used' });
		});

		test('[ENTRY-6] an invitation is no way around the wait after failures, nor into a disabled account', async () => {
			entry = newEntry();
			const user = await registered();
			const { id } = await world.projects.create({ name: 'Travel' });
			const token = await invite(id);
			for (let i = 0; i < 5; i++)
				await entry.acceptInvite(
					token,
					account(user.email, { password: `wrong guess ${i}` }),
					`192.0.2.${i}`,
				);
			expect(await entry.acceptInvite(token, account(user.email), IP)).toMatchObject({ why: 'slow' });
			clock.now += 2_000;
			await world.users.disable(user.id);
			expect(await entry.acceptInvite(token, account(user.email), IP)).toEqual({ ok: false, why: 'wrong' });
			expect(await world.links.find(token)).toMatchObject({ state: 'open' });
		});

		test('[ENTRY-6] who leads already is not made less by an invitation', async () => {
			entry = newEntry();
			const user = await registered();
			const { id } = await world.projects.create({ name: 'Travel' });
			await world.projects.setRole(id, user.id, 'lead');
			expect(await entry.acceptInvite(await invite(id), account(user.email), IP)).toMatchObject({ ok: true });
			expect(await world.projects.roleOf(id, user.id)).toBe('lead');
		});
	});

	describe('sign-in links', () => {
		const linkTo = (userId: number) => world.links.create({ kind: 'sign-in', userId, minutes: 5 });

		test('[ENTRY-7] a sign-in link lets its user in, once', async () => {
			entry = newEntry();
			const user = await registered();
			const token = await linkTo(user.id);
			const tries = await Promise.all(Array.from({ length: 10 }, () => entry.followSignInLink(token)));
			const made = tries.filter((one) => one.ok);
			expect(made).toHaveLength(1);
			expect(await whoIs(made[0] ?? { ok: false })).toEqual(user);
		});

		test('[ENTRY-7] not a disabled one', async () => {
			entry = newEntry();
			const user = await registered();
			const token = await linkTo(user.id);
			await world.users.disable(user.id);
			expect(await entry.followSignInLink(token)).toEqual({ ok: false, why: 'link' });
		});

		test('[ENTRY-7] no link does the work of another kind', async () => {
			entry = newEntry();
			const user = await registered();
			const { id } = await world.projects.create({ name: 'Travel' });
			const signIn = await linkTo(user.id);
			const invite = await world.links.create({ kind: 'invite', project: id, role: 'lead', minutes: 5 });
			const refused = { ok: false, why: 'link' };
			expect(await entry.followSignInLink(invite)).toEqual(refused);
			expect(await entry.acceptInvite(signIn, account('new@example.org'), IP)).toEqual(refused);
			expect(await entry.createOwner(signIn, account('new@example.org'))).toEqual(refused);
			for (const made_up of ['', 'x', 'a'.repeat(43), '\0'])
				expect(await entry.acceptInvite(made_up, account('new@example.org'), IP)).toEqual(refused);
			for (const token of [signIn, invite])
				expect(await world.links.find(token)).toMatchObject({ state: 'open' });
		});
	});

	describe('who is asking', () => {
		test('[ENTRY-8] a bearer token or a cookie says who; a token that is refused does not fall back', async () => {
			entry = newEntry();
			const [ana, bo] = [await registered(), await registered()];
			const signedIn = await entry.signIn(ana.email, PASSWORD, IP);
			const cookie = sent(signedIn.ok ? signedIn.cookie : '');
			const token = await world.tokens.create(bo.id, 'script');
			expect(await entry.identify({ authorization: `Bearer ${token}` })).toEqual({ via: 'token', user: bo });
			expect(await entry.identify({ authorization: `bearer ${token}`, cookie })).toMatchObject({ user: bo });
			expect(await entry.identify({ authorization: 'Bearer dlg_nobody', cookie })).toBeNull();
			// As a proxy's own sign-in leaves it.
			expect(await entry.identify({ authorization: 'Basic eDp5', cookie })).toMatchObject({ user: ana });
			expect(await entry.identify({})).toBeNull();
			expect(await entry.identify({ cookie: 'duologue_session=nobodynobodynobodynobody' })).toBeNull();
		});

		test('[ENTRY-8] a session past its half is prolonged, and the cookie to hand back comes along', async () => {
			entry = newEntry();
			const ana = await registered();
			const signedIn = await entry.signIn(ana.email, PASSWORD, IP);
			const cookie = sent(signedIn.ok ? signedIn.cookie : '');
			expect((await entry.identify({ cookie }))?.setCookie).toBeUndefined();
			await world.db.query(`update session set expires_at = now() + interval '1 day' where user_id = $1`, [
				ana.id,
			]);
			expect(sent((await entry.identify({ cookie }))?.setCookie ?? '')).toBe(cookie);
		});
	});
});
