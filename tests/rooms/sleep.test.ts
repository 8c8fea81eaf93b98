import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { membersOf } from '#lib/document/read-dialogue.ts';
import { describeRooms } from '../support/room-suite.ts';
import { FIRST_TEXT, TURN, until, type Rooms } from '../support/rooms.ts';
import { writeSync } from '../support/write-messages.ts';

const run = promisify(execFile);
const LIMITS_FILE = fileURLToPath(new URL('../../server/rooms/limits.ts', import.meta.url));

const DROWSY = { sleepAfter: 20, tendEvery: 10 };
const DROWSY_LATER = { sleepSoonerAfter: 10_000, tendEvery: 10 };
const asleep = (rooms: Rooms) => until(async () => (await rooms.figure('rooms_asleep')) > 0);
const awake = (rooms: Rooms) => rooms.figure('rooms_awake');

describeRooms('sleep', (open) => {
	test('[ROOM-62] where nobody writes for a while only the encoded document is kept, until somebody does', async () => {
		const rooms = await open({ timing: DROWSY });
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		const ben = await rooms.guest(dialogue, { userId: 2, part: 'reviewer' }).ready();
		for (let round = 0; round < 5; round++) {
			await asleep(rooms);
			expect(await awake(rooms)).toBe(0);
			ana.type(`${round}`);
			ben.type('b', 0);
			await until(() => ana.saved && ben.saved && ana.text === ben.text);
		}
		expect(ana.text).toBe(`bbbbb${FIRST_TEXT}01234`);
		expect(ana.closes).toEqual([]);
		const replayed = await rooms.replay(dialogue);
		expect(Y.encodeStateVector(replayed)).toEqual(Y.encodeStateVector(ana.doc));
	});

	test('[ROOM-63] who joins a sleeping dialogue, or comes back with nothing new, gets all and wakes nobody', async () => {
		const rooms = await open({ timing: DROWSY });
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1, name: 'Ana', client: 'own' }).ready();
		ana.type('!');
		await until(() => ana.saved);
		await asleep(rooms);
		ana.provider.disconnect();
		ana.provider.connect();
		const cem = await rooms.guest(dialogue, { userId: 3, name: 'Cem', part: 'observer' }).ready();
		await until(() => ana.saved);
		expect(cem.text).toBe(`${FIRST_TEXT}!`);
		expect(membersOf(cem.doc)['1']).toMatchObject({ name: 'Ana' });
		ana.provider.awareness.setLocalState({ focus: { turn: TURN } });
		await until(() => cem.others.some((state) => 'focus' in state));
		expect(await awake(rooms)).toBe(0);
		expect(ana.acks.at(-1)?.frames).toBeGreaterThan(0);
	});

	test('[ROOM-64] who comes back is sent the difference, from a sleeping dialogue too', async () => {
		const rooms = await open({ timing: DROWSY });
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		ana.type('long '.repeat(2000));
		await until(() => ana.saved);
		const known = Y.encodeStateVector(ana.doc);
		const before = Y.encodeStateAsUpdate(ana.doc);
		ana.type('new');
		await until(() => ana.saved);
		const answered = async (vector: Uint8Array) => {
			const bare = await rooms.socket(dialogue, { userId: 2, part: 'observer' });
			bare.send(writeSync('step 1', vector), writeSync('step 2', Uint8Array.of(0, 0)));
			await until(() => bare.kinds().includes('durable'));
			const answer = bare.heard.find((message) => message.kind === 'step 2');
			bare.leave();
			return answer && 'update' in answer ? answer.update : new Uint8Array();
		};
		for (const state of ['awake', 'asleep']) {
			if (state === 'asleep') await asleep(rooms);
			const difference = await answered(known);
			const doc = new Y.Doc();
			Y.applyUpdate(doc, before);
			Y.applyUpdate(doc, difference);
			expect(Y.encodeStateVector(doc)).toEqual(Y.encodeStateVector(ana.doc));
			expect(difference.length).toBeLessThan(200);
			expect((await answered(Y.encodeStateVector(ana.doc))).length).toBeLessThan(20);
			expect((await answered(Uint8Array.of(0))).length).toBeGreaterThan(10_000);
		}
	});

	test('[ROOM-65] a dialogue that is opened anew sleeps until it is needed, also for its members', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1, name: 'Ana' }).ready();
		ana.type('!');
		await until(() => ana.saved);
		await rooms.hub.close();
		const elsewhere = await open();
		const again = await elsewhere.guest(dialogue, { userId: 1, name: 'Ana' }).ready();
		expect(again.text).toBe(`${FIRST_TEXT}!`);
		expect(await awake(elsewhere)).toBe(0);
		again.type('?');
		await until(() => again.saved);
		expect(await awake(elsewhere)).toBe(1);
	});

	test('[ROOM-80] with more in memory than there may be, a document sleeps sooner where nobody writes', async () => {
		const timing = { ...DROWSY, sleepAfter: 60_000, sleepSoonerAfter: 20 };
		const roomy = await open({ timing });
		const full = await open({ timing, limits: { documents: 1 } });
		for (const rooms of [roomy, full]) {
			const ana = await rooms.guest(await rooms.dialogue(), { userId: 1 }).ready();
			ana.type('!');
			await until(() => ana.saved);
		}
		await asleep(full);
		expect(await awake(roomy)).toBe(1);
	});

	test('[ROOM-80] and stays awake where somebody does', async () => {
		const rooms = await open({ timing: DROWSY_LATER, limits: { documents: 1 } });
		const ana = await rooms.guest(await rooms.dialogue(), { userId: 1 }).ready();
		for (let round = 0; round < 20; round++) {
			ana.type('a');
			await until(() => ana.saved);
			await pause(2 * DROWSY_LATER.tendEvery);
			expect(await awake(rooms)).toBe(1);
		}
	});
});

test('[ROOM-80] what there may be is a part of what Node may have', async () => {
	const documents = async (heapMB: number): Promise<number> => {
		const tell = `import(${JSON.stringify(LIMITS_FILE)}).then(({ LIMITS }) => console.log(LIMITS.documents))`;
		return Number((await run(process.execPath, [`--max-old-space-size=${heapMB}`, '--eval', tell])).stdout);
	};
	expect(await documents(300)).toBeGreaterThan(64 << 20);
	expect(await documents(300)).toBeLessThan(128 << 20);
	expect(await documents(8000)).toBe(512 << 20);
});
