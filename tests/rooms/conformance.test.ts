/** Stock y-websocket providers, several a dialogue, under what networks and servers do to them. */
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { rate, turnText } from '#lib/document/read-dialogue.ts';
import { draftOf } from '#lib/document/roots.ts';
import { describeRooms } from '../support/room-suite.ts';
import { FIRST_TEXT, TURN, until, type Rooms, type StockGuest } from '../support/rooms.ts';
import { writeSync } from '../support/write-messages.ts';

const agree = async (...guests: StockGuest[]) =>
	until(() => guests.every((guest) => guest.saved && guest.text === guests[0]?.text));
const apart = async (...guests: StockGuest[]) => {
	for (const { provider } of guests) provider.disconnect();
	await until(() => guests.every(({ provider }) => !provider.wsconnected));
};
const replayed = async (rooms: Rooms, dialogue: number) =>
	turnText(await rooms.replay(dialogue), TURN)?.toJSON();
const countOf = (text: string, part: string) => text.split(part).length - 1;

describeRooms('conformance', (open) => {
	const pair = async (rooms: Rooms) => {
		const dialogue = await rooms.dialogue();
		const ana = await rooms.guest(dialogue, { userId: 1, client: 'own' }).ready();
		const ben = await rooms.guest(dialogue, { userId: 2, part: 'reviewer' }).ready();
		return { dialogue, ana, ben };
	};

	test.each(['sent', 'heard'] as const)(
		'[SYNC-1] a connection cut at any message of a sync that is %s costs nothing',
		async (side) => {
			const rooms = await open();
			const { dialogue, ana, ben } = await pair(rooms);
			for (let nth = 1; nth <= 4; nth++) {
				await apart(ana);
				ana.type(`<a${nth}>`);
				ben.type(`<b${nth}>`, 0);
				ana.wire.cutAt(side, nth);
				ana.provider.connect();
				await until(() => ana.provider.wsconnected || ana.wire.cuts === nth);
				ana.type(`<c${nth}>`);
				await until(() => ana.wire.cuts === nth);
				await agree(ana, ben);
			}
			for (let nth = 1; nth <= 4; nth++)
				for (const who of ['a', 'b', 'c']) expect(countOf(ben.text, `<${who}${nth}>`)).toBe(1);
			expect(await replayed(rooms, dialogue)).toBe(ben.text);
		},
	);

	test('[SYNC-2] what people and the server do apart, in the same places, comes together as Yjs itself would have it', async () => {
		const rooms = await open();
		const { dialogue, ana, ben } = await pair(rooms);
		await apart(ana, ben);
		ana.type('AAA', 2);
		ben.type('BBB', 2);
		turnText(ana.doc, TURN)?.delete(0, 4);
		turnText(ben.doc, TURN)?.delete(1, 3);
		rate(ana.doc, 1, TURN, 'helpful', { value: 3 });
		rate(ben.doc, 2, TURN, 'helpful', { value: 2 });
		draftOf(ana.doc).insert(0, 'from Ana');
		draftOf(ben.doc).insert(0, 'from Ben');
		await rooms.hub.write(dialogue, 0, (doc) => turnText(doc, TURN)?.insert(2, 'SSS'));
		const merged = new Y.Doc();
		for (const doc of [await rooms.replay(dialogue), ana.doc, ben.doc])
			Y.applyUpdate(merged, Y.encodeStateAsUpdate(doc));
		for (const { provider } of [ben, ana]) provider.connect();
		const contentOf = (doc: Y.Doc) => [turnText(doc, TURN), draftOf(doc), doc.getMap('ratings')].map(String);
		const state = (doc: Y.Doc) => Y.encodeSnapshot(Y.snapshot(doc));
		await agree(ana, ben);
		for (const doc of [ana.doc, ben.doc, await rooms.replay(dialogue)]) {
			expect(contentOf(doc)).toEqual(contentOf(merged));
			expect(state(doc)).toEqual(state(merged));
		}
	});

	test('[SYNC-3] who comes while others type misses nothing, and nothing reaches them before what it builds on', async () => {
		const rooms = await open();
		const { dialogue, ana, ben } = await pair(rooms);
		const late: StockGuest[] = [];
		for (let word = 0; word < 200; word++) {
			ana.type(`a${word} `);
			ben.type(`b${word} `, 0);
			if (word % 30 === 10)
				late.push(rooms.guest(dialogue, { userId: 10 + word, part: word < 100 ? 'observer' : 'reviewer' }));
			if (word % 5 === 0) await until(() => ana.saved);
			if (word === 100) await late[0]?.ready();
		}
		await agree(ana, ben, ...late);
		expect(late.map(({ gaps }) => gaps)).toEqual(late.map(() => 0));
		expect(late[0]?.ledger.counts.told).toBeGreaterThan(1); // not all at once
		expect(await replayed(rooms, dialogue)).toBe(ana.text);
	});

	test('[SYNC-4] over restarts, reloads and departures everybody sees exactly who is here', async () => {
		const rooms = await open();
		const dialogue = await rooms.dialogue();
		const enter = (userId: number) => {
			const guest = rooms.guest(dialogue, { userId, name: `user ${userId}`, client: 'own' });
			// Without the renewals of stock clients, which would mend what is wrong after 15 s.
			clearInterval(guest.provider.awareness._checkInterval as NodeJS.Timeout);
			return guest;
		};
		const seen = (guest: StockGuest) =>
			guest.others.map((state) => (state['user'] as { id: string } | undefined)?.id ?? '?').sort();
		/** Everyone here sees all the others, once for each of their tabs. */
		const exactly = (here: Map<StockGuest, string>) =>
			until(() =>
				[...here.keys()].every((guest) => {
					const others = [...here].filter(([other]) => other !== guest).map(([, id]) => id);
					return seen(guest).join() === others.sort().join();
				}),
			);
		const [ana, ben, cem] = [enter(1), enter(2), enter(3)];
		const here = new Map([ana, ben, cem].map((guest, index) => [guest, String(index + 1)]));
		await exactly(here);

		rooms.kill();
		await until(() => !ana.provider.wsconnected && !cem.provider.wsconnected);
		expect(seen(ana)).toEqual([]);
		cem.leave(); // while nobody is there to tell the others
		here.delete(cem);
		rooms.restart();
		await exactly(here);

		const tab = enter(1);
		here.set(tab, '1');
		await exactly(here);
		ana.leave();
		here.delete(ana);
		await exactly(here);

		const { awareness } = tab.provider;
		awareness.setLocalState(null);
		await until(() => seen(ben).length === 0);
		awareness.setLocalState({ focus: TURN });
		await exactly(here);
		tab.wire.cut();
		await until(() => seen(ben).length === 0 && tab.closes.length > 0);
		await exactly(here);
	});

	test.each(['before', 'after'] as const)(
		'[SYNC-5] a server killed %s it stored what came: the providers bring it, and it stands once',
		async (when) => {
			const rooms = await open();
			const { dialogue, ana, ben } = await pair(rooms);
			ana.type('|');
			await agree(ana, ben); // her client id is known: rows are stored by themselves from now on
			const { appends } = rooms.db;
			if (when === 'before') rooms.db.hold();
			else rooms.db.silence();
			ana.type('new');
			await until(() => rooms.db.appends > appends);
			if (when === 'after')
				await until(async () => (await replayed(rooms, dialogue)) === `${FIRST_TEXT}|new`);
			rooms.kill();
			await until(() => !ana.provider.wsconnected && !ben.provider.wsconnected);
			expect(ben.text).toBe(`${FIRST_TEXT}|`);
			expect(await replayed(rooms, dialogue)).toBe(`${FIRST_TEXT}|${when === 'after' ? 'new' : ''}`);
			ben.type('meanwhile ', 0);
			rooms.restart();
			await agree(ana, ben);
			expect(ana.text).toBe(`meanwhile ${FIRST_TEXT}|new`);
			expect(await replayed(rooms, dialogue)).toBe(ana.text);
		},
	);

	test('[SYNC-6] a step 1 is answered with what it lacks, however often it is asked', async () => {
		const rooms = await open();
		const { dialogue, ana } = await pair(rooms);
		const bare = await rooms.socket(dialogue, { userId: 3, part: 'observer' });
		await bare.sync();
		const vector = Y.encodeStateVector(bare.doc());
		ana.type('!');
		await until(() => bare.kinds().includes('update'));
		bare.heard.splice(0);
		bare.send(writeSync('step 1', Uint8Array.of(0)));
		await until(() => bare.kinds().includes('step 2'));
		expect(turnText(bare.doc(), TURN)?.toJSON()).toBe(`${FIRST_TEXT}!`);
		bare.heard.splice(0);
		bare.send(writeSync('step 1', vector));
		await until(() => bare.kinds().includes('step 2'));
		const [answer] = bare.heard.flatMap((message) => ('update' in message ? [message.update] : []));
		const copy = await rooms.replay(dialogue);
		expect(answer).toEqual(Y.encodeStateAsUpdate(copy, vector));
	});
});
