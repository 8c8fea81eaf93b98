import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../server/store/database.ts';
import { Links } from '../../server/store/links.ts';
import { apiPerson, sessionCookie, type ApiPerson } from '../support/api-person.ts';
import { RunningServer } from '../support/running-server.ts';

let server: RunningServer;
let ann: ApiPerson;
let lead: ApiPerson;
let cookies: { ann: string; lead: string };

beforeAll(async () => {
	server = await RunningServer.start();
	ann = await apiPerson(server, 'ann', 'annotator');
	lead = await apiPerson(server, 'lea', 'lead');
	cookies = { ann: await sessionCookie(server, ann), lead: await sessionCookie(server, lead) };
});
afterAll(() => server.stop());

const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
	fetch(`${server.origin}${path}`, {
		method: 'POST',
		redirect: 'manual',
		headers: { origin: server.origin, accept: 'text/html', ...headers },
		body: new URLSearchParams(fields),
	});

describe('[ENTRY-26] a link that is not good any more', () => {
	const account = { name: 'Eve', email: 'eve@example.org', password: 'a very long secret' };
	const token: Record<string, Record<'welcome' | 'join' | 'enter', string>> = {};
	beforeAll(async () => {
		await server.terminate();
		const db = await openDatabase({ dir: server.dataDir });
		const links = new Links(db);
		const made = async (minutes: number) => ({
			welcome: await links.create({ kind: 'owner', minutes }),
			join: await links.create({ kind: 'invite', project: 1, role: 'lead', minutes }),
			enter: await links.create({ kind: 'sign-in', userId: lead.id, minutes }),
		});
		token['expired'] = await made(-1);
		token['used'] = await made(10);
		await db.query('update entry_link set used_at = now() where expires_at > now()');
		token['unknown'] = { welcome: 'x'.repeat(43), join: 'x'.repeat(43), enter: 'x'.repeat(43) };
		await db.close();
		await server.run();
	});
	test.each([
		['expired', 'This link expired', 'Ask whoever gave it to you for a new one'],
		['used', 'This link was used', 'Sign in, or ask for a new link'],
		['unknown', 'This link is not valid', 'Check that you copied all of it'],
	])('[ENTRY-26] one that is %s says so and what to do, and lets nobody in', async (state, title, todo) => {
		for (const door of ['welcome', 'join', 'enter'] as const) {
			const path = `/${door}/${token[state]?.[door]}`;
			const page = await (await fetch(`${server.origin}${path}`)).text();
			expect(page).toContain(title);
			expect(page).toContain(todo);
			expect(page).not.toContain('type="password"');
			const answer = await post(path, account);
			expect(answer.status).toBeGreaterThanOrEqual(400);
			expect(answer.headers.get('set-cookie')).toBeNull();
			expect(await answer.text()).toContain(title);
		}
		expect(await sessionCookie(server, account)).toBe('');
	});
});

test('[ENTRY-22] a wrong password is answered 401 with a sentence, and opens nothing', async () => {
	const answer = await post('/sign-in', { email: ann.email, password: 'not the secret' });
	expect(answer.status).toBe(401);
	expect(answer.headers.get('set-cookie')).toBeNull();
	expect(await answer.text()).toContain('Email and password do not match');
});

test('[API-2] a form of a foreign page is refused, whoever is signed in', async () => {
	const foreign = { origin: 'https://evil.example', cookie: cookies.lead };
	for (const [path, fields] of [
		['/sign-in', { email: ann.email, password: ann.password }],
		['/members?/invite', { role: 'lead', email: '' }],
		['/settings?/blind', { blind: 'true' }],
		['/sign-out', {}],
	] as const) {
		const answer = await post(path, fields, foreign);
		expect([path, answer.status]).toEqual([path, 403]);
		expect(answer.headers.get('set-cookie')).toBeNull();
	}
	expect((await fetch(`${server.origin}/settings`, { headers: { cookie: cookies.lead } })).status).toBe(200);
});

test('[API-3] pages and forms that are not for a role are refused with a sentence, and change nothing', async () => {
	const headers = { cookie: cookies.ann };
	for (const path of ['/dialogues', '/members', '/settings', '/export']) {
		const page = await fetch(`${server.origin}${path}`, { headers });
		expect([path, page.status]).toEqual([path, 403]);
		expect(await page.text()).toContain('Not for your role');
	}
	for (const [path, fields] of [
		['/members?/invite', { role: 'lead', email: '' }],
		['/members?/role', { id: String(ann.id), role: 'lead' }],
		['/members?/remove', { id: String(lead.id) }],
		['/settings?/save', { kind: 'practice', name: 'Mine' }],
		['/settings?/blind', { blind: 'true' }],
	] as const)
		expect([path, (await post(path, fields, headers)).status]).toEqual([path, 403]);
	expect(await ann.api.ok('GET', '/me')).toMatchObject({ projects: [{ role: 'annotator' }] });
	expect(await lead.api.ok('GET', '/me')).toMatchObject({ projects: [{ role: 'lead' }] });
});

test('[SESSION-3] behind a proxy that ends TLS, what is signed in and chosen travels on https only', async () => {
	const origin = 'https://duologue.example.org';
	const proxied = await RunningServer.start({ env: { ORIGIN: origin, TRUST_PROXY: 'true' } });
	try {
		const { email, password } = await apiPerson(proxied, 'bo', 'annotator');
		const proxy = { 'x-forwarded-host': 'duologue.example.org', 'x-forwarded-proto': 'https' };
		const headers = { ...proxy, origin, accept: 'text/html' };
		for (const [path, fields] of [
			['/sign-in', { email, password }],
			['/preferences', { theme: 'dark' }],
		] as const) {
			const answer = await fetch(proxied.origin + path, {
				method: 'POST',
				redirect: 'manual',
				headers,
				body: new URLSearchParams(fields),
			});
			expect(answer.status).toBe(303);
			expect(answer.headers.get('set-cookie')).toContain('; Secure');
		}
		const foreign = { ...headers, origin: proxied.origin };
		const refused = await fetch(`${proxied.origin}/sign-in`, {
			method: 'POST',
			headers: foreign,
			body: new URLSearchParams({ email, password }),
		});
		expect(refused.status).toBe(403);
	} finally {
		await proxied.stop();
	}
});
