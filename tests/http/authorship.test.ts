import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { rate } from '#lib/document/ratings.ts';
import { turnText } from '#lib/document/read-dialogue.ts';
import { draftOf } from '#lib/document/roots.ts';
import type { NamedShare } from '#lib/measure/shares.ts';
import type { WhoWrote } from '../../server/workflow/who-wrote.ts';
import { answered, ApiClient, type ApiDialogue, type ApiTurn } from '../support/api-client.ts';
import { apiPerson, type ApiPerson } from '../support/api-person.ts';
import { live, openedDialogue, type Live } from '../support/live-dialogue.ts';
import { startStandIn, type StandIn } from '../support/openai-stand-in.ts';
import { until } from '../support/rooms.ts';
import { RunningServer } from '../support/running-server.ts';

type Written = ApiTurn & { authorship: NamedShare[] };

const REPLY = '水在海平面的沸点是 90 度。👩‍🚀';
let standIn: StandIn;
let server: RunningServer;
let ann: ApiPerson;
let rev: ApiPerson;
let lead: ApiPerson;

beforeAll(async () => {
	standIn = await startStandIn({ answers: () => REPLY, chunk: 4, delayMs: 0 });
	server = await RunningServer.start({ env: { BOT_BASE_URL: standIn.url, BOT_MODEL: 'stand-in' } });
	// One after the other: of equal shares the earlier account comes first.
	ann = await apiPerson(server, 'ann', 'annotator');
	rev = await apiPerson(server, 'rev', 'reviewer');
	lead = await apiPerson(server, 'lea', 'lead');
});
afterAll(async () => {
	await server.stop();
	await standIn.close();
});

const opened = () => openedDialogue(ann.api);

const turnsOf = async (id: number, by = ann): Promise<Written[]> =>
	(await by.api.ok<{ turns: Written[] }>('GET', `/dialogues/${id}`)).turns;
const text = ({ doc }: Live, turn: string): Y.Text => turnText(doc, turn) as Y.Text;
const by = ({ id }: ApiPerson, name: string, characters: number, share: number): NamedShare => ({
	author: { kind: 'person', id, name },
	characters,
	share,
});
const bot = (characters: number, share: number): NamedShare => ({
	author: { kind: 'bot', name: 'stand-in' },
	characters,
	share,
});

/** A prompt that two typed, and an answer that both corrected. */
async function writtenByTwo(): Promise<number> {
	const id = await opened();
	const [one, two] = await Promise.all([
		live(server.origin, id, ann.token),
		live(server.origin, id, rev.token),
	]);
	draftOf(one.doc).insert(0, '水多少度烧开？');
	await until(() => draftOf(two.doc).length === 7);
	draftOf(two.doc).insert(7, '😀谢谢');
	await until(() => draftOf(one.doc).length === 11);
	await rev.api.ok('POST', `/dialogues/${id}/turns`, { text: draftOf(one.doc).toJSON() });
	const response = (await answered(ann.api, id)).turns[1]?.id ?? '';
	await until(() => [one, two].every(({ doc }) => turnText(doc, response)?.toJSON() === REPLY));
	const at = REPLY.indexOf('90');
	one.doc.transact(() => {
		text(one, response).delete(at, 2);
		text(one, response).insert(at, '100');
	});
	text(two, response).insert(0, '【审】');
	await until(
		() => text(one, response).length === REPLY.length + 4 && text(two, response).length === REPLY.length + 4,
	);
	for (const key of ['helpful', 'honest', 'harmless']) rate(one.doc, ann.id, response, key, { value: 4 });
	while (!(await ann.api.fetch('POST', `/dialogues/${id}/submit`)).ok)
		await new Promise((resolve) => setTimeout(resolve, 50));
	for (const { provider } of [one, two]) provider.destroy();
	return id;
}

test('[AUTHOR-7] a dialogue says of every turn who wrote how much, by name, and holds no email', async () => {
	const id = await writtenByTwo();
	const turns = await turnsOf(id, lead);
	expect(turns.map(({ authorship }) => authorship)).toEqual([
		[by(ann, 'ann', 7, 0.7), by(rev, 'rev', 3, 0.3)],
		[bot(16, 0.7273), by(ann, 'ann', 3, 0.1364), by(rev, 'rev', 3, 0.1364)],
	]);
	expect([...(turns[1]?.text ?? '')]).toHaveLength(22);
	const whole = await (await lead.api.fetch('GET', `/dialogues/${id}`)).text();
	expect(whole).not.toContain('@');
});

