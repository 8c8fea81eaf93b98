import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { rate, turnText } from '#lib/document/read-dialogue.ts';
import { setState } from '#lib/document/write-dialogue.ts';
import { describeRooms } from '../support/room-suite.ts';
import { FIRST_TEXT, TURN, until, type Rooms } from '../support/rooms.ts';
import { writeSync } from '../support/write-messages.ts';

const replayed = async (rooms: Rooms, dialogue: number) =>
	turnText(await rooms.replay(dialogue), TURN)?.toJSON();

describeRooms('authorship', (open) => {
	test('[ROOM-40] an observer’s change is refused for good, and nobody else sees it', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		const cem = await rooms.guest(dialogue, { userId: 3, part: 'observer' }).ready();
		const rows = await rooms.log.rowsOf(dialogue, 0, 100);
		cem.type('!');
		await until(() => cem.closed !== null);
		expect(cem.closed).toEqual({ code: 4403, reason: `denied turns/${TURN}/text` });
		ana.type('?');
		await until(() => ana.saved);
		expect(await replayed(rooms, dialogue)).toBe(`${FIRST_TEXT}?`);
		expect((await rooms.log.rowsOf(dialogue, 0, 100)).length).toBe(rows.length + 1);
		expect(ana.text).toBe(`${FIRST_TEXT}?`);
		expect(ana.closes).toEqual([]);
	});

	test('[ROOM-41] after a refusal nothing more of that socket counts', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const bare = await rooms.socket(dialogue, { userId: 1, client: 77 });
		await bare.sync();
		const doc = new Y.Doc();
		doc.clientID = 77;
		Y.applyUpdate(doc, Y.encodeStateAsUpdate(bare.doc()));
		const updates: Uint8Array[] = [];
		doc.on('update', (update) => updates.push(update));
		turnText(doc, TURN)?.insert(0, 'before ');
		doc.getMap('dialogue').set('state', 'accepted');
		turnText(doc, TURN)?.insert(0, 'after ');
		bare.send(...updates.map((update) => writeSync('update', update)));
		await until(() => bare.closed !== null);
		expect(bare.closed?.code).toBe(4403);
		await until(async () => (await replayed(rooms, dialogue)) !== FIRST_TEXT);
		await rooms.hub.write(dialogue, 0, () => 0);
		expect(await replayed(rooms, dialogue)).toBe(`before ${FIRST_TEXT}`);
	});

	test('[ROOM-42] a change of the dialogue’s state holds for open sockets at once', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		await rooms.hub.write(dialogue, 0, (doc) => setState(doc, 'submitted'));
		ana.type('!');
		await until(() => ana.closed !== null);
		expect(ana.closed?.code).toBe(4403);
		expect(await replayed(rooms, dialogue)).toBe(FIRST_TEXT);
	});

	test('[ROOM-43] a client id given at the handshake is bound to its user, also over a reload', async () => {
		const rooms = await open({ timing: { unloadAfter: 10, tendEvery: 10 } });
		const dialogue = await rooms.dialogue();
		const first = await rooms.socket(dialogue, { userId: 1, client: 4242 });
		await first.sync();
		await until(async () => (await rooms.stored.load(dialogue))?.clients.get(4242) === 1);
		const thief = await rooms.socket(dialogue, { userId: 2, client: 4242 });
		await until(() => thief.closed !== null);
		expect(thief.closed?.code).toBe(4409);
		first.leave();
		await until(() => !rooms.hub.everyone().has(dialogue));
		const again = await rooms.socket(dialogue, { userId: 2, client: 4242 });
		await until(() => again.closed !== null);
		expect(again.closed?.code).toBe(4409);
		const owner = await rooms.socket(dialogue, { userId: 1, client: 4242 });
		await owner.sync();
		expect(owner.closed).toBeNull();
	});

	test('[ROOM-43] what two nodes were asked for at once is whose the log says', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		await rooms.guest(dialogue, { userId: 2 }).ready();
		await rooms.log.bindClient(dialogue, 4242, 2); // by another node
		const late = await rooms.socket(dialogue, { userId: 1, client: 4242 });
		await until(() => late.closed !== null);
		expect(late.closed?.code).toBe(4409);
	});

	test('[ROOM-43] who writes before the log has bound the id has it bound with the update', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		rooms.db.losesBindings = true;
		const bare = await rooms.socket(dialogue, { userId: 1, client: 4242 });
		await bare.sync();
		const doc = new Y.Doc();
		doc.clientID = 4242;
		Y.applyUpdate(doc, Y.encodeStateAsUpdate(bare.doc()));
		const before = Y.encodeStateVector(doc);
		turnText(doc, TURN)?.insert(0, 'early ');
		bare.send(writeSync('update', Y.encodeStateAsUpdate(doc, before)));
		await until(async () => (await replayed(rooms, dialogue)) === `early ${FIRST_TEXT}`);
		expect((await rooms.stored.load(dialogue))?.clients).toEqual(new Map([[4242, 1]]));
	});

	test('[ROOM-44] an id that has written and is nobody’s cannot be taken: the server’s', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const server = await rooms.hub.read(dialogue, (doc) => doc.clientID);
		const bare = await rooms.socket(dialogue, { userId: 1, client: server });
		await until(() => bare.closed !== null);
		expect(bare.closed?.code).toBe(4409);
		expect((await rooms.stored.load(dialogue))?.clients).toEqual(new Map());
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		const own = ana.doc.clientID;
		ana.doc.clientID = server;
		ana.type('!');
		await until(() => ana.closed !== null);
		ana.doc.clientID = own;
		expect(ana.closed?.code).toBe(4403);
	});

	test('[ROOM-45] an id first seen in an accepted update is bound with it; a refused one binds nothing', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		const cem = await rooms.guest(dialogue, { userId: 3, part: 'observer' }).ready();
		cem.type('?');
		await until(() => cem.closed !== null);
		expect((await rooms.stored.load(dialogue))?.clients).toEqual(new Map());
		ana.type('!');
		await until(() => ana.saved);
		expect((await rooms.stored.load(dialogue))?.clients).toEqual(new Map([[ana.doc.clientID, 1]]));
	});

	test('[ROOM-45] a binding that cannot be stored takes its update with it; both come again', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		rooms.db.failBefore = 1;
		ana.type('!');
		await until(() => ana.closes.includes(1012) && ana.saved);
		expect((await rooms.stored.load(dialogue))?.clients).toEqual(new Map([[ana.doc.clientID, 1]]));
		expect(await replayed(rooms, dialogue)).toBe(`${FIRST_TEXT}!`);
	});

	test('[ROOM-46] nobody writes under another’s client id', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		const ben = await rooms.guest(dialogue, { userId: 2, part: 'reviewer' }).ready();
		ana.type('!');
		await until(() => ben.text === ana.text && ana.saved);
		ben.doc.clientID = ana.doc.clientID;
		ben.type('?');
		await until(() => ben.closed !== null);
		expect(ben.closed?.reason).toContain('forged-client');
		expect(await replayed(rooms, dialogue)).toBe(`${FIRST_TEXT}!`);
	});

	test('[ROOM-47] a recheck changes parts in place, and sends away who may not be here', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		const ben = await rooms.guest(dialogue, { userId: 2, part: 'observer' }).ready();
		const cem = await rooms.guest(dialogue, { userId: 3, part: 'reviewer' }).ready();
		await rooms.hub.recheck({ dialogue }, (userId) =>
			userId === 3 ? 'not theirs' : { part: userId === 2 ? 'reviewer' : 'observer' },
		);
		await until(() => cem.closed !== null);
		expect(cem.closed?.code).toBe(4404);
		await until(() => ben.doc.getMap('ratings').has('2'));
		rate(ben.doc, 2, TURN, 'helpful', { value: 3 });
		ben.type('?');
		await until(() => ben.saved);
		ana.type('!');
		await until(() => ana.closed !== null);
		expect(ana.closed?.code).toBe(4403);
		expect(await replayed(rooms, dialogue)).toBe(`${FIRST_TEXT}?`);
	});

	test('[ROOM-47] a recheck touches only whom it is about; when it fails they come again through the door', async () => {
		const rooms = await open();
		const [dialogue, other] = [await rooms.dialogue(), await rooms.dialogue()];
		const ana = await rooms.guest(dialogue, { userId: 1, sessionId: 'a' }).ready();
		const same = await rooms.guest(dialogue, { userId: 1, sessionId: 'b' }).ready();
		const there = await rooms.guest(other, { userId: 1, sessionId: 'a' }).ready();
		await rooms.hub.recheck({ dialogue, userId: 1, sessionId: 'a' }, () =>
			Promise.reject(new Error('no answer')),
		);
		await until(() => ana.closes.includes(1012) && ana.saved);
		expect(same.closes).toEqual([]);
		expect(there.closes).toEqual([]);
	});
});
