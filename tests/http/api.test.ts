import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { rate } from '#lib/document/ratings.ts';
import { turnText } from '#lib/document/read-dialogue.ts';
import { openDatabase } from '../../server/store/database.ts';
import { answered, ApiClient, type ApiDialogue } from '../support/api-client.ts';
import { openaiEndings } from '../support/openai-endings.ts';
import { openedDialogue } from '../support/live-dialogue.ts';
import { startStandIn, type StandIn } from '../support/openai-stand-in.ts';
import { until } from '../support/rooms.ts';
import { RunningServer } from '../support/running-server.ts';
import { socketWith } from '../support/sockets.ts';

let standIn: StandIn;
let server: RunningServer;
let ann: ApiClient;
let rev: ApiClient;
let lead: ApiClient;
let annToken: string;
let leadToken: string;

const REPLY = '先说结论：可以。Then the details — 👩‍👩‍👧 and 𝒳.\n\n1. One\n2. 二';

beforeAll(async () => {
	standIn = await startStandIn({ answers: () => REPLY, chunk: 4, delayMs: 2 });
	server = await RunningServer.start({
		env: { BOT_BASE_URL: standIn.url, BOT_MODEL: 'stand-in', BOT_API_KEY: 'k-1' },
	});
	annToken = (await server.person('ann@example.org', 'annotator')).token;
	leadToken = (await server.person('lea@example.org', 'lead')).token;
	const { token: revToken } = await server.person('rev@example.org', 'reviewer');
	ann = new ApiClient(server.origin, annToken);
	rev = new ApiClient(server.origin, revToken);
	lead = new ApiClient(server.origin, leadToken);
});
afterAll(async () => {
	await server.stop();
	await standIn.close();
});

const opened = () => openedDialogue(ann);

function live(id: number, token: string): { doc: Y.Doc; provider: WebsocketProvider } {
	const doc = new Y.Doc();
	const provider = new WebsocketProvider(`${server.origin.replace('http', 'ws')}/sync`, String(id), doc, {
		disableBc: true,
		WebSocketPolyfill: socketWith({ authorization: `Bearer ${token}` }),
	});
	return { doc, provider };
}
const synced = (provider: WebsocketProvider): Promise<void> =>
	new Promise((resolve) => (provider.synced ? resolve() : provider.once('sync', () => resolve())));
describe('who may ask', () => {
	test('[API-1] without a session or a token every path answers 401 as JSON', async () => {
		const nobody = new ApiClient(server.origin, null);
		for (const path of ['/me', '/topics', '/dialogues', '/dialogues/1', '/export'])
			expect(await nobody.refused('GET', path)).toBe('401 signed-out');
		expect(await new ApiClient(server.origin, 'dlg_wrong').refused('GET', '/me')).toBe('401 signed-out');
	});

	test('[API-2] a command from a foreign page is refused, whoever is signed in', async () => {
		const foreign = new ApiClient(server.origin, annToken, { origin: 'https://evil.example' });
		expect(await foreign.refused('GET', '/me')).toBe('403 forbidden');
		expect(await foreign.refused('POST', '/dialogues', { topicId: 1 })).toBe('403 forbidden');
	});

	test('[API-3] another annotator does not learn that a dialogue exists; a lead sees it and changes nothing', async () => {
		const id = await opened();
		const other = new ApiClient(server.origin, (await server.person('oth@example.org', 'annotator')).token);
		expect(await other.refused('GET', `/dialogues/${id}`)).toBe('404 not-found');
		expect(await other.refused('POST', `/dialogues/${id}/turns`, { text: 'hi' })).toBe('404 not-found');
		expect((await lead.ok<ApiDialogue>('GET', `/dialogues/${id}`)).id).toBe(id);
		expect(await lead.refused('POST', `/dialogues/${id}/turns`, { text: 'hi' })).toBe('403 forbidden');
		expect(await rev.refused('POST', '/dialogues', { topicId: 1 })).toBe('403 forbidden');
		expect(await ann.refused('GET', '/export')).toBe('403 forbidden');
	});
});

