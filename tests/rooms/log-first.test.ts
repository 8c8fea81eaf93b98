import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { turnText } from '#lib/document/read-dialogue.ts';
import { MOST_LANES } from '../../server/rooms/tempo.ts';
import { packUpdates } from '../../server/store/update-log.ts';
import { describeRooms } from '../support/room-suite.ts';
import { FIRST_TEXT, TURN, until, type Rooms } from '../support/rooms.ts';

const replayed = async (rooms: Rooms, dialogue: number) =>
	turnText(await rooms.replay(dialogue), TURN)?.toJSON();
const rowCount = async (rooms: Rooms, dialogue: number) => (await rooms.log.rowsOf(dialogue, 0, 1000)).length;

describeRooms('log first', (open) => {
	/** Two people in a dialogue whose client ids the log knows. */
	const pair = async (rooms: Rooms) => {
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		const ben = await rooms.guest(dialogue, { userId: 2, part: 'reviewer' }).ready();
		ana.type('?');
		await until(() => ana.saved && ben.text === ana.text);
		return { dialogue, ana, ben };
	};

	test('[ROOM-10] nobody is sent an edit, and nothing is acked, before the log has it', async () => {
		const rooms = await open();
		const { dialogue, ana, ben } = await pair(rooms);
		const { appends } = rooms.db;
		const release = rooms.db.hold();
		ana.type('!');
		await until(() => rooms.db.appends > appends);
		const cem = rooms.guest(dialogue, { userId: 3, part: 'observer' });
		await until(() => cem.frames > 0);
		const bare = await rooms.socket(dialogue, { userId: 4, part: 'observer' });
		expect(await replayed(rooms, dialogue)).toBe(`${FIRST_TEXT}?`);
		expect(ben.text).toBe(`${FIRST_TEXT}?`);
		expect(cem.text).toBe('');
		expect(bare.kinds()).toEqual([]);
		expect(ana.saved).toBe(false);
		release();
		await until(() => ana.saved && ben.text === ana.text && cem.text === ana.text);
		expect(await replayed(rooms, dialogue)).toBe(`${FIRST_TEXT}?!`);
	});

	test('[ROOM-11] a read sees nothing that the log has not', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const release = rooms.db.hold();
		const { appends } = rooms.db;
		const write = rooms.hub.write(dialogue, 0, (doc) => turnText(doc, TURN)?.insert(0, 'x'));
		await until(() => rooms.db.appends > appends);
		let seen: string | undefined;
		const read = rooms.hub.read(dialogue, (doc) => (seen = turnText(doc, TURN)?.toJSON()));
		await rooms.db.query('select 1');
		expect(seen).toBeUndefined();
		release();
		await write;
		expect(await read).toBe(`x${FIRST_TEXT}`);
	});

	test('[ROOM-12] what several rooms have in one beat is one append', async () => {
		const rooms = await open();
		const made: number[] = [];
		while (made.length < 2 * MOST_LANES + 1) made.push(await rooms.dialogue());
		// Of one lane, for a busy machine has several beats under way.
		const dialogues = made.filter((_, index) => index % MOST_LANES === 0);
		const { appends } = rooms.db;
		await Promise.all(
			dialogues.map((id) => rooms.hub.write(id, 0, (doc) => turnText(doc, TURN)?.insert(0, 'x'))),
		);
		expect(rooms.db.appends).toBe(appends + 1);
		for (const id of dialogues) expect(await replayed(rooms, id)).toBe(`x${FIRST_TEXT}`);
	});

	test('[ROOM-13] a failed append is tried again with the same rows: nothing is lost, nothing comes twice', async () => {
		const rooms = await open({ timing: { retryEvery: 5 } });
		const { dialogue, ana, ben } = await pair(rooms);
		const rows = await rowCount(rooms, dialogue);
		rooms.db.failBefore = 3;
		ana.type('!');
		await until(() => ana.saved && ben.text === ana.text);
		expect(rooms.db.failBefore).toBe(0);
		expect(ana.closes).toEqual([]);
		expect(await rowCount(rooms, dialogue)).toBe(rows + 1);
		expect(await replayed(rooms, dialogue)).toBe(`${FIRST_TEXT}?!`);
	});

	test('[ROOM-13] an append whose answer was lost is not stored twice', async () => {
		const rooms = await open({ timing: { retryEvery: 5 } });
		const { dialogue, ana, ben } = await pair(rooms);
		const rows = await rowCount(rooms, dialogue);
		rooms.db.failAfter = 1;
		ana.type('!');
		await until(() => ana.saved && ben.text === ana.text);
		ana.type('!');
		await until(() => ana.saved && ben.text === ana.text);
		expect(ana.closes).toEqual([]);
		expect(await rowCount(rooms, dialogue)).toBe(rows + 2);
		expect(await replayed(rooms, dialogue)).toBe(`${FIRST_TEXT}?!!`);
	});

	test('[ROOM-14] a log that fails too long drops its rooms; clients come back with what they hold', async () => {
		const rooms = await open({ timing: { flushWithin: 600, retryEvery: 10 } });
		const { dialogue, ana, ben } = await pair(rooms);
		rooms.db.failBefore = Infinity;
		const write = rooms.hub.write(dialogue, 0, (doc) => turnText(doc, TURN)?.insert(0, 'lost '));
		await expect(write).rejects.toThrow();
		ana.type('!');
		await until(() => ana.closes.length > 0 && ben.closes.length > 0);
		expect(ana.closes[0]).toBe(1013);
		expect(ana.saved).toBe(false);
		rooms.db.failBefore = 0;
		await until(() => ana.saved && ben.text === ana.text);
		expect(ana.text).toBe(`${FIRST_TEXT}?!`);
		expect(await replayed(rooms, dialogue)).toBe(ana.text);
	});

	test('[ROOM-14] an append that goes through after its room was given up is not lost, nor doubled', async () => {
		const rooms = await open({ timing: { flushWithin: 600, retryEvery: 10 } });
		const { dialogue, ana, ben } = await pair(rooms);
		const release = rooms.db.hold();
		ana.type('!');
		await until(() => ana.closes.includes(1013));
		release();
		await until(() => ana.saved && ben.saved && ben.text === ana.text);
		expect(ana.text).toBe(`${FIRST_TEXT}?!`);
		expect(await replayed(rooms, dialogue)).toBe(ana.text);
		expect(await rooms.hub.read(dialogue, (doc) => turnText(doc, TURN)?.toJSON())).toBe(ana.text);
	});

	test('[ROOM-15] a room that finds rows of somebody else in its log is read again', async () => {
		const rooms = await open();
		const { dialogue, ana, ben } = await pair(rooms);
		const elsewhere = await rooms.replay(dialogue);
		const updates: Uint8Array[] = [];
		elsewhere.on('update', (update) => updates.push(update));
		turnText(elsewhere, TURN)?.insert(0, 'elsewhere ');
		await rooms.log.append([{ dialogue, rows: [{ author: 0, body: packUpdates(updates) }] }]);
		ana.type('!');
		await until(() => ana.text.startsWith('elsewhere') && ana.saved && ben.text === ana.text);
		expect(ana.text).toBe(`elsewhere ${FIRST_TEXT}?!`);
		expect(await replayed(rooms, dialogue)).toBe(ana.text);
	});

	test('[ROOM-16] rows say who wrote them', async () => {
		const rooms = await open();
		const { dialogue, ana, ben } = await pair(rooms);
		ben.type('b');
		await until(() => ben.saved && ana.text === ben.text);
		await rooms.hub.write(dialogue, -7, (doc) => turnText(doc, TURN)?.insert(0, 'bot '));
		const rows = await rooms.log.rowsOf(dialogue, 0, 100);
		expect(rows.map((row) => row.author)).toEqual([0, 0, 0, 1, 2, -7]);
	});

	test('[ROOM-17] a flood while the log stands still is held back, and nothing of it is lost', async () => {
		const rooms = await open();
		const { dialogue, ana, ben } = await pair(rooms);
		const { appends } = rooms.db;
		const release = rooms.db.hold();
		ana.type('!');
		await until(() => rooms.db.appends > appends);
		const text = turnText(ana.doc, TURN);
		for (let round = 0; round < 80; round++) {
			text?.insert(0, 'x'.repeat(100_000));
			text?.delete(0, 99_999);
		}
		release();
		await until(() => ana.saved && ben.text === ana.text);
		expect(ben.text).toBe(`${'x'.repeat(80)}${FIRST_TEXT}?!`);
		expect(Y.encodeStateVector(ben.doc)).toEqual(Y.encodeStateVector(ana.doc));
		expect(await replayed(rooms, dialogue)).toBe(ben.text);
	});
});
