import { afterAll, beforeAll, expect, test } from 'vitest';
import { rate } from '#lib/document/ratings.ts';
import { raterMapsOf } from '#lib/document/roots.ts';
import { answered, type ApiDialogue } from '../support/api-client.ts';
import { overheardPerson, type OverheardPerson } from '../support/api-person.ts';
import type { Overheard } from '../support/eavesdropper.ts';
import { answeredDialogue, live, type Live } from '../support/live-dialogue.ts';
import { startStandIn, type StandIn } from '../support/openai-stand-in.ts';
import { until } from '../support/rooms.ts';
import { RunningServer } from '../support/running-server.ts';

const CRITERIA = ['helpful', 'honest', 'harmless'] as const;
const WHY_ANN = 'ann finds this wanting, 甲以为不足';
const WHY_REV = 'rev finds this wrong, 乙以为有误';
const NOT_THERE = { code: 4404, reason: 'no such dialogue' };

let standIn: StandIn;
let server: RunningServer;
let ann: OverheardPerson;
let rev: OverheardPerson;
let other: OverheardPerson;
let lead: OverheardPerson;

const settle = (who: OverheardPerson, blind: boolean): Promise<Response> =>
	fetch(`${server.origin}/settings?/blind`, {
		method: 'POST',
		headers: { cookie: who.cookie, origin: server.origin },
		body: new URLSearchParams({ blind: String(blind) }),
	});

beforeAll(async () => {
	standIn = await startStandIn({ answers: () => 'A response.', chunk: 4 });
	server = await RunningServer.start({ env: { BOT_BASE_URL: standIn.url, BOT_MODEL: 'stand-in' } });
	ann = await overheardPerson(server, 'ann', 'annotator');
	rev = await overheardPerson(server, 'rev', 'reviewer');
	other = await overheardPerson(server, 'other', 'reviewer');
	lead = await overheardPerson(server, 'lea', 'lead');
	expect((await settle(lead, true)).ok).toBe(true);
});
afterAll(async () => {
	await server.stop();
	await standIn.close();
});

const view = (who: OverheardPerson, id: number): Promise<ApiDialogue> =>
	who.api.ok('GET', `/dialogues/${id}`);
/** Whose ratings of the first response somebody is shown. */
const shown = async (who: OverheardPerson, id: number): Promise<number[]> =>
	Object.keys((await view(who, id)).turns[1]?.ratings ?? {}).map(Number);

/** Somebody's own rating document, live. */
const ratingsOf = (who: OverheardPerson, id: number): Promise<Live> =>
	live(server.origin, `${id}.${who.id}`, who.token);

/** Rates a response whole; resolves when the server has it. */
async function rateAll(
	who: OverheardPerson,
	id: number,
	turn: string,
	value: number,
	why: string,
): Promise<Live> {
	const own = await ratingsOf(who, id);
	for (const key of CRITERIA) rate(own.doc, who.id, turn, key, { value, why: `${why} ${key}` });
	await until(async () =>
		(await view(who, id)).turns.some(({ ratings }) => Object.keys(ratings[who.id] ?? {}).length === 3),
	);
	return own;
}

/** Everything there is for somebody to ask for. */
async function askAll(who: OverheardPerson, id: number): Promise<void> {
	const paths = [
		'/queue',
		'/reviews',
		'/dialogues',
		`/d/${id}`,
		`/d/${id}/__data.json`,
		'/export',
		'/settings',
	];
	const asked = ['/me', '/topics', '/dialogues', `/dialogues/${id}`, '/export', `/dialogues/${id}/ratings`];
	for (const path of [...paths, ...asked.map((one) => `/api/v1${one}`), '/metrics']) await who.ear.get(path);
}

