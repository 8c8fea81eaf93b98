import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { membersOf, turnText } from '#lib/document/read-dialogue.ts';
import { SNAPSHOT_ROWS } from '../../server/rooms/limits.ts';
import { describeRooms } from '../support/room-suite.ts';
import { FIRST_TEXT, TURN, until } from '../support/rooms.ts';

const QUICK = { unloadAfter: 20, tendEvery: 10 };

describeRooms('lifecycle', (open) => {
	test('[ROOM-30] an empty room is left, and read again from its snapshot and the rows after it', async () => {
		const rooms = await open({ timing: QUICK });
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		ana.type('!');
		await until(() => ana.saved);
		ana.leave();
		await until(() => !rooms.hub.everyone().has(dialogue));
		const stored = await rooms.stored.load(dialogue);
		expect(stored?.tail).toEqual([]);
		const fromSnapshot = new Y.Doc();
		Y.applyUpdate(fromSnapshot, stored?.snapshot?.state ?? new Uint8Array());
		expect(turnText(fromSnapshot, TURN)?.toJSON()).toBe(`${FIRST_TEXT}!`);

		const ben = await rooms.guest(dialogue, { userId: 2, part: 'reviewer' }).ready();
		ben.type('?');
		await until(() => ben.saved);
		expect((await rooms.stored.load(dialogue))?.tail.length).toBeGreaterThan(0);
		const elsewhere = await open();
		const text = await elsewhere.hub.read(dialogue, (doc) => turnText(doc, TURN)?.toJSON());
		expect(text).toBe(`${FIRST_TEXT}!?`);
	});

	test('[ROOM-31] a snapshot is never ahead of the log', async () => {
		const rooms = await open({ timing: QUICK });
		const dialogue = await rooms.dialogue();
		const release = rooms.db.hold();
		const { appends } = rooms.db;
		const write = rooms.hub.write(dialogue, 0, (doc) => turnText(doc, TURN)?.insert(0, 'x'));
		await until(() => rooms.db.appends > appends);
		await pause(100);
		const stored = await rooms.stored.load(dialogue);
		expect(stored?.snapshot?.seq ?? 0).toBeLessThanOrEqual(stored?.head ?? 0);
		expect(rooms.hub.everyone().has(dialogue)).toBe(true);
		release();
		await write;
		await until(() => !rooms.hub.everyone().has(dialogue));
		expect(await rooms.stored.load(dialogue)).toMatchObject({ tail: [] });
		const text = await rooms.hub.read(dialogue, (doc) => turnText(doc, TURN)?.toJSON());
		expect(text).toBe(`x${FIRST_TEXT}`);
	});

	test('[ROOM-39] a glance sees what the log has, and leaves no room behind', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const elsewhere = await open();
		const text = () => elsewhere.hub.glance(dialogue, (doc) => turnText(doc, TURN)?.toJSON());
		expect(await text()).toBe(FIRST_TEXT);
		expect(elsewhere.hub.everyone().has(dialogue)).toBe(false);
		await elsewhere.hub.write(dialogue, 0, (doc) => turnText(doc, TURN)?.insert(0, 'x'));
		expect(await text()).toBe(`x${FIRST_TEXT}`);
	});

	test('[ROOM-32] many who come at once share one load', async () => {
		const rooms = await open({ timing: QUICK });
		const dialogue = await rooms.dialogue();
		await until(() => !rooms.hub.everyone().has(dialogue));
		const { loads } = rooms.db;
		const guests = Array.from({ length: 8 }, (_, index) => rooms.guest(dialogue, { userId: 10 + index }));
		await Promise.all(guests.map((guest) => guest.ready()));
		expect(rooms.db.loads).toBe(loads + 1);
	});

	test('[ROOM-33] snapshots are also taken while people write', async () => {
		const rooms = await open({ timing: { tendEvery: 10 } });
		const dialogue = await rooms.dialogue();
		for (let row = 0; row < SNAPSHOT_ROWS + 20; row++) {
			void rooms.hub.write(dialogue, row % 2, (doc) => turnText(doc, TURN)?.insert(0, 'x'));
		}
		await rooms.hub.read(dialogue, () => 0);
		await until(async () => ((await rooms.stored.load(dialogue))?.snapshot?.seq ?? 0) >= SNAPSHOT_ROWS);
		expect(rooms.hub.everyone().has(dialogue)).toBe(true);
	});

	test('[ROOM-34] what `opened` asks to write comes before anybody is in the room', async () => {
		let begun = false;
		const rooms = await open({
			opened: (dialogue) => {
				if (!begun) return;
				void rooms.hub.write(dialogue, 0, (doc) => turnText(doc, TURN)?.insert(0, 'opened '));
			},
			timing: QUICK,
		});
		const dialogue = await rooms.dialogue();
		begun = true;
		await until(() => !rooms.hub.everyone().has(dialogue));
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		expect(ana.text).toBe(`opened ${FIRST_TEXT}`);
	});

	test('[ROOM-35] whoever may write is named in the document, and has a place for ratings, before they are in', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		await rooms.guest(dialogue, { userId: 1, name: 'Ana' }).ready();
		const cem = await rooms.guest(dialogue, { userId: 3, name: 'Cem', part: 'observer' }).ready();
		expect(membersOf(cem.doc)).toEqual({ 1: { name: 'Ana', part: 'annotator', color: 6 } });
		expect([...cem.doc.getMap('ratings').keys()]).toEqual(['1']);
		expect([...cem.doc.getMap('choices').keys()]).toEqual(['1']);
	});

	test('[ROOM-36] closing stores what has come and sends everyone away to come again', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		const release = await rooms.standStill(ana);
		const closing = rooms.hub.close();
		release();
		await closing;
		await until(() => ana.closes.includes(1012));
		expect(turnText(await rooms.replay(dialogue), TURN)?.toJSON()).toBe(`${FIRST_TEXT}!`);
		expect(await rooms.stored.load(dialogue)).toMatchObject({ tail: [] });
		await expect(rooms.hub.write(dialogue, 0, () => 0)).rejects.toThrow();
	});

	test('[ROOM-37] a peer that answers no ping is closed, one that is only quiet is not', async () => {
		const rooms = await open({ timing: { tendEvery: 10, pingEvery: 20, deadAfter: 2000 } });
		const dialogue = await rooms.dialogue();
		const quiet = await rooms.socket(dialogue, { userId: 1 });
		const dead = new WebSocket(`${rooms.url}/${dialogue}?user=2`, { autoPong: false });
		let code: number | null = null;
		dead.on('close', (closed) => (code = closed));
		await until(() => code !== null);
		expect(code).toBe(1006);
		expect(quiet.closed).toBeNull();
	});

	test('[ROOM-38] somebody who is silent is told something, and a stock provider takes it', async () => {
		const rooms = await open({ timing: { tendEvery: 10, sayEvery: 20 } });
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		ana.heard = [];
		await until(() => ana.heard.length >= 3);
		expect(new Set(ana.heard)).toEqual(new Set(['awareness']));
		expect(ana.provider.wsconnected).toBe(true);
		expect(ana.others).toEqual([]);
	});
});
