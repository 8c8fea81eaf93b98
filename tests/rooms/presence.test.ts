import { expect, test } from 'vitest';
import { readAwareness } from '#lib/wire/messages.ts';
import { turnText } from '#lib/document/read-dialogue.ts';
import { describeRooms } from '../support/room-suite.ts';
import { TURN, until, type BareGuest, type StockGuest } from '../support/rooms.ts';
import { writeAwareness } from '../support/write-messages.ts';

const entry = (client: number, clock: number, state: unknown) =>
	writeAwareness([{ client, clock, state: new TextEncoder().encode(JSON.stringify(state)) }]);

const names = (guest: StockGuest) =>
	guest.others.map((state) => (state['user'] as { name?: string }).name).sort();

/** What a bare socket was told of clients, in order. */
const told = (guest: BareGuest) =>
	guest.heard
		.flatMap((message) => (message.kind === 'awareness' ? [...readAwareness(message.body)] : []))
		.map(({ client, state }) => ({ client, state: JSON.parse(new TextDecoder().decode(state)) as unknown }));

describeRooms('presence', (open) => {
	test('[ROOM-50] people see each other, under the name, part and colour that the server says', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1, name: 'Ana' }).ready();
		const ben = await rooms.guest(dialogue, { userId: 2, name: 'Ben', part: 'reviewer' }).ready();
		ben.provider.awareness.setLocalState({
			user: { id: '1', name: 'Ana', part: 'lead' },
			focus: { turn: TURN },
		});
		await until(() => ana.others.some((state) => 'focus' in state) && names(ben).includes('Ana'));
		expect(ana.others).toEqual([
			{ user: { id: '2', name: 'Ben', color: 3, part: 'reviewer' }, focus: { turn: TURN } },
		]);
		expect(rooms.hub.peersOf(dialogue)).toEqual([
			{ userId: 1, name: 'Ana', part: 'annotator', color: 6, hand: false },
			{ userId: 2, name: 'Ben', part: 'reviewer', color: 3, hand: false },
		]);
	});

	test('[ROOM-51] when a socket goes, what it showed goes, and only that', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1, name: 'Ana' }).ready();
		const ben = await rooms.guest(dialogue, { userId: 2, name: 'Ben' }).ready();
		const cem = await rooms.guest(dialogue, { userId: 3, name: 'Cem' }).ready();
		// Stock clients repeat what they hear of others; that must not make it theirs.
		await until(() => [ana, ben, cem].every((guest) => guest.others.length === 2));
		ben.provider.ws?.close();
		ben.provider.shouldConnect = false;
		await until(() => ana.others.length === 1 && cem.others.length === 1);
		expect(names(ana)).toEqual(['Cem']);
		expect(names(cem)).toEqual(['Ana']);
		expect(rooms.hub.peersOf(dialogue).map((present) => present.name)).toEqual(['Ana', 'Cem']);
	});

	test('[ROOM-52] somebody who comes back is seen again at once', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1, name: 'Ana' }).ready();
		const ben = await rooms.guest(dialogue, { userId: 2, name: 'Ben' }).ready();
		// Without the renewals of stock clients, which would show them again after 15 s.
		for (const { provider } of [ana, ben]) clearInterval(provider.awareness._checkInterval as NodeJS.Timeout);
		for (let round = 0; round < 3; round++) {
			await until(() => names(ana).includes('Ben') && names(ben).includes('Ana'));
			ben.provider.disconnect();
			await until(() => ana.others.length === 0);
			ben.provider.connect();
		}
		await until(() => names(ana).includes('Ben') && names(ben).includes('Ana'));
		expect(ana.others.length).toBe(1);
	});

	test('[ROOM-53] a socket shows its own client id and no other', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.socket(dialogue, { userId: 1, client: 11 });
		const ben = await rooms.socket(dialogue, { userId: 2, client: 22 });
		await ana.sync();
		await ben.sync();
		ana.send(entry(11, 1, { here: 'Ana' }));
		await until(() => told(ben).length === 1);
		ben.send(entry(11, 99, { here: 'not Ana' }), entry(11, 100, null), entry(33, 1, { here: 'nobody' }));
		ben.send(entry(22, 1, { here: 'Ben' }));
		await until(() => told(ana).length > 0);
		expect(told(ana)).toMatchObject([{ client: 22, state: { here: 'Ben' } }]);
		const late = await rooms.socket(dialogue, { userId: 3 });
		await late.sync();
		await until(() => told(late).length === 2);
		expect(told(late)).toMatchObject([
			{ client: 11, state: { here: 'Ana', user: { id: '1' } } },
			{ client: 22, state: { here: 'Ben', user: { id: '2' } } },
		]);
	});

	test('[ROOM-53] without one from the handshake, a socket shows no client id that another user writes under', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.socket(dialogue, { userId: 1, client: 11 });
		const ben = await rooms.socket(dialogue, { userId: 2 });
		await ana.sync();
		await ben.sync();
		ben.send(entry(11, 1, { here: 'not Ana' }), entry(22, 1, { here: 'Ben' }));
		await until(() => told(ana).length > 0);
		expect(told(ana)).toMatchObject([{ client: 22, state: { here: 'Ben' } }]);
	});

	test('[ROOM-54] presence past its limit is passed over; what is not an object closes the socket', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.socket(dialogue, { userId: 1, client: 11 });
		const ben = await rooms.socket(dialogue, { userId: 2, client: 22 });
		await ana.sync();
		await ben.sync();
		ben.send(entry(22, 1, { long: 'x'.repeat(4096) }), entry(22, 2, { here: 'Ben' }));
		await until(() => told(ana).length > 0);
		expect(told(ana)).toMatchObject([{ client: 22, state: { here: 'Ben' } }]);
		ben.send(entry(22, 3, [1]));
		await until(() => ben.closed !== null);
		expect(ben.closed?.code).toBe(4400);
		await until(() => told(ana).length === 2);
		expect(told(ana)[1]).toEqual({ client: 22, state: null });
	});

	test('[ROOM-50] whatever a client writes about itself, others read what the server says', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.socket(dialogue, { userId: 1, client: 11 });
		await ana.sync();
		const ben = await rooms.socket(dialogue, { userId: 2, name: 'Ben', client: 22 });
		await ben.sync();
		const texts = [
			'{}',
			'{ \n           }',
			'{"user":{"name":"Ana"}}',
			'{"a":"}","\\u0075ser":1} ',
			'{"文":"🙂"}',
		];
		for (const [clock, text] of texts.entries()) {
			const before = told(ana).length;
			const state = new TextEncoder().encode(text);
			ben.send(writeAwareness([{ client: 22, clock: clock + 1, state }]));
			await until(() => told(ana).length > before);
			expect(told(ana).at(-1)?.state).toMatchObject({ user: { id: '2', name: 'Ben' } });
		}
		expect(told(ana).at(-1)?.state).toMatchObject({ 文: '🙂' });
		const latin1 = Uint8Array.from(Buffer.from('{"a":"ü"}', 'latin1'));
		ben.send(writeAwareness([{ client: 22, clock: 99, state: latin1 }]));
		await until(() => ben.closed !== null);
		expect(ben.closed?.code).toBe(4400);
	});

	test('[ROOM-55] only the newest of a client goes out in a beat', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.socket(dialogue, { userId: 1, client: 11 });
		const ben = await rooms.socket(dialogue, { userId: 2, client: 22 });
		await ana.sync();
		await ben.sync();
		const { appends } = rooms.db;
		const release = rooms.db.hold();
		const write = rooms.hub.write(dialogue, 0, (doc) => turnText(doc, TURN)?.insert(0, 'x'));
		await until(() => rooms.db.appends > appends);
		for (let step = 1; step <= 5; step++) ana.send(entry(11, step, { step }));
		ana.send(Uint8Array.of(0, 2, 2, 0, 0)); // acked after those were heard
		await new Promise((resolve) => {
			ana.ws.once('pong', resolve);
			ana.ws.ping();
		});
		release();
		await write;
		await until(() => told(ben).length > 0 && ana.kinds().filter((kind) => kind === 'durable').length === 2);
		expect(told(ben)).toMatchObject([{ client: 11, state: { step: 5 } }]);
	});

	test('[ROOM-56] a part that changed shows at once', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1 }).ready();
		await rooms.guest(dialogue, { userId: 2, part: 'observer' }).ready();
		await until(() => ana.others.length === 1);
		await rooms.hub.recheck({ userId: 2 }, () => Promise.resolve({ part: 'reviewer' }));
		await until(() => (ana.others[0]?.['user'] as { part?: string }).part === 'reviewer');
		expect(rooms.hub.peersOf(dialogue)[1]).toMatchObject({ userId: 2, part: 'reviewer' });
	});

	test('[TOGETHER-3] a hand is raised in the list only where a tab says exactly that, and goes with the tab', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const hand = () => rooms.hub.peersOf(dialogue).map((present) => present.hand);
		const ana = await rooms.socket(dialogue, { userId: 1, client: 11 });
		const tab = await rooms.socket(dialogue, { userId: 1, client: 12 });
		const ben = await rooms.socket(dialogue, { userId: 2, client: 22 });
		for (const one of [ana, tab, ben]) await one.sync();
		const said = [1, 'true', [true], { raised: true }, null, false];
		for (const [clock, nonsense] of said.entries()) {
			ana.send(entry(11, clock + 1, { hand: nonsense, clock }));
			await until(() => told(ben).some(({ state }) => (state as { clock?: number }).clock === clock));
			expect(hand()).toEqual([false, false]);
		}
		ana.send(entry(11, 50, { hand: true }));
		await until(() => hand()[0] === true);
		tab.send(entry(12, 1, { hand: false }));
		await until(() => told(ben).some(({ client }) => client === 12));
		expect(hand()).toEqual([true, false]);
		ana.ws.close();
		await until(() => hand()[0] === false);
	});

	test('[ROOM-57] who asks who is here is told, without itself', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const ana = await rooms.socket(dialogue, { userId: 1, client: 11 });
		const ben = await rooms.socket(dialogue, { userId: 2, client: 22 });
		await ana.sync();
		await ben.sync();
		ben.send(entry(22, 1, { here: 'Ben' }));
		ana.send(entry(11, 1, { here: 'Ana' }));
		await until(() => told(ana).length === 1 && told(ben).length === 1);
		ana.send(Uint8Array.of(3));
		await until(() => told(ana).length === 2);
		expect(told(ana)[1]).toMatchObject({ client: 22, state: { here: 'Ben' } });
	});
});