describe('bad input', () => {
	const turns = '/dialogues/:id/turns';
	test.each<[what: string, method: string, path: string, body: unknown, answer: string, said: RegExp]>([
		['malformed JSON', 'POST', turns, '{"text": "half', '400 bad-input', /not valid JSON/],
		['a 5 MB prompt', 'POST', turns, { text: 'x'.repeat(5 << 20) }, '413 too-large', /larger than 1048576/],
		['a long prompt', 'POST', turns, { text: 'x'.repeat(100_001) }, '413 too-large', /at most 100000/],
		['an empty prompt', 'POST', turns, { text: '  \n ' }, '400 bad-input', /prompt is empty/],
		['a prompt that is a number', 'POST', turns, { text: 7 }, '400 bad-input', /not as it should be/],
		[
			'an unknown reason',
			'POST',
			'/dialogues/:id/return',
			{ reasons: ['because'] },
			'400 bad-input',
			/not as/,
		],
		['an unknown state', 'GET', '/dialogues?state=wrong', undefined, '400 bad-input', /not as it should be/],
		['a cursor of no list', 'GET', '/topics?cursor=nonsense', undefined, '400 bad-input', /cursor/],
		['an id that is none', 'GET', '/dialogues/x1', undefined, '404 not-found', /no dialogue x1/],
		['an unknown path', 'GET', '/nothing', undefined, '404 not-found', /no \/nothing/],
		['an unknown method', 'PUT', '/dialogues/:id', {}, '404 not-found', /does not take PUT/],
	])(
		'[API-4] %s gets a code and a sentence and changes nothing',
		async (_what, method, path, body, answer, said) => {
			const id = await opened();
			const before = await ann.ok<ApiDialogue>('GET', `/dialogues/${id}`);
			const refusal = await ann.refusal(method, path.replace(':id', String(id)), body);
			expect(refusal.answer).toBe(answer);
			expect(refusal.said).toMatch(said);
			expect(await ann.ok('GET', `/dialogues/${id}`)).toEqual(before);
			expect((await fetch(`${server.origin}/readyz`)).status).toBe(200);
		},
	);

	test('[API-4] an unknown format of an export gets a code and a sentence', async () => {
		const { answer, said } = await lead.refusal('GET', '/export?format=parquet');
		expect(answer).toBe('400 bad-input');
		expect(said).toContain('messages');
	});
});

