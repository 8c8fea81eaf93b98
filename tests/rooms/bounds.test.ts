import { expect, test } from 'vitest';
import { turnText } from '#lib/document/read-dialogue.ts';
import { COST } from '../../server/gate/effort.ts';
import { STEPS_A_BEAT } from '../../server/rooms/limits.ts';
import { describeRooms } from '../support/room-suite.ts';
import { FIRST_TEXT, TURN, until } from '../support/rooms.ts';

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
		['frames', { frames: { burst: 20, perSecond: 200 }, bytes: plenty }],
		['bytes', { frames: plenty, bytes: { burst: 1000, perSecond: 100_000 } }],
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
		const release = rooms.db.hold();
		ana.type('!');
		await until(() => rooms.db.appends > appends);
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

	test('[ROOM-68] what waits while the log stands still is bounded over all sockets, and nothing of it is lost', async () => {
		const LIMIT = 1 << 20;
		const rooms = await open({ limits: { waiting: LIMIT } });
		const people = await Promise.all(
			Array.from({ length: 6 }, async (_, n) => {
				const dialogue = await rooms.dialogue();
				return rooms.guest(dialogue, { userId: 10 + n }).ready();
			}),
		);
		const { appends } = rooms.db;
		const release = rooms.db.hold();
		for (const person of people) person.type('!');
		await until(() => rooms.db.appends > appends);
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
