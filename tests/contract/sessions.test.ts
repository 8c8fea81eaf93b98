import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Sessions } from '../../server/gate/lucia.ts';
import { ENGINES, type FreshDatabase } from '../support/databases.ts';
import { storesOn, type StoreWorld } from '../support/store-world.ts';

/** What a browser sends back for a `Set-Cookie` header. */
const sent = (setCookie: string) => setCookie.split(';')[0] ?? '';

describe.each(ENGINES)('sessions on $engine', (engine) => {
	let fresh: FreshDatabase;
	let world: StoreWorld;
	let sessions: Sessions;
	beforeAll(async () => {
		fresh = await engine.open();
		world = storesOn(fresh.db);
		sessions = new Sessions(fresh.db, { secure: true });
	});
	afterAll(() => fresh.close());

	const rows = (userId: number) =>
		fresh.db.query<{ id: string; expires_at: Date }>(`select * from session where user_id = $1`, [userId]);

	test('[SESSION-1] a cookie opens its session until it is ended', async () => {
		const ana = await world.person('Ana');
		const cookie = await sessions.begin(ana.id);
		const found = await sessions.find(sent(cookie));
		expect(found?.user).toEqual(ana);
		expect(found?.setCookie).toBeUndefined();
		expect(await sessions.end(found?.sessionId ?? '')).toMatch(/^duologue_session=; .*Max-Age=0/);
		expect(await sessions.find(sent(cookie))).toBeNull();
	});

	test('[SESSION-2] only the SHA-256 of a session id is stored, and what is stored opens nothing', async () => {
		const ana = await world.person('Ana');
		const cookie = sent(await sessions.begin(ana.id));
		const [row] = await rows(ana.id);
		expect(row?.id).toMatch(/^[0-9a-f]{64}$/);
		expect(cookie).not.toContain(row?.id);
		expect(await sessions.find(`duologue_session=${row?.id}`)).toBeNull();
		expect(await sessions.find(`duologue_session=sha256:${row?.id}`)).toBeNull();
	});

	test('[SESSION-3] the cookie is not for scripts, not for other sites, and for https only when the site is', async () => {
		const ana = await world.person('Ana');
		const attributes = async (secure: boolean) =>
			(await new Sessions(fresh.db, { secure }).begin(ana.id)).split('; ').slice(1).sort();
		const plain = ['HttpOnly', `Max-Age=${30 * 24 * 3600}`, 'Path=/', 'SameSite=Lax'];
		expect(await attributes(false)).toEqual(plain);
		expect(await attributes(true)).toEqual([...plain, 'Secure'].sort());
	});

	test('[SESSION-4] past half of its 30 days a session is prolonged, and its cookie handed back', async () => {
		const ana = await world.person('Ana');
		const cookie = sent(await sessions.begin(ana.id));
		await fresh.db.query(`update session set expires_at = now() + interval '14 days' where user_id = $1`, [
			ana.id,
		]);
		const found = await sessions.find(cookie);
		expect(sent(found?.setCookie ?? '')).toBe(cookie);
		const [row] = await rows(ana.id);
		expect(row?.expires_at.getTime()).toBeGreaterThan(Date.now() + 29 * 24 * 3600_000);
	});

	test('[SESSION-4] an expired session opens nothing, and is swept away when somebody signs in', async () => {
		const ana = await world.person('Ana');
		const bo = await world.person('Bo');
		const cookie = sent(await sessions.begin(ana.id));
		await fresh.db.query(`update session set expires_at = now() - interval '1 second' where user_id = $1`, [
			ana.id,
		]);
		await sessions.begin(bo.id);
		expect(await rows(ana.id)).toEqual([]);
		expect(await sessions.find(cookie)).toBeNull();
	});

	test('[SESSION-5] who is disabled is signed out everywhere at once, and stays so when enabled again', async () => {
		const ana = await world.person('Ana');
		const cookies = [sent(await sessions.begin(ana.id)), sent(await sessions.begin(ana.id))];
		await world.users.disable(ana.id);
		for (const cookie of cookies) expect(await sessions.find(cookie)).toBeNull();
		await world.users.enable(ana.id);
		for (const cookie of cookies) expect(await sessions.find(cookie)).toBeNull();
	});

	test('[SESSION-5] a session that is made while its user is being disabled opens nothing', async () => {
		const ana = await world.person('Ana');
		await world.users.disable(ana.id);
		expect(await sessions.find(sent(await sessions.begin(ana.id)))).toBeNull();
	});

	test('[SESSION-5] a new password ends the sessions that the old one opened', async () => {
		const ana = await world.person('Ana');
		const cookie = sent(await sessions.begin(ana.id));
		await world.users.setPassword(ana.id, 'hash');
		expect(await sessions.find(cookie)).toBeNull();
	});

	test.each([
		'',
		'%',
		'duologue_session=',
		'duologue_session',
		'other=%E0%A4%A; duologue_session=%',
		`duologue_session=${'a'.repeat(5000)}`,
	])('[SESSION-6] the cookie header %j is nobody, and no error', async (header) => {
		expect(await sessions.find(header)).toBeNull();
	});

	test('[SESSION-6] cookies of others beside ours do no harm', async () => {
		const ana = await world.person('Ana');
		const cookie = sent(await sessions.begin(ana.id));
		for (const header of [
			`a=%; ${cookie}`,
			`${cookie}; b=%zz`,
			`x_duologue_session=abcdefabcdefabcdefabcdef; ${cookie}`,
		])
			expect((await sessions.find(header))?.user.id).toBe(ana.id);
	});
});