test('[BLIND-7] on the wire: until their own ratings are in, nothing that the server sends anybody holds the others’', async () => {
	const id = await answeredDialogue(ann.api);
	const { turns } = await answered(ann.api, id);
	const response = turns[1]?.id ?? '';
	const sockets = [rev, other].map((who) => who.ear.socket(id));
	ann.ear.socket(id);
	const doors = (who: OverheardPerson): Overheard[] =>
		[ann, rev, other].filter((one) => one !== who).map((rater) => who.ear.socket(`${id}.${rater.id}`));

	const mine = await rateAll(ann, id, response, 2, WHY_ANN);
	const early = [rev, other].flatMap(doors);
	for (const who of [rev, other]) await askAll(who, id);
	await until(() => early.every(({ closed }) => closed !== null));
	expect(early.map(({ closed, frames }) => [closed, frames])).toEqual(early.map(() => [NOT_THERE, 0]));

	await ann.api.ok('POST', `/dialogues/${id}/submit`);
	await rev.api.ok('POST', `/dialogues/${id}/claim`);
	for (const who of [rev, other]) await askAll(who, id);
	// In part is not in.
	const theirs = await ratingsOf(rev, id);
	for (const key of CRITERIA.slice(0, 2))
		rate(theirs.doc, rev.id, response, key, { value: 1, why: `${WHY_REV} ${key}` });
	await until(async () => (await shown(rev, id)).length > 0);
	for (const who of [rev, other]) {
		await askAll(who, id);
		const refused = who === rev ? '"code":"unrated"' : '"code":"forbidden"';
		for (const command of ['accept', 'return'])
			expect(
				await who.ear.get(`/api/v1/dialogues/${id}/${command}`, 'POST', { reasons: ['format'] }),
			).toMatchObject({ text: expect.stringContaining(refused) as string });
		const again = doors(who);
		await until(() => again.every(({ closed }) => closed !== null));
		expect(again.map(({ closed, frames }) => [closed, frames])).toEqual(again.map(() => [NOT_THERE, 0]));
		expect(who.ear.times('ann finds'), 'the reason').toBe(0);
		expect(who.ear.times('甲以为'), 'the reason').toBe(0);
		expect(who.ear.times(`"${ann.id}":{"helpful"`), 'a value, as JSON').toBe(0);
		expect(who.ear.times('A response.'), 'what is searched holds the dialogue').toBeGreaterThan(3);
	}
	expect(other.ear.times(`${response}/`), 'the key of any rating').toBe(0);
	expect(rev.ear.times(WHY_REV), 'what is searched holds ratings that may be seen').toBeGreaterThan(0);
	expect(await rev.api.refused('POST', `/dialogues/${id}/accept`)).toBe('409 unrated');
	expect(await rev.api.refused('POST', `/dialogues/${id}/return`, { reasons: ['format'] })).toBe(
		'409 unrated',
	);

	// The annotator, meanwhile, sees nothing of the reviewer's, rated whole or not.
	rate(theirs.doc, rev.id, response, 'harmless', { value: 3, why: `${WHY_REV} harmless` });
	await until(async () => (await shown(rev, id)).length === 2);
	await askAll(ann, id);
	const annAtRev = ann.ear.socket(`${id}.${rev.id}`);
	await until(() => annAtRev.closed !== null);
	expect(annAtRev).toMatchObject({ closed: NOT_THERE, frames: 0 });
	expect(ann.ear.times('rev finds') + ann.ear.times('乙以为')).toBe(0);
	expect(ann.ear.times(WHY_ANN)).toBeGreaterThan(0);

	// Theirs are in: the same requests, the same sockets, now with the annotator's in them.
	await askAll(rev, id);
	const open = rev.ear.socket(`${id}.${ann.id}`);
	await until(() => open.frames >= 2);
	const before = rev.ear.times('ann finds');
	expect(before).toBeGreaterThan(0);
	expect(open.closed).toBeNull();
	rev.ear.forget();
	await rev.ear.get(`/d/${id}`);
	expect(rev.ear.times('ann finds'), 'the page as it is first shown').toBeGreaterThan(0);
	await askAll(other, id);
	expect(other.ear.times('finds'), 'who only looks on').toBe(0);

	await rev.api.ok('POST', `/dialogues/${id}/accept`);
	expect((await shown(ann, id)).sort()).toEqual([ann.id, rev.id].sort());
	const late = ann.ear.socket(`${id}.${rev.id}`);
	await until(() => late.frames >= 2);
	expect(ann.ear.times('rev finds')).toBeGreaterThan(0);
	for (const { provider } of [mine, theirs]) provider.destroy();
	for (const socket of [...sockets, open, late]) socket.leave();
});

