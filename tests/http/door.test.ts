import { connect, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { adminSocketPath } from '../../server/http/admin-socket.ts';
import { openDatabase } from '../../server/store/database.ts';
import { ApiClient } from '../support/api-client.ts';
import { sessionCookie } from '../support/api-person.ts';
import { openedDialogue } from '../support/live-dialogue.ts';
import { RunningServer } from '../support/running-server.ts';
import { socketWith } from '../support/sockets.ts';
import { writeSync } from '../support/write-messages.ts';

let server: RunningServer;

beforeAll(async () => {
	server = await RunningServer.start();
});
afterAll(() => server.stop());

const upgrade = (target: string, headers = ''): string =>
	`GET ${target} HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
	`Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n${headers}\r\n`;

/** A connection that has sent this, and the beginning of what was answered. */
async function sent(text: string): Promise<{ socket: Socket; answer: string }> {
	const socket = connect(Number(new URL(server.origin).port), '127.0.0.1');
	socket.on('error', () => {});
	socket.write(text);
	const answer = await new Promise<string>((resolve) => {
		socket.once('data', (data) => resolve(String(data))).once('close', () => resolve('closed'));
	});
	return { socket, answer };
}
const lives = async (): Promise<void> => expect((await fetch(`${server.origin}/livez`)).ok).toBe(true);

test('[DOOR-1] an upgrade that asks for no room is answered like any request, whatever it asks for', async () => {
	for (const [target, status] of [
		['//', 404],
		['/\\', 404],
		['///', 404],
		['http://[', 404],
		['/sync/x', 404],
		['/livez', 200],
	] as const) {
		const { socket, answer } = await sent(upgrade(target));
		expect(answer).toContain(`HTTP/1.1 ${status} `);
		socket.resetAndDestroy();
		await lives();
	}
});

test('[DOOR-10] a command that says whose it is is given as that person or not at all', async () => {
	const ana = await server.person('ana@example.org', 'annotator');
	const ben = await server.person('ben@example.org', 'annotator');
	const idOf = async ({ token }: { token: string }): Promise<string> => {
		const me = await new ApiClient(server.origin, token).ok<{ user: { id: number } }>('GET', '/me');
		return String(me.user.id);
	};
	const as = (who: string): ApiClient => new ApiClient(server.origin, ana.token, { 'x-duologue-as': who });
	const [own, other] = [as(await idOf(ana)), as(await idOf(ben))];
	expect(await other.refused('POST', '/dialogues', { topicId: 1 })).toBe('401 another-signed-in');
	expect((await own.fetch('POST', '/dialogues', { topicId: 1 })).ok).toBe(true);
	const { items } = await own.ok<{ items: unknown[] }>('GET', '/dialogues');
	expect(items).toHaveLength(1);
});

test('[DOOR-2] a connection that is cut at any point of its handshake ends nothing but itself', async () => {
	for (const target of ['/sync/1', '/elsewhere', '//'])
		for (const wait of [0, 1, 5, 20]) {
			const socket = connect(Number(new URL(server.origin).port), '127.0.0.1');
			socket.on('error', () => {});
			socket.write(upgrade(target));
			await pause(wait);
			socket.resetAndDestroy();
		}
	await lives();
});

test('[DOOR-3] an administrator who goes away before the answer ends nothing', async () => {
	const socket = new Socket();
	socket.on('error', () => {});
	socket.pause(); // what is answered stays unread, so that closing resets the connection
	socket.connect(adminSocketPath(server.dataDir));
	socket.write(`${JSON.stringify({ command: 'token create', email: 'nobody@example.org', name: 'x' })}\n`);
	await pause(300);
	socket.destroy();
	await pause(100);
	await lives();
});

test('[DOOR-4] a session that is prolonged by the API or at a socket hands its cookie back', async () => {
	const email = 'ann@example.org';
	const { password } = await server.person(email, 'annotator');
	const cookie = await sessionCookie(server, { email, password });
	const age = async (): Promise<void> => {
		await server.terminate();
		const db = await openDatabase({ dir: server.dataDir });
		await db.query(`update session set expires_at = now() + interval '5 days'`);
		await db.close();
		await server.run();
	};
	await age();
	const asked = () => fetch(`${server.origin}/api/v1/me`, { headers: { cookie } });
	expect((await asked()).headers.get('set-cookie')).toContain(`${cookie};`);
	expect((await asked()).headers.get('set-cookie')).toBeNull();
	await age();
	const { items } = (await (
		await fetch(`${server.origin}/api/v1/topics`, { headers: { authorization: `Bearer ${await token()}` } })
	).json()) as { items: { id: number }[] };
	const { id } = await new ApiClient(server.origin, await token()).ok<{ id: number }>('POST', '/dialogues', {
		topicId: items[0]?.id,
	});
	const { socket, answer } = await sent(upgrade(`/sync/${id}`, `Cookie: ${cookie}\r\n`));
	expect(answer).toContain('101 ');
	expect(answer).toContain(`Set-Cookie: ${cookie};`);
	socket.destroy();

	async function token(): Promise<string> {
		const out = await server.admin(['token', 'create', '--email', email, '--name', 'door']);
		return out.trim();
	}
});

test('[DOOR-5] ids and texts that the database cannot hold are refused, not failed on', async () => {
	const { token } = await server.person('bo@example.org', 'annotator');
	const api = new ApiClient(server.origin, token);
	expect(await api.refused('POST', '/dialogues', { topicId: 2 ** 31 })).toBe('404 not-found');
	expect(await api.refused('POST', '/dialogues', { topicId: 2 ** 53 })).toBe('400 bad-input');
	expect(await api.refused('GET', `/dialogues/${2 ** 53 - 1}`)).toBe('404 not-found');
	expect((await api.fetch('GET', '/topics?q=%00')).status).toBe(200);
	expect(await api.refused('POST', '/dialogues/1/return', { reasons: ['format'], note: 'a\0b' })).toBe(
		'400 bad-input',
	);
});

test('[DOOR-6] a socket whose other side never says goodbye does not keep the server from ending in order', async () => {
	const { socket, answer } = await sent(upgrade('/sync/1'));
	expect(answer).toContain('101 '); // let in to be told that it is not signed in
	expect(await server.terminate()).toBe(0);
	socket.destroy();
	await server.run();
});

test('[DOOR-7] a demonstration refuses a database that has other accounts, with a sentence and no stack', async () => {
	await server.terminate();
	const refused = await RunningServer.start({ dataDir: server.dataDir, args: ['--demo'] }).then(
		async (demo) => {
			while (!demo.output.includes('accounts already')) await pause(20);
			return demo.output;
		},
		(error: Error) => error.message,
	);
	expect(refused).toContain('This database has accounts already');
	expect(refused).not.toMatch(/ {4}at |enter\//);
	await server.run();
});

test('[DOOR-9] a socket that says whose page it is comes in as that person or not at all', async () => {
	const [cy, di] = await Promise.all(
		['cy@example.org', 'di@example.org'].map(async (email) => {
			const { token } = await server.person(email, 'annotator');
			const api = new ApiClient(server.origin, token);
			return { token, api, ...(await api.ok<{ user: { id: number } }>('GET', '/me')) };
		}),
	);
	if (!cy || !di) throw new Error('Nobody is there');
	const id = await openedDialogue(cy.api);
	/** What a socket of Cy’s first hears: a message of its room, or that it is closed. */
	const heard = (query: string): Promise<string> =>
		new Promise((resolve) => {
			const Cys = socketWith({ authorization: `Bearer ${cy.token}` });
			const socket = new Cys(`${server.origin.replace('http', 'ws')}/sync/${id}${query}`);
			socket.onopen = () => socket.send(writeSync('step 1', Uint8Array.of(0)));
			socket.onmessage = () => (resolve('let in'), socket.close());
			socket.onclose = ({ code, reason }) => resolve(`${code} ${reason}`);
		});
	for (const query of ['', '?durable=1&client=77', `?as=${cy.user.id}`, `?durable=1&as=${cy.user.id}`])
		expect(await heard(query)).toBe('let in');
	for (const as of [
		di.user.id,
		'',
		'me',
		`0${cy.user.id}`,
		`${cy.user.id}.0`,
		`${di.user.id}&as=${cy.user.id}`,
	])
		expect(await heard(`?client=78&as=${as}`)).toBe('4401 another is signed in');
});
