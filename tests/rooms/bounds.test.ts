import { expect, test } from 'vitest';
import { turnText } from '#lib/document/read-dialogue.ts';
import { COST } from '../../server/gate/effort.ts';
import {
	BYTES_A_BEAT,
	MESSAGES_A_TURN,
	STEPS_A_BEAT,
	TOLD_A_BEAT,
	UNREAD_MESSAGES,
	UPDATES_A_BEAT,
} from '../../server/rooms/limits.ts';
import { describeRooms } from '../support/room-suite.ts';
import { FIRST_TEXT, TURN, until } from '../support/rooms.ts';
import { writeSync } from '../support/write-messages.ts';

const plenty = { burst: 1 << 30, perSecond: 1 << 20 };

describeRooms('bounds', (open) => {
	test('[ROOM-66] a user has so many sockets and no more (1013), and may have others once some are gone', async () => {
		const rooms = await open({ limits: { peersAUser: 3 } });
		const [one, two] = [await rooms.dialogue(), await rooms.dialogue()];
		const first = await rooms.socket(one, { userId: 1 });
		await Promise.all([rooms.socket(one, { userId: 1 }), rooms.socket(two, { userId: 1 })]);
		const fourth = await rooms.socket(two, { userId: 1 });
		await until(() => fourth.closed !== null);
		expect(fourth.closed?.code).toBe(1013);
		await (await rooms.socket(two, { userId: 2, part: 'reviewer' })).sync();
		first.leave();
		await until(async () => (await rooms.figure('peers')) === 3);
		const fifth = await rooms.socket(one, { userId: 1 });
		await fifth.sync();
		expect(fifth.closed).toBeNull();
	});

	test.each([
		['messages', { messages: { burst: 20, perSecond: 200 }, bytes: plenty, readings: plenty }],
		['bytes', { messages: plenty, bytes: { burst: 1000, perSecond: 100_000 }, readings: plenty }],
		['pieces', { messages: plenty, bytes: plenty, readings: { burst: 1, perSecond: 1 } }],
	])('[ROOM-67] who sends more %s than one may is read more slowly, and loses nothing', async (_, rate) => {
		for (const limits of [{ peerRate: rate }, { userRate: rate }]) {
			const rooms = await open({ limits });
			const dialogue = await rooms.dialogue();
			const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
			const ben = await rooms.guest(dialogue, { userId: 2, part: 'reviewer' }).ready();
			// More than one reading of the socket holds: what is read at once counts, and is owed.
			for (let n = 0; n < 300; n++) ana.type('x'.repeat(500));
			await new Promise((resolve) => setTimeout(resolve, 20));
			expect(ana.saved).toBe(false);
			ben.type('b', 0);
			await until(() => ben.saved);
			expect(ana.saved).toBe(false);
			await until(() => ana.saved && ben.text === ana.text);
			expect(ben.text).toBe(`b${FIRST_TEXT}${'x'.repeat(150_000)}`);
			expect(ana.closes).toEqual([]);
		}
	});

	test('[ROOM-67] who asks again what they were told is read more slowly, too', async () => {
		const messages = { burst: 20, perSecond: 2000 };
		const rooms = await open({ limits: { peerRate: { messages, bytes: plenty, readings: plenty } } });
		const dialogue = await rooms.dialogue();
		const ana = await (await rooms.socket(dialogue, { userId: 1 })).sync();
		const ben = await rooms.guest(dialogue, { userId: 2, part: 'reviewer' }).ready();
		for (let n = 0; n < 60; n++) ana.send(writeSync('step 1', Uint8Array.of(0)), Uint8Array.of(3));
		ana.send(writeSync('step 2', Uint8Array.of(0, 0)));
		ben.type('b', 0);
		await until(() => ben.saved);
		const acks = (): number => ana.kinds().filter((kind) => kind === 'durable').length;
		expect(acks()).toBe(1);
		await until(() => acks() === 2);
		expect(ana.closed).toBeNull();
	});

	test('[ROOM-76] one turn of the loop hears so many messages of a socket, and the rest in the next ones', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		const release = await rooms.standStill(ana);
		const MESSAGES = 1000;
		for (let n = 0; n < MESSAGES; n++) ana.type('x', 0);
		const waiting: number[] = [0];
		while (waiting.at(-1) === 0 || waiting.at(-1) !== waiting.at(-2)) {
			await new Promise(setImmediate);
			waiting.push(await rooms.figure('waiting_bytes'));
		}
		const most = Math.max(...waiting.slice(1).map((bytes, at) => bytes - (waiting[at] ?? 0)));
		const each = Math.max(...waiting) / MESSAGES;
		expect(most).toBeGreaterThan(0);
		expect(most).toBeLessThan(2.5 * MESSAGES_A_TURN * each);
		release();
		await until(() => ana.saved);
		expect(turnText(await rooms.replay(dialogue), TURN)?.toJSON()).toBe(ana.text);
	});

	test('[ROOM-71] whose changes cost more than they may is sent away to come again, and loses nothing', async () => {
		const rooms = await open({ limits: { userWork: { burst: 2000, perSecond: 5000 } } });
		const [one, two] = [await rooms.dialogue(), await rooms.dialogue()];
		const ana = await rooms.guest(one, { userId: 1 }).ready();
		const anasOther = await rooms.guest(two, { userId: 1 }).ready();
		const ben = await rooms.guest(one, { userId: 2, part: 'reviewer' }).ready();
		for (let n = 0; n < 400; n++) ana.type('x');
		await until(() => ana.closes.length > 0);
		ben.type('b', 0);
		await until(() => ben.saved);
		// All sockets of a user owe together.
		anasOther.type('!');
		await until(() => ana.saved && anasOther.saved && ben.text === ana.text);
		expect(ben.text).toBe(`b${FIRST_TEXT}${'x'.repeat(400)}`);
		expect(new Set([...ana.closes, ...anasOther.closes])).toEqual(new Set([1013]));
		expect(ben.closes).toEqual([]);
		expect(anasOther.text).toBe(`${FIRST_TEXT}!`);
	});

	test('[ROOM-72] what costs much is applied over several beats, and others have their turn between', async () => {
		const rooms = await open();
		const [one, two] = [await rooms.dialogue(), await rooms.dialogue()];
		const ana = await rooms.guest(one, { userId: 1 }).ready();
		const ben = await rooms.guest(two, { userId: 2 }).ready();
		const { appends } = rooms.db;
		const release = await rooms.standStill(ana);
		/** Structs that do not merge: each of these updates takes half of what a beat may. */
		const costly = Math.ceil(STEPS_A_BEAT / COST.struct / 2);
		for (let round = 0; round < 6; round++)
			ana.doc.transact(() => {
				for (let n = 0; n < costly; n++) ana.type('x', 0);
			});
		await until(async () => (await rooms.figure('waiting_bytes')) > 6 * costly);
		ben.type('!');
		release();
		await until(() => ana.saved && ben.saved);
		expect(rooms.db.appends - appends).toBeGreaterThanOrEqual(4);
		const replayed = await rooms.replay(one);
		expect(turnText(replayed, TURN)?.toJSON()).toBe(ana.text);
		expect(ana.closes).toEqual([]);
	});

	test('[ROOM-72] what is large is stored over several beats', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		const { appends } = rooms.db;
		const release = await rooms.standStill(ana);
		const text = turnText(ana.doc, TURN);
		for (let n = 0; n < 6; n++) {
			ana.type('x'.repeat(BYTES_A_BEAT / 2), 0);
			text?.delete(0, BYTES_A_BEAT / 2 - 1);
		}
		await until(async () => (await rooms.figure('waiting_bytes')) > 3 * BYTES_A_BEAT);
		release();
		await until(() => ana.saved);
		expect(rooms.db.appends - appends).toBeGreaterThanOrEqual(4);
		expect(turnText(await rooms.replay(dialogue), TURN)?.toJSON()).toBe(ana.text);
	});

	test('[ROOM-77] what goes to many is stored over more beats', async () => {
		const PEERS = 30;
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		const others = await Promise.all(
			Array.from({ length: PEERS - 1 }, (_, n) =>
				rooms.guest(dialogue, { userId: 2 + n, part: 'reviewer' }).ready(),
			),
		);
		const { appends } = rooms.db;
		const release = await rooms.standStill(ana);
		for (let n = 0; n < 4; n++) ana.type('x'.repeat(TOLD_A_BEAT / PEERS), 0);
		await until(async () => (await rooms.figure('waiting_bytes')) > (4 * TOLD_A_BEAT) / PEERS);
		release();
		await until(() => ana.saved);
		expect(rooms.db.appends - appends).toBe(5);
		await until(() => others.every(({ text }) => text === ana.text));
	});

	test('[ROOM-78] a room that has more than one beat takes sits out while others write', async () => {
		const rooms = await open({ timing: { restFor: 200 } });
		const [one, two] = [await rooms.dialogue(), await rooms.dialogue()];
		const ana = await rooms.guest(one, { userId: 1 }).ready();
		const ben = await rooms.guest(two, { userId: 2 }).ready();
		for (let n = 0; n < 5 * UPDATES_A_BEAT; n++) ana.type('x', 0);
		let between = 0;
		for (; !ana.saved; between++) {
			ben.type('!');
			await until(() => ben.saved);
		}
		expect(between).toBeGreaterThan(10);
		expect(turnText(await rooms.replay(one), TURN)?.toJSON()).toBe(ana.text);
	});

	test('[ROOM-68] of one socket so many messages wait, and the rest is read once they are applied', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		const release = await rooms.standStill(ana);
		let longest = 0;
		ana.doc.on('update', (update: Uint8Array) => (longest = Math.max(longest, update.length)));
		for (let n = 0; n < 6 * UNREAD_MESSAGES; n++) ana.type('x', 0);
		await until(async () => (await rooms.figure('waiting_bytes')) > UNREAD_MESSAGES * 10);
		await new Promise((resolve) => setTimeout(resolve, 300));
		const most = (UNREAD_MESSAGES + MESSAGES_A_TURN) * longest;
		expect(await rooms.figure('waiting_bytes')).toBeLessThan(most);
		release();
		await until(() => ana.saved);
		expect(turnText(await rooms.replay(dialogue), TURN)?.toJSON()).toBe(ana.text);
		expect(await rooms.figure('waiting_bytes')).toBe(0);
	});

	test('[ROOM-68] what waits while the log stands still is bounded over all sockets, and nothing of it is lost', async () => {
		const LIMIT = 1 << 20;
		const rooms = await open({ limits: { waiting: LIMIT } });
		const people = await Promise.all(
			Array.from({ length: 6 }, async (_, n) => {
				const dialogue = await rooms.dialogue();
				return rooms.guest(dialogue, { userId: 10 + n }).ready();
			}),
		);
		const release = await rooms.standStill(...people);
		for (let round = 0; round < 40; round++) {
			for (const { doc } of people) {
				const text = turnText(doc, TURN);
				text?.insert(0, 'x'.repeat(100_000));
				text?.delete(0, 99_999);
			}
			await new Promise((resolve) => setTimeout(resolve, 2));
		}
		await until(async () => (await rooms.figure('waiting_bytes')) > LIMIT);
		await new Promise((resolve) => setTimeout(resolve, 200));
		// A message of each socket beyond the bound, and no more.
		expect(await rooms.figure('waiting_bytes')).toBeLessThan(LIMIT + people.length * 300_000);
		release();
		await until(() => people.every((person) => person.saved));
		for (const person of people) expect(person.text).toBe(`${'x'.repeat(40)}${FIRST_TEXT}!`);
		expect(await rooms.figure('waiting_bytes')).toBe(0);
	});
});