test('[BLIND-5] a refused opening reads the same, whether or not there is anything', async () => {
	const id = await answeredDialogue(ann.api);
	await settle(lead, false);
	const openly = await answeredDialogue(ann.api);
	await settle(lead, true);
	const doors = [
		`${id}.${ann.id}`, // there, and not rated in
		`${id}.${other.id}`, // nothing there
		`${id}.999999`,
		`${id}.9999999999`,
		`${openly}.${ann.id}`,
		`${openly}.${rev.id}`,
		`999999.${ann.id}`,
	].map((document) => rev.ear.socket(document));
	await until(() => doors.every(({ closed }) => closed !== null));
	expect(doors.map(({ closed, frames }) => [closed, frames])).toEqual(doors.map(() => [NOT_THERE, 0]));
	// A number of the log itself leads nowhere either.
	const below = rev.ear.socket(-1);
	await until(() => below.closed !== null);
	expect(below).toMatchObject({ closed: { code: 1006 }, frames: 0 });
});

test('[BLIND-11] pages and the API show each person what they may see; a lead and an export have everything', async () => {
	const id = await answeredDialogue(ann.api);
	const response = (await answered(ann.api, id)).turns[1]?.id ?? '';
	const mine = await rateAll(ann, id, response, 4, WHY_ANN);
	expect(await shown(ann, id)).toEqual([ann.id]);
	expect(await shown(rev, id)).toEqual([]);
	expect(await shown(lead, id)).toEqual([ann.id]);
	const watching = await live(server.origin, `${id}.${ann.id}`, lead.token);
	expect(raterMapsOf(watching.doc).get(String(ann.id))?.size).toBe(3);
	await ann.api.ok('POST', `/dialogues/${id}/submit`);
	await rev.api.ok('POST', `/dialogues/${id}/claim`);
	const theirs = await rateAll(rev, id, response, 3, WHY_REV);
	expect((await shown(rev, id)).sort()).toEqual([ann.id, rev.id].sort());
	expect(await shown(other, id)).toEqual([]);
	expect(await shown(ann, id)).toEqual([ann.id]);
	await rev.api.ok('POST', `/dialogues/${id}/accept`);
	for (const who of [ann, rev, lead]) expect((await shown(who, id)).sort()).toEqual([ann.id, rev.id].sort());
	expect(await shown(other, id)).toEqual([]);
	await lead.ear.get('/api/v1/export');
	expect(lead.ear.times('"role":"assistant","content":"A response."')).toBeGreaterThan(0);
	// A new look by the reviewer is not the annotator's any more.
	await lead.api.ok('POST', `/dialogues/${id}/reopen`);
	expect(await shown(ann, id)).toEqual([ann.id]);
	for (const { provider } of [mine, watching, theirs]) provider.destroy();
});

