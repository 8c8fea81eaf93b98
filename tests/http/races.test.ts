import { afterAll, beforeAll, expect, test } from 'vitest';
import { answered, type ApiDialogue } from '../support/api-client.ts';
import { apiPerson, sessionCookie, type ApiPerson } from '../support/api-person.ts';
import { answeredDialogue, live, submittedDialogue } from '../support/live-dialogue.ts';
import { startStandIn, type StandIn } from '../support/openai-stand-in.ts';
import { until } from '../support/rooms.ts';
import { RunningServer } from '../support/running-server.ts';

let standIn: StandIn;
let server: RunningServer;
let ann: ApiPerson;
let one: ApiPerson;
let other: ApiPerson;
let leads: [ApiPerson, ApiPerson];

beforeAll(async () => {
	standIn = await startStandIn({ answers: () => 'A response.', chunk: 4 });
	server = await RunningServer.start({ env: { BOT_BASE_URL: standIn.url, BOT_MODEL: 'stand-in' } });
	ann = await apiPerson(server, 'ann', 'annotator');
	one = await apiPerson(server, 'one', 'reviewer');
	other = await apiPerson(server, 'other', 'reviewer');
	leads = [await apiPerson(server, 'lea', 'lead'), await apiPerson(server, 'leo', 'lead')];
});
afterAll(async () => {
	await server.stop();
	await standIn.close();
});

const stateOf = async (id: number): Promise<ApiDialogue> => ann.api.ok('GET', `/dialogues/${id}`);
const post = (who: ApiPerson, id: number, command: string, body?: unknown): Promise<Response> =>
	who.api.fetch('POST', `/dialogues/${id}/${command}`, body);

test('[RACE-1] of two who claim a dialogue at once one gets it', async () => {
	for (let round = 0; round < 3; round++) {
		const id = await submittedDialogue(server.origin, ann.api, ann.token);
		const answers = await Promise.all([one, other].map((who) => post(who, id, 'claim')));
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
		const winner = [one, other][answers.findIndex(({ ok }) => ok)];
		expect((await stateOf(id)).reviewer?.id).toBe(winner?.id);
	}
});

test('[RACE-2] nobody decides about a dialogue that another reviewer claims at that moment', async () => {
	for (let round = 0; round < 3; round++) {
		const id = await submittedDialogue(server.origin, ann.api, ann.token);
		const [claimed, accepted, returned] = await Promise.all([
			post(one, id, 'claim'),
			post(other, id, 'accept'),
			post(other, id, 'return', { reasons: ['format'] }),
		]);
		expect(claimed.status).toBe(200);
		// 403 for who comes when the claim is done already, 409 for who comes in the middle of it.
		for (const { status } of [accepted, returned]) expect([403, 409]).toContain(status);
		expect(await stateOf(id)).toMatchObject({ state: 'in_review', reviewer: { id: one.id } });
		expect(await one.api.ok('POST', `/dialogues/${id}/accept`)).toEqual({ state: 'accepted' });
	}
});

test('[RACE-3] of two prompts sent at once one stands, and of two regenerations', async () => {
	const id = await answeredDialogue(ann.api);
	const sent = await Promise.all([1, 2].map(() => post(ann, id, 'turns', { text: 'Again' })));
	expect(sent.map(({ status }) => status).sort()).toEqual([202, 409]);
	const { turns } = await answered(ann.api, id);
	expect(turns).toHaveLength(4);
	const last = turns[3]?.id ?? '';
	const again = await Promise.all([1, 2].map(() => post(ann, id, `turns/${last}/regenerate`)));
	expect(again.map(({ status }) => status).sort()).toEqual([202, 409]);
	expect((await answered(ann.api, id)).turns[3]?.earlier).toHaveLength(1);
});

test('[RACE-4] a dialogue that is skipped or discarded stops its bot, and keeps what had come', async () => {
	for (const [who, command, body] of [
		[ann, 'skip', { reason: 'unclear' }],
		[leads[0], 'discard', undefined],
	] as const) {
		const id = await answeredDialogue(ann.api);
		standIn.setMode('stall');
		await post(ann, id, 'turns', { text: 'Go on' });
		await until(async () => (await stateOf(id)).turns[3]?.text !== '');
		expect((await post(who, id, command, body)).status).toBe(200);
		standIn.setMode('ok');
		expect((await stateOf(id)).turns[3]).toMatchObject({ state: 'stopped', original: 'A respon' });
		await until(() => standIn.open() === 0);
	}
});

test('[RACE-5] a returned dialogue is in progress again when its annotator writes, not when the reviewer does', async () => {
	const id = await submittedDialogue(server.origin, ann.api, ann.token);
	await post(one, id, 'claim');
	await post(one, id, 'return', { reasons: ['format'] });
	const reviewer = await live(server.origin, id, one.token);
	const annotator = await live(server.origin, id, ann.token);
	const comment = { author: String(one.id), turn: null, anchor: null, quote: '', text: 'See 2', at: 1 };
	reviewer.doc.getMap('comments').set('comment00001', { ...comment, replyTo: null });
	await until(() => annotator.doc.getMap('comments').has('comment00001'));
	// The next write of the same socket is behind whatever the first one has led to.
	reviewer.doc.getText('draft').insert(0, 'x');
	await until(() => annotator.doc.getText('draft').length === 1);
	expect((await stateOf(id)).state).toBe('returned');
	annotator.doc.getText('draft').insert(1, 'y');
	await until(async () => (await stateOf(id)).state === 'in_progress');
	for (const { provider } of [reviewer, annotator]) provider.destroy();
});

test('[RACE-6] of two leads who take the role from each other at once one stays lead', async () => {
	const cookies = await Promise.all(leads.map((lead) => sessionCookie(server, lead)));
	await Promise.all(
		[0, 1].map((index) =>
			fetch(`${server.origin}/members?/role`, {
				method: 'POST',
				headers: { origin: server.origin, cookie: cookies[index] ?? '' },
				body: new URLSearchParams({ id: String(leads[1 - index]?.id), role: 'annotator' }),
			}),
		),
	);
	const roles = await Promise.all(
		leads.map(
			async ({ api }) => (await api.ok<{ projects: { role: string }[] }>('GET', '/me')).projects[0]?.role,
		),
	);
	expect(roles.sort()).toEqual(['annotator', 'lead']);
});