describe('the main job by API and sockets', () => {
	test('[API-5] prompt, answer, edit, rate, submit, return, submit, accept, export: byte for byte', async () => {
		const id = await opened();
		const prompt = '退款要几天？ How many days — 🧾\n第二行';
		await ann.ok('POST', `/dialogues/${id}/turns`, { text: prompt });
		const { turns } = await answered(ann, id);
		const response = turns[1];
		expect(turns.map(({ role, text }) => [role, text])).toEqual([
			['user', prompt],
			['bot', REPLY],
		]);
		expect(response?.original).toBe(REPLY);
		expect(standIn.requests.at(-1)?.messages.at(-1)).toEqual({ role: 'user', content: prompt });

		expect(await ann.refused('POST', `/dialogues/${id}/submit`)).toBe('409 unrated');
		const { doc, provider } = live(id, annToken);
		await synced(provider);
		const me = (await ann.ok<{ user: { id: number } }>('GET', '/me')).user.id;
		turnText(doc, response?.id ?? '')?.insert(0, '【已改】');
		for (const key of ['helpful', 'honest', 'harmless'])
			rate(doc, String(me), response?.id ?? '', key, { value: 4 });
		const final = `【已改】${REPLY}`;
		await until(async () => (await ann.ok<ApiDialogue>('GET', `/dialogues/${id}`)).turns[1]?.text === final);

		await ann.ok('POST', `/dialogues/${id}/submit`);
		expect(await ann.refused('POST', `/dialogues/${id}/turns`, { text: 'more' })).toBe('409 state');
		await rev.ok('POST', `/dialogues/${id}/claim`);
		expect(await rev.refused('POST', `/dialogues/${id}/return`, { reasons: [] })).toBe('400 reason');
		await rev.ok('POST', `/dialogues/${id}/return`, { reasons: ['format'], note: '少一行' });
		expect((await ann.ok<ApiDialogue>('GET', `/dialogues/${id}`)).returned).toEqual({
			reasons: ['format'],
			note: '少一行',
		});

		turnText(doc, response?.id ?? '')?.insert(final.length, '\n');
		await until(async () => (await ann.ok<ApiDialogue>('GET', `/dialogues/${id}`)).state === 'in_progress');
		await ann.ok('POST', `/dialogues/${id}/submit`);
		await ann.ok('POST', `/dialogues/${id}/take-back`);
		await ann.ok('POST', `/dialogues/${id}/submit`);
		await rev.ok('POST', `/dialogues/${id}/claim`);
		expect(await rev.ok('POST', `/dialogues/${id}/accept`)).toEqual({ state: 'accepted' });
		provider.destroy();

		const expected = JSON.stringify({
			messages: [
				{ role: 'user', content: prompt },
				{ role: 'assistant', content: `${final}\n` },
			],
		});
		const exported = await lead.fetch('GET', '/export?format=messages&state=accepted');
		expect(exported.headers.get('content-type')).toContain('application/x-ndjson');
		expect((await exported.text()).split('\n')).toContain(expected);
		expect((await server.admin(['export'])).split('\n')).toContain(expected);
	});

	test('[API-6] stop keeps what had come; regenerate keeps the earlier answer whole', async () => {
		const id = await opened();
		standIn.setMode('stall');
		const { responseId } = await ann.ok<{ responseId: string }>('POST', `/dialogues/${id}/turns`, {
			text: 'Tell me',
		});
		expect(await ann.refused('POST', `/dialogues/${id}/turns`, { text: 'again' })).toBe('409 generating');
		await until(async () => (await ann.ok<ApiDialogue>('GET', `/dialogues/${id}`)).turns[1]?.text !== '');
		await ann.ok('POST', `/dialogues/${id}/turns/${responseId}/stop`);
		const stopped = (await ann.ok<ApiDialogue>('GET', `/dialogues/${id}`)).turns[1];
		expect(stopped?.state).toBe('stopped');
		expect(REPLY.startsWith(stopped?.original ?? 'nothing')).toBe(true);

		standIn.setMode('ok');
		await ann.ok('POST', `/dialogues/${id}/turns/${responseId}/regenerate`);
		const again = (await answered(ann, id)).turns;
		expect(again).toHaveLength(2);
		expect(again[1]?.text).toBe(REPLY);
		expect(again[1]?.earlier).toMatchObject([
			{ id: responseId, original: stopped?.original, state: 'stopped' },
		]);
	});

	test('[API-14] an answer in the middle can be written anew and brought back; what is stale is kept before it is handed in', async () => {
		const id = await opened();
		for (const text of ['One', 'Two']) {
			await ann.ok('POST', `/dialogues/${id}/turns`, { text });
			await answered(ann, id);
		}
		const { turns } = await answered(ann, id);
		const [, first, , second] = turns.map((turn) => turn.id);
		await ann.ok('POST', `/dialogues/${id}/turns/${first}/regenerate`);
		expect((await answered(ann, id)).turns).toMatchObject([
			{ text: 'One' },
			{ earlier: [{ id: first, followers: [{ text: 'Two' }, { id: second }] }] },
		]);
		expect(await ann.refused('POST', `/dialogues/${id}/turns/${second}/bring-back`)).toBe('404 not-found');
		expect(await rev.refused('POST', `/dialogues/${id}/turns/none/bring-back`)).toBe('404 not-found');
		await ann.ok('POST', `/dialogues/${id}/turns/${first}/bring-back`);
		expect((await answered(ann, id)).turns.map((turn) => turn.id)).toEqual(turns.map((turn) => turn.id));
		expect(await ann.refused('POST', `/dialogues/${id}/keep`, { turns: ['none'] })).toBe('404 not-found');
		await ann.ok('POST', `/dialogues/${id}/keep`, { turns: [second] });
	});

	test.each(openaiEndings)(
		'[API-7] a bot that fails ($mode) says so in its turn and keeps what came',
		async ({ mode, fault }) => {
			const id = await opened();
			standIn.setMode(mode);
			await ann.ok('POST', `/dialogues/${id}/turns`, { text: 'Hello' });
			const failed = (await answered(ann, id)).turns[1];
			standIn.setMode('ok');
			expect(failed).toMatchObject({ state: 'failed', fault });
			expect(failed?.text).toBe(failed?.original);
			expect(REPLY.startsWith(failed?.original ?? 'nothing')).toBe(true);
			await ann.ok('POST', `/dialogues/${id}/turns/${failed?.id}/regenerate`);
			expect((await answered(ann, id)).turns[1]).toMatchObject({ state: 'ready', text: REPLY });
		},
	);

	describe('with a time limit of a second', () => {
		beforeAll(async () => {
			await server.terminate();
			const db = await openDatabase({ dir: server.dataDir });
			await db.query('update bot set timeout_seconds = 1');
			await db.close();
			await server.run();
		});
		test.each([
			['before its first word', 'hang'],
			['in the middle', 'stall'],
		] as const)('[API-7] a bot that hangs %s is given up', async (_when, mode) => {
			const id = await opened();
			standIn.setMode(mode);
			await ann.ok('POST', `/dialogues/${id}/turns`, { text: 'Hello' });
			const failed = (await answered(ann, id)).turns[1];
			standIn.setMode('ok');
			expect(failed).toMatchObject({ state: 'failed', fault: 'timeout' });
			expect(failed?.text === '').toBe(mode === 'hang');
			await ann.ok('POST', `/dialogues/${id}/turns/${failed?.id}/regenerate`);
			expect((await answered(ann, id)).turns[1]).toMatchObject({ state: 'ready', text: REPLY });
		});
	});

	test('[API-8] the history that a bot is sent is the final text of earlier turns', async () => {
		const id = await opened();
		await ann.ok('POST', `/dialogues/${id}/turns`, { text: 'One' });
		const response = (await answered(ann, id)).turns[1];
		const { doc, provider } = live(id, annToken);
		await synced(provider);
		const text = turnText(doc, response?.id ?? '');
		text?.delete(0, text.length);
		text?.insert(0, 'Corrected.');
		await until(
			async () => (await ann.ok<ApiDialogue>('GET', `/dialogues/${id}`)).turns[1]?.text === 'Corrected.',
		);
		provider.destroy();
		await ann.ok('POST', `/dialogues/${id}/turns`, { text: 'Two' });
		await answered(ann, id);
		expect(standIn.requests.at(-1)?.messages).toEqual([
			{ role: 'user', content: 'One' },
			{ role: 'assistant', content: 'Corrected.' },
			{ role: 'user', content: 'Two' },
		]);
	});
});

