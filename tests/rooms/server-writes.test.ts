import { expect, test } from 'vitest';
import { turnText } from '#lib/document/read-dialogue.ts';
import { describeRooms } from '../support/room-suite.ts';
import { FIRST_TEXT, TURN, until, type Rooms } from '../support/rooms.ts';

const replayed = async (rooms: Rooms, dialogue: number) =>
	turnText(await rooms.replay(dialogue), TURN)?.toJSON();

describeRooms('server writes', (open) => {
	test('[ROOM-20] a write resolves with what it returned, stored and sent', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		const length = await rooms.hub.write(dialogue, 0, (doc) => {
			turnText(doc, TURN)?.insert(0, 'Server: ');
			return turnText(doc, TURN)?.length;
		});
		expect(length).toBe(13);
		expect(await replayed(rooms, dialogue)).toBe(`Server: ${FIRST_TEXT}`);
		await until(() => ana.text === `Server: ${FIRST_TEXT}`);
	});

	test('[ROOM-21] an effect is stored with its write', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const write = rooms.hub.write(
			dialogue,
			0,
			(doc) => turnText(doc, TURN)?.insert(0, 'x'),
			async (tx) => {
				await rooms.log.bindClient(dialogue, 5, 50, tx);
			},
		);
		await write;
		expect((await rooms.stored.load(dialogue))?.clients).toEqual(new Map([[5, 50]]));
		expect(await replayed(rooms, dialogue)).toBe(`x${FIRST_TEXT}`);
	});

	test('[ROOM-22] when an effect fails nothing of its write is stored or stays, and other rooms go on', async () => {
		const rooms = await open();
		const [dialogue, other] = [await rooms.dialogue(), await rooms.dialogue()];
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		const ben = await rooms.guest(other, { userId: 2 }).ready();
		const write = rooms.hub.write(
			dialogue,
			0,
			(doc) => turnText(doc, TURN)?.insert(0, 'never '),
			async (tx) => {
				await rooms.log.bindClient(dialogue, 5, 50, tx);
				throw new Error('not now');
			},
		);
		const after = rooms.hub.write(dialogue, 0, (doc) => turnText(doc, TURN)?.insert(0, 'after '));
		await expect(write).rejects.toThrow('not now');
		await after;
		await until(() => ana.closes.includes(1012) && ana.saved && ana.text === `after ${FIRST_TEXT}`);
		ana.type('!');
		await until(() => ana.saved);
		expect(await replayed(rooms, dialogue)).toBe(`after ${FIRST_TEXT}!`);
		expect((await rooms.stored.load(dialogue))?.clients.has(5)).toBe(false);
		expect(ben.closes).toEqual([]);
	});

	test('[ROOM-23] a change that throws before it changed anything only tells its caller', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		let effects = 0;
		const write = rooms.hub.write(
			dialogue,
			0,
			() => {
				throw new Error('wrong state');
			},
			() => Promise.resolve(void effects++),
		);
		await expect(write).rejects.toThrow('wrong state');
		ana.type('!');
		await until(() => ana.saved);
		expect(ana.closes).toEqual([]);
		expect(effects).toBe(0);
	});

	test('[ROOM-23] a change that throws half way leaves nothing of itself', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		const write = rooms.hub.write(dialogue, 0, (doc) => {
			turnText(doc, TURN)?.insert(0, 'half ');
			throw new Error('half way');
		});
		await expect(write).rejects.toThrow('half way');
		ana.type('!');
		await until(() => ana.closes.includes(1012) && ana.saved);
		expect(ana.text).toBe(`${FIRST_TEXT}!`);
		expect(await replayed(rooms, dialogue)).toBe(`${FIRST_TEXT}!`);
	});

	test('[ROOM-24] writes of a dialogue happen in the order in which they were asked for', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const digits = [...'0123456789'];
		await Promise.all(
			digits.map((digit, index) =>
				rooms.hub.write(
					dialogue,
					0,
					(doc) => turnText(doc, TURN)?.insert(turnText(doc, TURN)?.length ?? 0, digit),
					index % 3 === 0 ? async (tx) => void (await tx.query('select 1')) : undefined,
				),
			),
		);
		expect(await replayed(rooms, dialogue)).toBe(`${FIRST_TEXT}0123456789`);
	});

	test('[ROOM-25] who wrote is told to those who ask to know', async () => {
		const wrote: [number, number][] = [];
		const rooms = await open({ wrote: (dialogue, userId) => wrote.push([dialogue, userId]) });
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 11 }).ready();
		ana.type('!');
		await until(() => ana.saved);
		expect(wrote).toEqual([[dialogue, 11]]);
	});
});
