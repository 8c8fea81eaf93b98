import { expect, test } from 'vitest';
import { turnText } from '#lib/document/read-dialogue.ts';
import { describeRooms } from '../support/room-suite.ts';
import { TURN, until, type StockGuest } from '../support/rooms.ts';

/** Writes some 100 kB a round, of which one character stays. */
const flood = async (ana: StockGuest, rounds: number): Promise<void> => {
	for (let round = 0; round < rounds; round++) {
		const text = turnText(ana.doc, TURN);
		text?.insert(0, 'x'.repeat(100_000));
		text?.delete(0, 99_999);
		await until(() => ana.saved);
	}
};

describeRooms('slow readers', (open) => {
	test('[ROOM-60] who does not read is left out, and gets the difference once it does', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		const slow = await rooms.socket(dialogue, { userId: 2 });
		await slow.sync();
		slow.ws.pause();
		await flood(ana, 150);
		slow.ws.resume();
		await until(() => turnText(slow.doc(), TURN)?.toJSON() === ana.text);
		expect(slow.closed).toBeNull();
		expect(slow.kinds().filter((kind) => kind === 'update').length).toBeLessThan(300);
		ana.type('!');
		await until(() => turnText(slow.doc(), TURN)?.toJSON() === ana.text);
	});

	test('[ROOM-61] who does not read for too long is sent away, to come again', async () => {
		const rooms = await open({ timing: { behindFor: 100, tendEvery: 20 } });
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		const slow = await rooms.socket(dialogue, { userId: 2 });
		await slow.sync();
		slow.ws.pause();
		await flood(ana, 100);
		await until(() => rooms.hub.peersOf(dialogue).length === 1);
		slow.ws.resume();
		await until(() => slow.closed !== null);
		expect(slow.closed?.code).toBe(1013);
		expect(ana.closes).toEqual([]);
	});
});
