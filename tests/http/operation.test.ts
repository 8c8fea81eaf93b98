import { createServer } from 'node:http';
import pg from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { ApiClient, answered, type ApiDialogue } from '../support/api-client.ts';
import { apiPerson, sessionCookie } from '../support/api-person.ts';
import { ENGINES, type Ground } from '../support/databases.ts';
import { Overheard } from '../support/eavesdropper.ts';
import { startStandIn } from '../support/openai-stand-in.ts';
import { until } from '../support/rooms.ts';
import { RunningServer, type ServerOptions } from '../support/running-server.ts';
import { startPostgres } from '../support/temporary-postgres.ts';

/** A server on ground of its own, for as long as `work` lasts. */
async function withServer(
	ground: Ground,
	options: ServerOptions,
	work: (server: RunningServer) => Promise<void>,
): Promise<void> {
	const server = await RunningServer.start({ ...ground, ...options });
	try {
		await work(server);
	} finally {
		await server.stop();
		await ground.remove();
	}
}
const lines = (text: string): string[] => text.split('\n').filter(Boolean);

const postgres = await startPostgres();
afterAll(() => postgres?.stop());

describe.each(ENGINES)('on $engine', ({ ground }) => {
	test('[API-13] the administrator works while the server runs and while it does not', async () => {
		await withServer(await ground(), {}, async (server) => {
			const add = (email: string, role: string, password: string, ...more: string[]) =>
				server.admin(
					['user', 'add', '--email', email, '--name', 'X', '--role', role, ...more, '--password-stdin'],
					password,
				);
			const works = async (email: string): Promise<void> => {
				await add(email, 'lead', 'a long secret', '--owner');
				const out = await server.admin(['token', 'create', '--email', email, '--name', 'notebook']);
				expect(await server.admin(['export'])).toBe('');
				if (!server.runs) await server.run();
				const api = new ApiClient(server.origin, lines(out).at(-1) ?? '');
				expect(await api.ok('GET', '/me')).toMatchObject({ user: { email }, projects: [{ role: 'lead' }] });
				expect(await sessionCookie(server, { email, password: 'a long secret' })).not.toBe('');
			};
			await works('on@example.org');
			await expect(add('on@example.org', 'lead', 'a long secret')).rejects.toThrow(/registered/);
			await expect(add('x@example.org', 'lead', 'short')).rejects.toThrow(/10/);
			await expect(add('x@example.org', 'boss', 'a long secret')).rejects.toThrow(/--role/);
			await expect(
				server.admin(['token', 'create', '--email', 'no@example.org', '--name', 'n']),
			).rejects.toThrow(/Nobody is registered/);
			await server.terminate();
			await works('off@example.org');
		});
	}, 180_000);

	test('[API-15] a demonstration is ready at once, with a link for each of its people that lets in once', async () => {
		await withServer(await ground(), { args: ['--demo'] }, async (server) => {
			const links = await Promise.all([0, 1, 2].map((nth) => server.link('enter', nth)));
			expect(server.output).toMatch(/annotator[^\n]*\/enter\/[^\n]*\n\s*reviewer[^\n]*\n\s*lead[^\n]*\n/);
			const enter = (link: string) =>
				fetch(link, { method: 'POST', redirect: 'manual', headers: { origin: server.origin }, body: '' });
			const cookies = await Promise.all(
				links.map(async (link) => (await enter(link)).headers.get('set-cookie')?.split(';')[0] ?? ''),
			);
			const read = async <T>(cookie: string, path: string): Promise<T> =>
				(await (await fetch(`${server.origin}/api/v1${path}`, { headers: { cookie } })).json()) as T;
			const roles = await Promise.all(
				cookies.map(
					async (cookie) => (await read<{ projects: { role: string }[] }>(cookie, '/me')).projects[0],
				),
			);
			expect(roles.map((project) => project?.role)).toEqual(['annotator', 'reviewer', 'lead']);
			const { items } = await read<{ items: { state: string }[] }>(cookies[2] ?? '', '/dialogues');
			const states = ['accepted', 'accepted', 'in_progress', 'returned', 'submitted'];
			expect(items.map(({ state }) => state).sort()).toEqual(states);
			for (const link of links) expect((await enter(link)).headers.get('set-cookie')).toBeNull();

			// Again on the same data: the same people, with fresh links.
			await server.terminate();
			server.output = '';
			await server.run();
			const again = await server.link('enter');
			expect(links).not.toContain(again);
			expect((await enter(again)).headers.get('set-cookie')).toContain('duologue_session=');
			const after = await read<{ items: unknown[] }>(cookies[2] ?? '', '/dialogues');
			expect(after.items).toHaveLength(states.length);
		});
	});
});