describe('sockets', () => {
	test('[API-9] [ROOM-18] two stock providers converge with bearer tokens and find nothing amiss; a lead sees everything and changes nothing', async () => {
		const complaints = vi.spyOn(console, 'error');
		onTestFinished(() => complaints.mockRestore());
		const id = await opened();
		const [one, two, watcher] = [live(id, annToken), live(id, annToken), live(id, leadToken)];
		await Promise.all([one, two, watcher].map(({ provider }) => synced(provider)));
		one.doc.getText('draft').insert(0, 'Hello');
		two.doc.getText('draft').insert(0, '你好 ');
		await until(() => [one, two, watcher].every(({ doc }) => doc.getText('draft').length === 8));
		expect(one.doc.getText('draft').toJSON()).toBe(two.doc.getText('draft').toJSON());
		expect(watcher.doc.getText('draft').toJSON()).toBe(one.doc.getText('draft').toJSON());

		const closed = new Promise<{ code: number }>((resolve) =>
			watcher.provider.once('connection-close', (event) => resolve({ code: event?.code ?? 0 })),
		);
		watcher.doc.getText('draft').insert(0, 'XX');
		expect((await closed).code).toBe(4403);
		one.doc.getText('draft').insert(0, '!');
		await until(() => two.doc.getText('draft').length === 9);
		expect((await ann.ok<ApiDialogue>('GET', `/dialogues/${id}`)).draft).toBe(
			one.doc.getText('draft').toJSON(),
		);
		for (const { provider } of [one, two, watcher]) provider.destroy();
		expect(complaints.mock.calls).toEqual([]);
	});

	test('[API-10] nobody enters without a session, from a foreign page, or into a dialogue that is not theirs', async () => {
		const id = await opened();
		const ending = (headers: Record<string, string>, path = String(id)): Promise<number | 'no socket'> =>
			new Promise((resolve) => {
				const Socket = socketWith(headers);
				const socket = new Socket(`${server.origin.replace('http', 'ws')}/sync/${path}`);
				socket.onclose = ({ code }) => resolve(code);
				socket.on('unexpected-response', () => resolve('no socket'));
				socket.onerror = () => {};
			});
		const authorization = `Bearer ${annToken}`;
		expect(await ending({})).toBe(4401);
		expect(await ending({ authorization, origin: 'https://evil.example' })).toBe('no socket');
		expect(await ending({ authorization }, '999999')).toBe(4404);
		const other = (await server.person('far@example.org', 'annotator')).token;
		expect(await ending({ authorization: `Bearer ${other}` })).toBe(4404);
	});
});

describe('the server', () => {
	test('[API-11] a fault in the environment is named at start, all of them at once', async () => {
		const faulty = RunningServer.start({
			env: { LOG_LEVEL: 'loud', TRUST_PROXY: 'perhaps', ORIGIN: 'not a url' },
		});
		await expect(faulty).rejects.toThrow(/3 faults[\s\S]*ORIGIN[\s\S]*TRUST_PROXY[\s\S]*LOG_LEVEL/);
	});

	test('[API-12] SIGTERM ends it in order while a bot writes; what had come is there afterwards', async () => {
		const id = await opened();
		standIn.setMode('stall');
		await ann.ok('POST', `/dialogues/${id}/turns`, { text: 'Hello' });
		await until(async () => (await ann.ok<ApiDialogue>('GET', `/dialogues/${id}`)).turns[1]?.text !== '');
		const before = (await ann.ok<ApiDialogue>('GET', `/dialogues/${id}`)).turns[1];
		expect(await server.terminate()).toBe(0); // 1 where it had to be cut short
		standIn.setMode('ok');
		await server.run();
		const after = (await ann.ok<ApiDialogue>('GET', `/dialogues/${id}`)).turns[1];
		expect(after).toMatchObject({ id: before?.id, state: 'failed', fault: 'interrupted' });
		expect(after?.text.startsWith(before?.text ?? 'nothing')).toBe(true);
	});
});
