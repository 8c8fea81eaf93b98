import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { authorKey, authorRuns } from '#lib/document/authorship.ts';
import { puttingBack } from '#lib/document/putting-back.ts';
import { turnText } from '#lib/document/read-dialogue.ts';
import { draftOf } from '#lib/document/roots.ts';
import { describeRooms } from '../support/room-suite.ts';
import { FIRST_TEXT, TURN, until, type Rooms, type StockGuest } from '../support/rooms.ts';

/** The first turn, which the server wrote for user 1, with its authors. */
const read = (rooms: Rooms, dialogue: number): Promise<string> =>
	rooms.hub.read(dialogue, (doc, ownerOf) => {
		const text = turnText(doc, TURN)?.toJSON() ?? '';
		return authorRuns(doc, TURN, ownerOf)
			.map(({ author, offset, length }) => `${authorKey(author)}:${text.slice(offset, offset + length)}`)
			.join('|');
	});

const textOf = ({ doc }: StockGuest): Y.Text => turnText(doc, TURN) as Y.Text;

describeRooms('who wrote', (open) => {
	test('[AUTHOR-6] what the server writes for a person is theirs: at once, for the others, and after a restart', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ben = await rooms.guest(dialogue, { userId: 2, part: 'reviewer' }).ready();
		await rooms.hub.write(dialogue, 2, (doc, _ownerOf, typeAs) => {
			const server = doc.clientID;
			typeAs(2, () => turnText(doc, TURN)?.insert(0, 'Say '));
			expect(doc.clientID).toBe(server);
			turnText(doc, TURN)?.insert(0, '> ');
		});
		await until(() => ben.text === `> Say ${FIRST_TEXT}`);
		expect(await read(rooms, dialogue)).toBe(`1:> |2:Say |1:${FIRST_TEXT}`);
		rooms.kill();
		rooms.restart();
		expect(await read(rooms, dialogue)).toBe(`1:> |2:Say |1:${FIRST_TEXT}`);
		expect([...((await rooms.stored.load(dialogue))?.clients.values() ?? [])]).toEqual([2]);
	});

	test('[AUTHOR-6] the id that stands for a person is nobody else’s, and a change that fails binds none', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const failing = rooms.hub.write(
			dialogue,
			2,
			(doc, _ownerOf, typeAs) => typeAs(2, () => turnText(doc, TURN)?.insert(0, 'never')),
			() => Promise.reject(new Error('not now')),
		);
		await expect(failing).rejects.toThrow('not now');
		expect((await rooms.stored.load(dialogue))?.clients).toEqual(new Map());
		await rooms.hub.write(dialogue, 2, (doc, _ownerOf, typeAs) =>
			typeAs(2, () => turnText(doc, TURN)?.insert(0, 'Say ')),
		);
		const [client] = (await rooms.stored.load(dialogue))?.clients.keys() ?? [];
		const thief = await rooms.socket(dialogue, { userId: 1, client: client ?? 0 });
		await until(() => thief.closed !== null);
		expect(thief.closed?.code).toBe(4409);
	});

	test('[AUTHOR-3] what undo puts back is its first author’s, also over sleep, restart and a page’s reload', async () => {
		const rooms = await open({ timing: { sleepAfter: 20, tendEvery: 10, unloadAfter: 10 } });
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1, client: 'own' }).ready();
		const ben = await rooms.guest(dialogue, { userId: 2, part: 'reviewer', client: 'own' }).ready();
		ana.type(' there');
		await until(() => ana.saved && ben.text === ana.text);
		ben.type('!');
		await until(() => ben.saved && ana.text === ben.text);
		const undo = new Y.UndoManager(textOf(ana), { captureTimeout: 0 });
		textOf(ana).delete(0, ana.text.length);
		await until(() => ana.saved);
		await until(async () => (await rooms.figure('rooms_asleep')) > 0);
		rooms.kill();
		rooms.restart();
		puttingBack(ana.doc, () => undo.undo());
		await until(() => ana.saved && ben.text === `${FIRST_TEXT} there!`);
		expect(await read(rooms, dialogue)).toBe(`1:${FIRST_TEXT} there|2:!`);
		expect(ana.closed).toBeNull();
		for (const guest of [ana, ben]) guest.leave();
		await until(() => !rooms.hub.everyone().has(dialogue));
		const glanced = await rooms.hub.glance(dialogue, (doc, ownerOf) =>
			authorRuns(doc, TURN, ownerOf).map(({ author }) => authorKey(author)),
		);
		expect(glanced).toEqual(['1', '2']);
	});

	test('[AUTHOR-10] a draft that is typed and deleted again and again does not swell the dialogue', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		for (let n = 0; n < 30; n++) {
			draftOf(ana.doc).insert(0, 'x'.repeat(9_000));
			draftOf(ana.doc).delete(0, 9_000);
		}
		await until(() => ana.saved);
		const state = await rooms.hub.read(dialogue, (doc) => Y.encodeStateAsUpdate(doc).length);
		expect(state).toBeLessThan(110_000);
	});
});