test('[BLIND-8] a dialogue is submitted by what its annotator has rated in their document; then they rate no more', async () => {
	const id = await answeredDialogue(ann.api);
	const response = (await answered(ann.api, id)).turns[1]?.id ?? '';
	expect(await ann.api.refused('POST', `/dialogues/${id}/submit`)).toBe('409 unrated');
	const mine = await rateAll(ann, id, response, 4, WHY_ANN);
	// Taken back and submitted at once, over and over: what is submitted is rated whole, or it is not submitted.
	for (let round = 0; round < 5; round++) {
		rate(mine.doc, ann.id, response, 'helpful', null);
		const submitted = await ann.api.fetch('POST', `/dialogues/${id}/submit`);
		const { state, turns } = await view(ann, id);
		const whole = Object.keys(turns[1]?.ratings[ann.id] ?? {}).length === 3;
		if (submitted.ok) expect([state, whole]).toEqual(['submitted', true]);
		else expect([submitted.status, state]).toEqual([409, 'in_progress']);
		if (!submitted.ok) rate(mine.doc, ann.id, response, 'helpful', { value: 4 });
		else await ann.api.ok('POST', `/dialogues/${id}/take-back`);
		if (submitted.ok) break; // the late change was refused, and this socket with it
	}
	mine.provider.destroy();
	const again = await rateAll(ann, id, response, 4, WHY_ANN);
	await ann.api.ok('POST', `/dialogues/${id}/submit`);
	const closed = new Promise<number>((resolve) =>
		again.provider.once('connection-close', (event) => resolve(event?.code ?? 0)),
	);
	rate(again.doc, ann.id, response, 'helpful', { value: 1 });
	expect(await closed).toBe(4403);
	expect((await view(ann, id)).turns[1]?.ratings[ann.id]).toMatchObject({ helpful: { value: 4 } });
	again.provider.destroy();
});

test('[BLIND-8] a returned dialogue is in progress again when its annotator rates in it anew', async () => {
	const id = await answeredDialogue(ann.api);
	const response = (await answered(ann.api, id)).turns[1]?.id ?? '';
	const mine = await rateAll(ann, id, response, 4, WHY_ANN);
	await ann.api.ok('POST', `/dialogues/${id}/submit`);
	await rev.api.ok('POST', `/dialogues/${id}/claim`);
	const theirs = await rateAll(rev, id, response, 3, WHY_REV);
	await rev.api.ok('POST', `/dialogues/${id}/return`, { reasons: ['format'] });
	const seen = ann.ear.socket(`${id}.${rev.id}`);
	await until(() => seen.frames >= 2);
	rate(mine.doc, ann.id, response, 'helpful', { value: 5 });
	await until(async () => (await view(ann, id)).state === 'in_progress');
	// It is not decided any more.
	await until(() => seen.closed !== null);
	expect(seen.closed).toEqual(NOT_THERE);
	for (const { provider } of [mine, theirs]) provider.destroy();
});

test('[BLIND-1] a lead makes a project rate blind; dialogues that are open keep the way they were opened in', async () => {
	await settle(lead, false);
	const openly = await answeredDialogue(ann.api);
	await settle(lead, true);
	const blindly = await answeredDialogue(ann.api);
	for (const who of [ann, rev]) {
		expect((await settle(who, false)).status).toBe(403);
		expect((await fetch(`${server.origin}/settings`, { headers: { cookie: who.cookie } })).status).toBe(403);
	}
	const third = await answeredDialogue(ann.api);
	await settle(lead, false);
	expect(await Promise.all([openly, blindly, third].map(async (id) => (await view(ann, id)).blind))).toEqual([
		false,
		true,
		true,
	]);
	await settle(lead, true);
	const response = (await answered(ann.api, openly)).turns[1]?.id ?? '';
	const both = await live(server.origin, openly, ann.token);
	rate(both.doc, ann.id, response, 'helpful', { value: 5 });
	await until(async () => (await shown(rev, openly)).length > 0);
	both.provider.destroy();
});

test('[BLIND-6] who is no lead any more is out of the ratings at once', async () => {
	const id = await answeredDialogue(ann.api);
	const second = await overheardPerson(server, 'leo', 'lead');
	const watching = second.ear.socket(`${id}.${ann.id}`);
	await until(() => watching.frames >= 2);
	const changed = await fetch(`${server.origin}/members?/role`, {
		method: 'POST',
		headers: { cookie: lead.cookie, origin: server.origin },
		body: new URLSearchParams({ id: String(second.id), role: 'reviewer' }),
	});
	expect(changed.ok).toBe(true);
	await until(() => watching.closed !== null);
	expect(watching.closed).toEqual(NOT_THERE);
});
