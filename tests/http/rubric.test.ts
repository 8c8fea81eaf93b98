import { afterAll, beforeAll, expect, test } from 'vitest';
import { rate } from '#lib/document/ratings.ts';
import { WHOLE, type Rating, type Rubric } from '#lib/document/rubric.ts';
import { answered, projectOf, type ApiDialogue } from '../support/api-client.ts';
import { apiPerson, type ApiPerson } from '../support/api-person.ts';
import { answeredDialogue, live, type Live } from '../support/live-dialogue.ts';
import { choice, everyKind, flag, scale } from '../support/rubrics.ts';
import { RunningServer } from '../support/running-server.ts';

type Told = ApiDialogue & {
	rubric: { name: string; version: number };
	ratings: ApiDialogue['turns'][number]['ratings'];
};

let server: RunningServer;
let ann: ApiPerson;
let rev: ApiPerson;
let lead: ApiPerson;
let project: number;

beforeAll(async () => {
	server = await RunningServer.start();
	ann = await apiPerson(server, 'ann', 'annotator');
	rev = await apiPerson(server, 'rev', 'reviewer');
	lead = await apiPerson(server, 'lea', 'lead');
	project = await projectOf(lead.api);
});
afterAll(() => server.stop());

const path = () => `/projects/${project}/rubric`;
const publish = (body: unknown): Promise<Rubric> => lead.api.ok('POST', path(), body);
const inUse = (): Promise<Rubric> => lead.api.ok('GET', path());
const own = (rubric: Pick<Rubric, 'name' | 'criteria'>) => ({ name: rubric.name, criteria: rubric.criteria });
const view = (who: ApiPerson, id: number): Promise<Told> => who.api.ok('GET', `/dialogues/${id}`);
const until = async (met: () => boolean | Promise<boolean>): Promise<void> => {
	while (!(await met())) await new Promise((resolve) => setTimeout(resolve, 20));
};

/** Rates by key, and resolves when the server has all of it. */
async function give(
	who: ApiPerson,
	at: Live,
	id: number,
	what: string,
	given: Record<string, Rating>,
): Promise<void> {
	for (const [key, rating] of Object.entries(given)) rate(at.doc, who.id, what, key, rating);
	await until(async () => {
		const { turns, ratings } = await view(who, id);
		const told = what === WHOLE ? ratings : turns.find((turn) => turn.id === what)?.ratings;
		return JSON.stringify(told?.[who.id] ?? {}) === JSON.stringify(given);
	});
}

const RESPONSE: Record<string, Rating> = {
	helpful: { value: 4 },
	correct: { value: 1, why: '日期有误' },
	style: { value: 3 },
	spam: { value: true },
	tone: { value: 'warm' },
};

test('[RUBRIC-9] a lead publishes a preset or criteria of their own, each a version; what is in use stays one', async () => {
	const before = await inUse();
	expect(before).toMatchObject({ name: 'Helpful, honest, harmless', version: 1 });
	expect(await publish({ preset: 'hhh' })).toEqual(before);
	expect(await publish({ preset: 'open-assistant' })).toMatchObject({ name: 'Open-Assistant', version: 2 });
	expect(await publish(own(everyKind))).toEqual({ ...everyKind, version: 3 });
	expect(await publish(own(everyKind))).toEqual({ ...everyKind, version: 3 });
	expect(await inUse()).toEqual({ ...everyKind, version: 3 });
});

test('[RUBRIC-9] nobody else does, and what is no rubric is refused with its fault and changes nothing', async () => {
	for (const who of [ann, rev])
		expect(await who.api.refused('POST', path(), { preset: 'hhh' })).toBe('403 forbidden');
	expect(await lead.api.refused('POST', '/projects/999/rubric', { preset: 'hhh' })).toBe('404 not-found');
	const before = await inUse();
	const bad = (...criteria: unknown[]) => ({ name: 'Bad', criteria });
	const good = scale('good', [1, 2]);
	for (const body of [
		{},
		{ preset: 'none' },
		{ preset: '__proto__' },
		bad(),
		{ name: '', criteria: [good] },
		bad({ ...good, key: 'a b' }),
		bad({ ...good, key: '__proto__' }),
		bad(good, good),
		bad({ ...good, level: 'project' }),
		bad({ ...good, kind: 'stars' }),
		bad({ ...good, label: { en: 'Good', zh: '' } }),
		bad(scale('good', [1])),
		bad(scale('good', [2, 1])),
		bad(scale('good', [1, 1])),
		bad(choice('tone', ['plain'])),
		bad(choice('tone', ['plain', 'plain'])),
		bad({ ...flag('spam'), reason: 'yes' }),
		bad({ ...good, help: { en: 'a\0b', zh: '' } }),
		bad(...Array.from({ length: 41 }, (_, i) => flag(`f${i}`))),
	])
		expect(await lead.api.refused('POST', path(), body), JSON.stringify(body)).toBe('400 bad-input');
	expect(await inUse()).toEqual(before);
});

