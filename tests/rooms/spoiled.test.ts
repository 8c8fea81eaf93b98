/** Copies in memory that can no longer be trusted. */
import { expect, test } from 'vitest';
import type * as Y from 'yjs';
import { turnText } from '#lib/document/read-dialogue.ts';
import { describeRooms } from '../support/room-suite.ts';
import { FIRST_TEXT, TURN, until, type Rooms, type StockGuest } from '../support/rooms.ts';

/** The two who are in the dialogue. */
async function pair(rooms: Rooms, dialogue: number): Promise<[ana: StockGuest, ben: StockGuest]> {
	const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
	const ben = await rooms.guest(dialogue, { userId: 2, part: 'reviewer' }).ready();
	return [ana, ben];
}

const storedText = async (rooms: Rooms, dialogue: number): Promise<string | undefined> =>
	turnText(await rooms.replay(dialogue), TURN)?.toJSON();

/** Yjs lets nobody throw in the middle of applying; a listener throws when that is done, and nobody knows for which. */
function throwsAt(doc: Y.Doc, word: string): void {
	turnText(doc, TURN)?.observe((_event, { local }) => {
		if (!local && turnText(doc, TURN)?.toJSON().includes(word)) throw new Error(`spoiled by ${word}`);
	});
}

describeRooms('spoiled copies', (open) => {
	test('[ROOM-73] a copy that differs from what was computed is thrown away, and read again by who comes next', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const [ana, ben] = await pair(rooms, dialogue);
		const { loads } = rooms.db;
		await rooms.hub.read(dialogue, (doc) => {
			doc.store.pendingStructs = { missing: new Map([[7, 7]]), update: Uint8Array.of(0, 0) };
		});
		ana.type('!');
		await until(() => ana.closed !== null);
		expect(ana.closed).toMatchObject({ code: 4403, reason: 'poisoned' });
		await until(() => ben.closes.includes(1012) && ben.provider.synced);
		expect(rooms.db.loads).toBe(loads + 1);
		ben.type('?');
		await until(() => ben.saved);
		expect(ben.text).toBe(`${FIRST_TEXT}?`);
		expect(await storedText(rooms, dialogue)).toBe(ben.text);
		const ana2 = await rooms.guest(dialogue, { userId: 1 }).ready();
		expect(ana2.text).toBe(ben.text);
	});

	test('[ROOM-73] when changes cannot be applied nothing of that beat is stored, all come again, and nothing is lost', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const [ana, ben] = await pair(rooms, dialogue);
		await rooms.hub.read(dialogue, (doc) => throwsAt(doc, 'poison'));
		const release = rooms.db.hold();
		const { appends } = rooms.db;
		ben.type('1');
		await until(() => rooms.db.appends > appends);
		// These come in one beat: two changes, and a write of the server behind them.
		ben.type('2');
		ana.type('poison');
		await until(async () => (await rooms.figure('waiting_bytes')) > 20);
		const writing = rooms.hub.write(dialogue, 0, (doc) => turnText(doc, TURN)?.insert(0, '>'));
		release();
		await writing;
		await until(() => ana.saved && ben.saved && ana.text === ben.text && ana.text.startsWith('>'));
		expect(ana.text).toMatch(/^>Hello/);
		for (const piece of ['12', 'poison']) expect(ana.text).toContain(piece);
		expect(ana.text).toHaveLength('>Hello12poison'.length);
		expect(await storedText(rooms, dialogue)).toBe(ana.text);
		expect([ana.closed, ben.closed]).toEqual([null, null]);
		expect([ana.closes, ben.closes].map((codes) => codes.includes(1012))).toEqual([true, true]);
		expect(await rooms.figure('waiting_bytes')).toBe(0);
	});

	test('[ROOM-74] a change that spoils every copy is found out: its sender alone is refused, and the others go on', async () => {
		const rooms: Rooms = await open({
			opened: (dialogue) => void rooms.hub.write(dialogue, 0, (doc) => throwsAt(doc, 'poison')),
		});
		const dialogue = await rooms.dialogue();
		const [ana, ben] = await pair(rooms, dialogue);
		ben.type('1');
		ana.type('poison');
		ben.type('2');
		await until(() => ana.closed !== null);
		expect(ana.closed).toMatchObject({ code: 4403, reason: 'poisoned' });
		await until(() => ben.saved);
		ben.type('3');
		await until(() => ben.saved);
		expect(ben.closed).toBeNull();
		expect(ben.text).toBe(`${FIRST_TEXT}123`);
		expect(await storedText(rooms, dialogue)).toBe(ben.text);
	});
});
