import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { turnText } from '#lib/document/read-dialogue.ts';
import type { Message } from '#lib/wire/messages.ts';
import { vectorFrom } from '../../server/rooms/state-vector.ts';
import { describeRooms } from '../support/room-suite.ts';
import { FIRST_TEXT, TURN, until } from '../support/rooms.ts';
import { writeSync } from '../support/write-messages.ts';

describeRooms('sync', (open) => {
	test('[ROOM-1] stock providers converge, also one that comes late', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		const ben = await rooms.guest(dialogue, { userId: 2, part: 'reviewer' }).ready();
		ana.type(' from Ana');
		ben.type('Ben: ', 0);
		await until(() => ana.text === ben.text && ana.saved && ben.saved);
		const cem = await rooms.guest(dialogue, { userId: 3, part: 'observer' }).ready();
		expect(ana.text).toBe(`Ben: ${FIRST_TEXT} from Ana`);
		expect(cem.text).toBe(ana.text);
	});

	test('[ROOM-1] what was typed offline arrives when the connection is back', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		const ben = await rooms.guest(dialogue, { userId: 2, part: 'reviewer' }).ready();
		ana.provider.disconnect();
		ana.type(' offline');
		ben.type('online ', 0);
		await until(() => ben.saved);
		ana.provider.connect();
		await until(() => ana.text === ben.text && ana.saved);
		expect(ana.text).toBe(`online ${FIRST_TEXT} offline`);
		expect(turnText(await rooms.replay(dialogue), TURN)?.toJSON()).toBe(ana.text);
	});

	test('[ROOM-2] our step 1 comes before our step 2, and a peer hears of changes only after them', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const bare = await rooms.socket(dialogue, { userId: 2 });
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		ana.type(' before');
		await until(() => ana.saved);
		expect(bare.kinds()).toEqual([]);
		await bare.sync();
		expect(bare.kinds().filter((kind) => kind.startsWith('step'))).toEqual(['step 1', 'step 2']);
		expect(turnText(bare.doc(), TURN)?.toJSON()).toBe(`${FIRST_TEXT} before`);
		ana.type(' after');
		await until(() => bare.kinds().includes('update'));
		expect(turnText(bare.doc(), TURN)?.toJSON()).toBe(`${FIRST_TEXT} before after`);
	});

	test('[ROOM-81] who comes with a state vector is told what it lacks without asking, and once', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		const steps = ({ heard }: { heard: Message[] }) =>
			heard.map(({ kind }) => kind).filter((kind) => kind.startsWith('step'));
		const nothing = Uint8Array.of(0);

		const bare = await rooms.socket(dialogue, { userId: 2, has: nothing });
		await until(() => bare.kinds().includes('step 2'));
		expect(steps(bare)).toEqual(['step 1', 'step 2']);
		expect(turnText(bare.doc(), TURN)?.toJSON()).toBe(FIRST_TEXT);
		ana.type(' more');
		await until(() => bare.kinds().includes('update'));
		await bare.sync(); // asks with the vector that it came with
		expect(steps(bare)).toEqual(['step 1', 'step 2']);
		expect(turnText(bare.doc(), TURN)?.toJSON()).toBe(`${FIRST_TEXT} more`);
		bare.send(writeSync('step 1', nothing)); // and then in earnest
		await until(() => steps(bare).length === 4);

		const back = await rooms.socket(dialogue, { userId: 2, has: Y.encodeStateVector(bare.doc()) });
		await until(() => back.kinds().includes('step 2'));
		expect(turnText(back.doc(), TURN)).toBeUndefined(); // the difference, not the whole
		back.send(writeSync('step 1', nothing)); // it has forgotten all of it
		await until(() => steps(back).length === 4);
		expect(turnText(back.doc(), TURN)?.toJSON()).toBe(`${FIRST_TEXT} more`);
	});

	test('[ROOM-81] who comes while others write is told as soon as that is stored', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		const release = await rooms.standStill(ana);
		const bare = await rooms.socket(dialogue, { userId: 2, part: 'observer', has: Uint8Array.of(0) });
		await until(() => rooms.hub.peersOf(dialogue).length === 2);
		expect(bare.kinds()).toEqual([]);
		release();
		await until(() => bare.kinds().includes('step 2'));
		expect(turnText(bare.doc(), TURN)?.toJSON()).toBe(`${FIRST_TEXT}!`);
		expect(bare.kinds().filter((kind) => kind.startsWith('step'))).toEqual(['step 1', 'step 2']);
	});

	test('[ROOM-81] a vector that cannot be read counts as none', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const bare = await rooms.socket(dialogue, { userId: 2, has: Uint8Array.of(255) });
		await bare.sync();
		expect(turnText(bare.doc(), TURN)?.toJSON()).toBe(FIRST_TEXT);
		expect(vectorFrom('a b')).toBeNull();
		expect(vectorFrom('')).toBeNull();
		expect(vectorFrom(null)).toBeNull();
	});

	test('[ROOM-3] updates before a peer’s step 2 are passed over; its step 2 repeats them', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const bare = await rooms.socket(dialogue, { userId: 1, client: 77 });
		const doc = new Y.Doc();
		doc.clientID = 77;
		bare.send(writeSync('step 1', Uint8Array.of(0)));
		await until(() => bare.kinds().includes('step 2'));
		Y.applyUpdate(doc, Y.encodeStateAsUpdate(bare.doc()));
		const updates: Uint8Array[] = [];
		doc.on('update', (update) => updates.push(update));
		turnText(doc, TURN)?.insert(0, 'a');
		turnText(doc, TURN)?.insert(0, 'b');
		// The second alone has a gap before it: it would be refused if it were looked at.
		bare.send(...updates.slice(1).map((update) => writeSync('update', update)));
		bare.send(writeSync('step 2', Y.encodeStateAsUpdate(doc)));
		await until(() => bare.kinds().includes('durable'));
		expect(bare.heard.find((message) => message.kind === 'durable')).toMatchObject({ frames: 3 });
		expect(turnText(await rooms.replay(dialogue), TURN)?.toJSON()).toBe(`ba${FIRST_TEXT}`);
	});

	test('[ROOM-4] every step 2 and update is acked with the frames of its socket, also one with nothing new', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const { head } = (await rooms.stored.load(dialogue)) ?? { head: 0 };
		const bare = await rooms.socket(dialogue, { userId: 5, part: 'observer' });
		const nothing = Uint8Array.of(0, 0);
		bare.send(writeSync('step 1', Uint8Array.of(0)), writeSync('step 2', nothing));
		await until(() => bare.kinds().includes('durable'));
		bare.send(Uint8Array.of(3), writeSync('update', nothing));
		await until(() => bare.kinds().filter((kind) => kind === 'durable').length === 2);
		expect(bare.heard.filter((message) => message.kind === 'durable')).toEqual([
			{ kind: 'durable', frames: 2, seq: head },
			{ kind: 'durable', frames: 4, seq: head },
		]);
	});

	test('[ROOM-18] who does not ask for acks is sent none, and all that it says counts', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		const bare = await rooms.socket(dialogue, { userId: 2, part: 'reviewer', client: 77, unasking: true });
		bare.send(writeSync('step 1', Uint8Array.of(0)), writeSync('step 2', Uint8Array.of(0, 0)));
		await until(() => bare.kinds().includes('step 2'));
		const doc = bare.doc();
		doc.clientID = 77;
		doc.on('update', (update: Uint8Array) => bare.send(writeSync('update', update)));
		turnText(doc, TURN)?.insert(0, 'Ben ');
		await until(() => ana.text === `Ben ${FIRST_TEXT}`);
		ana.type('!');
		await until(() => bare.kinds().includes('update'));
		await until(() => ana.saved);
		expect(bare.kinds()).not.toContain('durable');
	});

	test('[ROOM-5] the sender does not hear its own change again', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		const ben = await rooms.guest(dialogue, { userId: 2, part: 'reviewer' }).ready();
		ana.heard = [];
		ana.type('!');
		await until(() => ben.text === `${FIRST_TEXT}!` && ana.saved);
		expect(ben.heard).toContain('update');
		expect(ana.heard).not.toContain('update');
	});

	test('[ROOM-6] a malformed message closes its socket for good and touches nobody else', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		for (const message of [
			Uint8Array.of(9),
			Uint8Array.of(0, 2, 50, 1),
			writeSync('step 1', Uint8Array.of(5, 1)),
			Uint8Array.of(1, 3, 1, 1, 200),
			Uint8Array.of(100, 1, 1),
			'text',
		]) {
			const bare = await rooms.socket(dialogue, { userId: 2 });
			bare.ws.send(message);
			await until(() => bare.closed !== null);
			expect(bare.closed?.code).toBe(4400);
		}
		expect(ana.provider.wsconnected).toBe(true);
	});

	test('[ROOM-7] a message past the limit closes its socket for good', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const bare = await rooms.socket(dialogue, { userId: 2 });
		bare.ws.send(writeSync('step 2', new Uint8Array(4 << 20)));
		await until(() => bare.closed !== null);
		expect(bare.closed?.code).toBe(4413);
	});

	test('[ROOM-8] a dialogue that does not exist closes the socket for good', async () => {
		const rooms = await open();
		const ana = rooms.guest(987_654_321, { userId: 1 });
		await until(() => ana.closed !== null);
		expect(ana.closed?.code).toBe(4404);
		await expect(rooms.hub.read(987_654_321, () => 0)).rejects.toThrow('no dialogue 987654321');
	});
});
