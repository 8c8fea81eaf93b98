import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiPerson, type ApiPerson } from '../support/api-person.ts';
import { submittedDialogue } from '../support/live-dialogue.ts';
import { RunningServer } from '../support/running-server.ts';

interface Disputed {
	state: string;
	reviewer: { id: number } | null;
	dispute: { reason: string; answer?: { by: string; name: string; reason: string } } | null;
}
let server: RunningServer;
let ann: ApiPerson;
let rev: ApiPerson;
let lead: ApiPerson;

beforeAll(async () => {
	server = await RunningServer.start();
	ann = await apiPerson(server, 'ann', 'annotator');
	rev = await apiPerson(server, 'rev', 'reviewer');
	lead = await apiPerson(server, 'lea', 'lead');
});
afterAll(() => server.stop());

const path = (id: number, command = '') => `/dialogues/${id}${command && `/${command}`}`;
const read = (id: number) => ann.api.ok<Disputed>('GET', path(id));
const listed = async ({ api }: ApiPerson): Promise<number[]> =>
	(await api.ok<{ items: { id: number }[] }>('GET', '/dialogues?disputed=1')).items.map(({ id }) => id);

async function decided(kind: 'accept' | 'return'): Promise<number> {
	const id = await submittedDialogue(server.origin, ann.api, ann.token);
	await rev.api.ok('POST', path(id, 'claim'));
	await rev.api.ok('POST', path(id, kind), kind === 'return' ? { reasons: ['factual'] } : undefined);
	return id;
}

test('[DISPUTE-1] a decision is disputed once, with a reason, and upheld with one; the dialogue stays as it is', async () => {
	for (const [kind, state] of [
		['accept', 'accepted'],
		['return', 'returned'],
	] as const) {
		const id = await decided(kind);
		expect((await read(id)).dispute).toBeNull();
		expect(await rev.api.refused('POST', path(id, 'uphold'), { reason: 'so' })).toBe('409 state');
		expect(await ann.api.refused('POST', path(id, 'dispute'), { reason: ' ' })).toMatch(/reason$/);
		expect(await ann.api.refused('POST', path(id, 'dispute'), {})).toBe('400 bad-input');
		await ann.api.ok('POST', path(id, 'dispute'), { reason: 'The source says 90 度' });
		expect(await read(id)).toMatchObject({ state, dispute: { reason: 'The source says 90 度' } });
		expect(await ann.api.refused('POST', path(id, 'dispute'), { reason: 'Again' })).toBe('409 state');

		const by = kind === 'accept' ? rev : lead;
		await by.api.ok('POST', path(id, 'uphold'), { reason: 'It is outdated' });
		expect(await read(id)).toMatchObject({
			state,
			dispute: { answer: { by: String(by.id), reason: 'It is outdated' } },
		});
		expect(await by.api.refused('POST', path(id, 'uphold'), { reason: 'Again' })).toBe('409 state');
		expect(await listed(lead)).not.toContain(id);
	}
});

test('[DISPUTE-1] the reviewer or a lead opens the review again, and the next decision can be disputed anew', async () => {
	for (const by of [rev, lead]) {
		const id = await decided('return');
		expect(await by.api.refused('POST', path(id, 'reopen'))).toMatch(/^40[39] (forbidden|state)$/);
		await ann.api.ok('POST', path(id, 'dispute'), { reason: 'Look again' });
		await by.api.ok('POST', path(id, 'reopen'));
		expect(await read(id)).toMatchObject({ state: 'in_review', dispute: null, reviewer: { id: rev.id } });
		await rev.api.ok('POST', path(id, 'accept'));
		await ann.api.ok('POST', path(id, 'dispute'), { reason: 'Not so' });
		expect(await read(id)).toMatchObject({ state: 'accepted', dispute: { reason: 'Not so' } });
	}
});

test('[DISPUTE-2] what is disputed and not answered is listed, and nobody else disputes or answers', async () => {
	const [id, other] = [await decided('accept'), await decided('accept')];
	await ann.api.ok('POST', path(id, 'dispute'), { reason: 'Look again' });
	for (const one of [ann, rev, lead]) {
		expect(await listed(one)).toContain(id);
		expect(await listed(one)).not.toContain(other);
	}
	const rita = await apiPerson(server, 'rita', 'reviewer');
	for (const one of [rev, lead, rita])
		expect(await one.api.refused('POST', path(other, 'dispute'), { reason: 'x' })).toBe('403 forbidden');
	for (const one of [ann, rita])
		expect(await one.api.refused('POST', path(id, 'uphold'), { reason: 'x' })).toBe('403 forbidden');
	const stranger = await apiPerson(server, 'stranger', 'annotator');
	expect(await stranger.api.refused('POST', path(id, 'dispute'), { reason: 'x' })).toBe('404 not-found');
	expect((await read(id)).dispute).toEqual({ reason: 'Look again' });
});