test('[AUTHOR-7] a prompt of a program is its sender’s, who never had a socket; earlier answers are told too', async () => {
	const id = await opened();
	await ann.api.ok('POST', `/dialogues/${id}/turns`, { text: 'Hello' });
	await answered(ann.api, id);
	await rev.api.ok('POST', `/dialogues/${id}/turns`, { text: 'And more' });
	const dialogue = await answered(ann.api, id);
	await ann.api.ok('POST', `/dialogues/${id}/turns/${dialogue.turns[3]?.id}/regenerate`);
	await answered(ann.api, id);
	const all = [...REPLY].length;
	const turns = await turnsOf(id);
	expect(turns.map(({ authorship }) => authorship)).toEqual([
		[by(ann, 'ann', 5, 1)],
		[bot(all, 1)],
		[by(rev, 'rev', 8, 1)],
		[bot(all, 1)],
	]);
	expect((turns[3]?.earlier as Written[])[0]?.authorship).toEqual([bot(all, 1)]);
});

test('[AUTHOR-7] the server says the same after a restart', async () => {
	const id = await writtenByTwo();
	const before = await turnsOf(id);
	await server.terminate();
	await server.run();
	expect(await turnsOf(id)).toEqual(before);
});

test('[AUTHOR-8] whose every client id is is told to who may read, and nobody is named who only looked', async () => {
	const id = await opened();
	const [one, watching] = await Promise.all([
		live(server.origin, id, ann.token),
		live(server.origin, id, lead.token),
	]);
	draftOf(one.doc).insert(0, 'Hello');
	await until(() => draftOf(watching.doc).length === 5);
	const two = await live(server.origin, id, rev.token);
	draftOf(two.doc).insert(5, '!');
	await until(() => draftOf(one.doc).length === 6);
	const { people, server: own } = await lead.api.ok<WhoWrote>('GET', `/dialogues/${id}/authors`);
	expect(people).toEqual(
		[
			{ id: ann.id, name: 'ann', clients: [one.doc.clientID] },
			{ id: rev.id, name: 'rev', clients: [two.doc.clientID] },
		].sort((a, b) => a.id - b.id),
	);
	const everybody = [one.doc.clientID, two.doc.clientID, ...own].sort((a, b) => a - b);
	expect([...one.doc.store.clients.keys()].sort((a, b) => a - b)).toEqual(everybody);
	for (const { provider } of [one, two, watching]) provider.destroy();
	const other = await apiPerson(server, 'oth', 'annotator');
	expect(await other.api.refused('GET', `/dialogues/${id}/authors`)).toBe('404 not-found');
	expect(await new ApiClient(server.origin, null).refused('GET', `/dialogues/${id}/authors`)).toBe(
		'401 signed-out',
	);
});

test('[AUTHOR-9] an export says who wrote what where that is asked for, and nothing beyond the format where not', async () => {
	const id = await writtenByTwo();
	await rev.api.ok('POST', `/dialogues/${id}/claim`);
	await rev.api.ok('POST', `/dialogues/${id}/accept`);
	const rowsOf = async (query: string): Promise<Record<string, unknown>[]> =>
		(await (await lead.api.fetch('GET', `/export${query}`)).text())
			.trimEnd()
			.split('\n')
			.map((line) => JSON.parse(line) as Record<string, unknown>);
	const told = await rowsOf('?provenance=1');
	const turns = await turnsOf(id);
	expect(told.at(-1)).toMatchObject({
		messages: turns.map(({ role, text }) => ({ role: role === 'bot' ? 'assistant' : 'user', content: text })),
		provenance: { dialogue: id, authorship: turns.map(({ authorship }) => authorship) },
	});
	const plain = await rowsOf('');
	expect(plain).toEqual(told.map(({ messages }) => ({ messages })));
	expect(await rowsOf('?provenance=0')).toEqual(plain);
	expect(await lead.api.refused('GET', '/export?provenance=yes')).toBe('400 bad-input');
	expect((await lead.api.ok<ApiDialogue>('GET', `/dialogues/${id}`)).state).toBe('accepted');
});
