import { afterAll, beforeAll, expect, test } from 'vitest';
import type * as Y from 'yjs';
import type { ChangesSince, TurnChange } from '#lib/document/changes-since.ts';
import { rate } from '#lib/document/ratings.ts';
import { turnText } from '#lib/document/read-dialogue.ts';
import { answered } from '../support/api-client.ts';
import { apiPerson, type ApiPerson } from '../support/api-person.ts';
import { answeredDialogue, live } from '../support/live-dialogue.ts';
import { startStandIn, type StandIn } from '../support/openai-stand-in.ts';
import { RunningServer } from '../support/running-server.ts';

let standIn: StandIn;
let server: RunningServer;
let ann: ApiPerson;
let rev: ApiPerson;

beforeAll(async () => {
	standIn = await startStandIn({ answers: () => 'Water boils at 90 degrees.', chunk: 8, delayMs: 0 });
	server = await RunningServer.start({ env: { BOT_BASE_URL: standIn.url, BOT_MODEL: 'stand-in' } });
	[ann, rev] = [await apiPerson(server, 'ann', 'annotator'), await apiPerson(server, 'rev', 'reviewer')];
});
afterAll(async () => {
	await server.stop();
	await standIn.close();
});

const changes = async ({ api }: ApiPerson, dialogue: number): Promise<TurnChange[]> =>
	(await api.ok<ChangesSince>('GET', `/dialogues/${dialogue}/changes`)).items;
const look = ({ api }: ApiPerson, dialogue: number, unseen: string[] = []): Promise<unknown> =>
	api.ok('POST', `/dialogues/${dialogue}/look`, { unseen });

/** What somebody does in the document, once the server has it. */
async function does(who: ApiPerson, dialogue: number, deed: (doc: Y.Doc) => void): Promise<void> {
	const read = () => who.api.ok<{ seq: number }>('GET', `/dialogues/${dialogue}`);
	const one = await live(server.origin, dialogue, who.token);
	const { seq } = await read();
	deed(one.doc);
	await expect.poll(async () => (await read()).seq).toBeGreaterThan(seq);
	one.provider.destroy();
}
const edit = (turn: string, to: (text: Y.Text) => void) => (doc: Y.Doc) => {
	const text = turnText(doc, turn);
	if (text) to(text);
};

test('[SINCE-1] what others changed since one looked is told by turn; one’s own and what was taken back are not', async () => {
	const id = await answeredDialogue(ann.api);
	const [prompt = '', response = ''] = (await answered(ann.api, id)).turns.map((turn) => turn.id);
	expect(await changes(rev, id)).toEqual([]);
	await look(rev, id);
	await look(ann, id);
	expect(await changes(rev, id)).toEqual([]);

	await does(
		ann,
		id,
		edit(response, (text) => text.insert(0, 'Pure ')),
	);
	await does(ann, id, (doc) => void rate(doc, String(ann.id), response, 'helpful', { value: 2, why: 'so' }));
	await does(
		rev,
		id,
		edit(prompt, (text) => text.insert(0, 'Well: ')),
	);
	expect(await changes(rev, id)).toEqual([
		{ turn: response, what: ['text', 'rating'], before: 'Water boils at 90 degrees.' },
	]);
	expect(await changes(ann, id)).toEqual([{ turn: prompt, what: ['text'], before: 'Hello' }]);

	await does(
		ann,
		id,
		edit(response, (text) => text.delete(0, 5)),
	);
	expect(await changes(rev, id)).toEqual([{ turn: response, what: ['rating'] }]);
	await look(rev, id);
	expect(await changes(rev, id)).toEqual([]);

	await ann.api.ok('POST', `/dialogues/${id}/turns`, { text: 'And tea?' });
	const { turns } = await answered(ann.api, id);
	const added = turns.slice(2).map((turn) => ({ turn: turn.id, what: ['new'] }));
	expect(await changes(rev, id)).toEqual(added);
	expect(await changes(ann, id)).toEqual([
		{ turn: prompt, what: ['text'], before: 'Hello' },
		{ turn: turns[3]?.id, what: ['new'] },
	]);
});

test('[SINCE-2] what was not looked at stays a change until it is, and is told from where it was last seen', async () => {
	const id = await answeredDialogue(ann.api);
	const [prompt = '', response = ''] = (await answered(ann.api, id)).turns.map((turn) => turn.id);
	await look(rev, id);
	await does(
		ann,
		id,
		edit(prompt, (text) => text.insert(0, 'One. ')),
	);
	await does(
		ann,
		id,
		edit(response, (text) => text.insert(0, 'Pure ')),
	);
	await look(rev, id, [response]);
	const change = { turn: response, what: ['text'], before: 'Water boils at 90 degrees.' };
	expect(await changes(rev, id)).toEqual([change]);
	await does(
		ann,
		id,
		edit(response, (text) => text.insert(0, 'Surely: ')),
	);
	await does(
		ann,
		id,
		edit(prompt, (text) => text.insert(0, 'Two. ')),
	);
	await look(rev, id, [response, 'no-such-turn']);
	expect(await changes(rev, id)).toEqual([change]);
	await look(rev, id);
	expect(await changes(rev, id)).toEqual([]);
});

test('[SINCE-3] of a dialogue that one may not see nothing is told or kept', async () => {
	const id = await answeredDialogue(ann.api);
	const other = await apiPerson(server, 'other', 'annotator');
	expect(await other.api.refused('GET', `/dialogues/${id}/changes`)).toBe('404 not-found');
	expect(await other.api.refused('POST', `/dialogues/${id}/look`, {})).toBe('404 not-found');
	expect(await rev.api.refused('POST', `/dialogues/${id}/look`, { unseen: 'x' })).toBe('400 bad-input');
	expect(await changes(rev, id)).toEqual([]);
});