test('[RUBRIC-9] a dialogue keeps the version it was opened with, and is rated by that', async () => {
	await publish(own(everyKind));
	const id = await answeredDialogue(ann.api);
	const { rubric } = await view(ann, id);
	const next = await publish({ preset: 'helpsteer' });
	expect(next.version).toBe(rubric.version + 1);
	expect((await view(ann, id)).rubric).toEqual(rubric);
	const response = (await answered(ann.api, id)).turns[1]?.id ?? '';
	const at = await live(server.origin, id, ann.token);
	await give(ann, at, id, response, RESPONSE);
	at.provider.destroy();
	const later = await answeredDialogue(ann.api);
	expect((await view(ann, later)).rubric).toEqual({ name: 'HelpSteer', version: next.version });
	await publish(own(everyKind));
});

test.each([
	['a point that the scale has not', 'helpful', { value: 6 }],
	['a number for a flag', 'spam', { value: 1 }],
	['an option that there is not', 'tone', { value: 'cold' }],
	['a criterion of another rubric', 'honest', { value: 3 }],
	['what is asked of the dialogue, of a response', 'goal', { value: 3 }],
])('[RUBRIC-3] the server refuses %s, and nothing has changed', async (_what, key, rating) => {
	const id = await answeredDialogue(ann.api);
	const response = (await answered(ann.api, id)).turns[1]?.id ?? '';
	const at = await live(server.origin, id, ann.token);
	const closed = new Promise<{ code: number; reason: string }>((resolve) =>
		at.provider.once('connection-close', (event) => event && resolve(event)),
	);
	rate(at.doc, ann.id, response, key, rating);
	const { code, reason } = await closed;
	expect([code, reason]).toEqual([4403, `bad-value ratings/${ann.id}/${response}/${key}`]);
	at.provider.destroy();
	expect((await view(ann, id)).turns[1]?.ratings).toEqual({});
});

test('[RUBRIC-8] nothing is submitted before the dialogue as a whole is rated, with its reasons', async () => {
	const id = await answeredDialogue(ann.api);
	const response = (await answered(ann.api, id)).turns[1]?.id ?? '';
	const at = await live(server.origin, id, ann.token);
	const submit = () => ann.api.refused('POST', `/dialogues/${id}/submit`);
	await give(ann, at, id, response, RESPONSE);
	expect(await submit()).toBe('409 unrated');
	await give(ann, at, id, WHOLE, { goal: { value: 1 }, end: { value: 'solved' } });
	expect(await submit()).toBe('409 unrated');
	const whole = { goal: { value: 1, why: 'asked twice' }, end: { value: 'solved' } };
	await give(ann, at, id, WHOLE, whole);
	expect((await view(rev, id)).ratings).toEqual({ [ann.id]: whole });
	await ann.api.ok('POST', `/dialogues/${id}/submit`);

	await rev.api.ok('POST', `/dialogues/${id}/claim`);
	const theirs = await live(server.origin, id, rev.token);
	await give(rev, theirs, id, response, { helpful: { value: 2 }, unsafe: { value: true, why: 'a dose' } });
	await rev.api.ok('POST', `/dialogues/${id}/accept`);
	for (const one of [at, theirs]) one.provider.destroy();
});

test('[RUBRIC-10] exports tell who gave what by kind, where that is asked for, and are the format’s alone where not', async () => {
	const rowsOf = async (query: string): Promise<Record<string, unknown>[]> =>
		(await (await lead.api.fetch('GET', `/export?${query}`)).text())
			.trimEnd()
			.split('\n')
			.filter((line) => line !== '')
			.map((line) => JSON.parse(line) as Record<string, unknown>);
	const [row, ...rest] = await rowsOf('provenance=1');
	expect(rest).toEqual([]);
	expect(row?.['provenance']).toMatchObject({
		rubric: { name: 'Every kind' },
		ratings: [
			[],
			[
				{
					by: { id: ann.id, name: 'ann', part: 'annotator' },
					values: { helpful: 4, correct: 1, style: 3, spam: true, unsafe: false, tone: 'warm' },
					reasons: { correct: '日期有误' },
				},
				{
					by: { id: rev.id, name: 'rev', part: 'reviewer' },
					values: { helpful: 2, spam: false, unsafe: true },
					reasons: { unsafe: 'a dose' },
				},
			],
		],
		dialogueRatings: [
			{
				by: { id: ann.id, name: 'ann', part: 'annotator' },
				values: { goal: 1, stuck: false, end: 'solved' },
				reasons: { goal: 'asked twice' },
			},
		],
	});
	expect((await rowsOf(''))[0]).toEqual({ messages: row?.['messages'] });
	expect(await rowsOf('format=preference&provenance=1')).toEqual([]); // nothing was edited
});
