import { afterAll, beforeAll, expect, test } from 'vitest';
import { turnText } from '#lib/document/read-dialogue.ts';
import { addComment, quoted, resolveThread } from '#lib/document/write-comments.ts';
import type { ApiDialogue } from '../support/api-client.ts';
import { apiPerson } from '../support/api-person.ts';
import { answeredDialogue, live } from '../support/live-dialogue.ts';
import { startStandIn, type StandIn } from '../support/openai-stand-in.ts';
import { RunningServer } from '../support/running-server.ts';

let standIn: StandIn;
let server: RunningServer;

beforeAll(async () => {
	standIn = await startStandIn({ answers: () => '水在海平面的沸点是 90 度。', chunk: 4, delayMs: 0 });
	server = await RunningServer.start({ env: { BOT_BASE_URL: standIn.url, BOT_MODEL: 'stand-in' } });
});
afterAll(async () => {
	await server.stop();
	await standIn.close();
});

type Commented = ApiDialogue & { comments: unknown[] };

test('[COMMENT-8] the API tells of comments by name, with the words as they stand now', async () => {
	const ann = await apiPerson(server, 'ann', 'annotator');
	const rev = await apiPerson(server, 'rev', 'reviewer');
	const id = await answeredDialogue(ann.api);
	const read = () => rev.api.ok<Commented>('GET', `/dialogues/${id}`);
	const { turns, comments } = await read();
	expect(comments).toEqual([]);
	const turn = turns[1]?.id ?? '';
	const [one, two] = await Promise.all([
		live(server.origin, id, ann.token),
		live(server.origin, id, rev.token),
	]);
	const about = quoted(two.doc, turn, { from: 10, to: 14 });
	const said = { text: `@${ann.name} 是 100 度`, at: Date.UTC(2026, 0, 2) };
	if (!about) throw new Error('no words');
	addComment(two.doc, 'k1', { author: String(rev.id), ...said, ...about });
	await expect.poll(() => one.doc.getMap('comments').has('k1')).toBe(true);
	const reply = { author: String(ann.id), turn, text: '好', at: Date.UTC(2026, 0, 3), replyTo: 'k1' };
	addComment(one.doc, 'r1', reply);
	turnText(one.doc, turn)?.insert(0, '纯');
	resolveThread(one.doc, 'k1', true);
	const expected = {
		id: 'k1',
		about: { kind: 'span', turn, from: 11, to: 15, quote: '90 度' },
		comment: {
			id: 'k1',
			author: { id: rev.id, name: 'rev' },
			text: said.text,
			at: '2026-01-02T00:00:00.000Z',
		},
		replies: [{ id: 'r1', author: { id: ann.id, name: 'ann' }, text: '好', at: '2026-01-03T00:00:00.000Z' }],
		resolved: true,
	};
	await expect.poll(async () => (await read()).comments).toEqual([expected]);
	for (const { provider } of [one, two]) provider.destroy();
});