test.skipIf(postgres === null)(
	'[API-16] a server whose database goes before its start is done is never ready, and ends with a sentence',
	async () => {
		if (!postgres) return;
		const holder = new pg.Client(postgres.url);
		holder.on('error', () => {}); // it goes with the database
		await holder.connect();
		await holder.query(`select pg_advisory_lock(hashtext('duologue owner link'))`);
		const started = RunningServer.start({ databaseUrl: postgres.url }).then(
			(server) => server.stop().then(() => 'started'),
			(error: unknown) => String(error),
		);
		await until(async () => (await holder.query(`select from pg_locks where not granted`)).rowCount === 1);
		await postgres.crash();
		const said = lines(await started);
		await postgres.recover();
		const logged = said.filter((line) => line.startsWith('{'));
		const [, ...sentences] = said.filter((line) => !line.startsWith('{'));
		expect(sentences).toEqual([expect.stringMatching(/^[A-Z][a-z ]+$/)]);
		expect(logged.join('\n')).not.toMatch(/secretKey|connectionParameters/);
	},
);

test.skipIf(postgres === null)(
	'[API-16] a server whose database is away lives and says that it is not ready, until it is back',
	async () => {
		if (!postgres) return;
		const server = await RunningServer.start({ databaseUrl: postgres.url });
		const asked = async (path: string) => {
			const response = await fetch(`${server.origin}${path}`);
			return `${response.status} ${(await response.text()).trim()}`;
		};
		try {
			expect([await asked('/livez'), await asked('/readyz')]).toEqual(['200 ok', '200 ok']);
			await postgres.crash();
			expect(await asked('/readyz')).toBe('503 the database does not answer');
			expect(await asked('/livez')).toBe('200 ok');
			await postgres.recover();
			await until(async () => (await asked('/readyz')) === '200 ok');
		} finally {
			await server.stop();
		}
	},
);

test('[API-17] the log is a line of JSON an event, and holds no secret and no text of people, at its most talkative', async () => {
	const standIn = await startStandIn({ answers: () => 'An answer that nobody logs' });
	const key = 'sk-the-key-of-the-bot';
	const server = await RunningServer.start({
		env: { BOT_BASE_URL: standIn.url, BOT_MODEL: 'm', BOT_API_KEY: key, LOG_LEVEL: 'trace' },
	});
	try {
		const ann = await apiPerson(server, 'ann', 'annotator');
		const cookie = await sessionCookie(server, ann);
		const wrong = 'this was never the password';
		expect(await sessionCookie(server, { email: ann.email, password: wrong })).toBe('');
		await ann.api.refused('POST', '/dialogues', '{"topicId": "half of a secret');
		for (const mode of ['401', '400', '500', 'cut', 'ok'] as const) {
			standIn.setMode(mode);
			const { id } = await ann.api.ok<ApiDialogue>('POST', '/dialogues', { topicId: 1 });
			await ann.api.ok('POST', `/dialogues/${id}/turns`, { text: 'A prompt that nobody logs' });
			await answered(ann.api, id);
			const socket = new Overheard(`${server.origin.replace('http', 'ws')}/sync/${id}`, { cookie }, () => {});
			await until(() => socket.frames > 0);
			socket.leave();
		}
		for (const path of ['/queue', '/nowhere', '/join/a-link-that-is-none', '/settings'])
			await fetch(server.origin + path, { headers: { cookie } });
		await server.terminate();

		const [banner, told] = [/welcome\/|Nobody has an account/, lines(server.output)];
		const events = told.filter((line) => !banner.test(line)).map((line) => JSON.parse(line) as object);
		const faults = events.flatMap((event) => ('fault' in event ? [event.fault] : []));
		expect(faults).toEqual(['refused', 'refused', 'refused', 'cut']);
		for (const event of events)
			expect(event).toMatchObject({
				level: expect.any(Number) as number,
				time: expect.any(Number) as number,
				msg: expect.any(String) as string,
			});
		const log = told.filter((line) => !banner.test(line)).join('\n');
		const secrets = [
			key,
			ann.password,
			wrong,
			ann.token,
			cookie.split('=')[1],
			'half of a secret',
			'nobody logs',
		];
		for (const secret of secrets) expect(log).not.toContain(secret);
	} finally {
		await server.stop();
		await standIn.close();
	}
});

test('[API-11] an address that is taken is said in a sentence, and the server ends', async () => {
	const taken = createServer().listen(0, '127.0.0.1');
	try {
		await new Promise((resolve) => taken.once('listening', resolve));
		const address = taken.address();
		const port = typeof address === 'object' ? String(address?.port) : '';
		await expect(RunningServer.start({ env: { PORT: port } })).rejects.toThrow(
			new RegExp(`Cannot listen on 127.0.0.1:${port}`),
		);
	} finally {
		taken.close();
	}
});
