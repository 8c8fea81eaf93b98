/** As Yjs tests itself (`applyRandomTests`), through sockets, rooms and a log that a killed server leaves behind. */
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { DialogueCopy } from '../../server/rooms/dialogue-copy.ts';
import { Editing, wholeOf } from '../support/editing.ts';
import { random, type Random } from '../support/random.ts';
import { describeRooms } from '../support/room-suite.ts';
import { TURN, until, type Rooms, type StockGuest } from '../support/rooms.ts';

const STEPS = 400;
const SEEDS = [1, Date.now() % 1e9]; // pinned failures first, then a fresh one

/** One dialogue: four tabs of three people, and somebody who only looks. */
class Table {
	readonly dialogue: number;
	readonly guests: StockGuest[];
	readonly watcher: StockGuest;
	readonly hands: Editing[];
	readonly mark: string;

	constructor(rooms: Rooms, dialogue: number, dice: Random, mark: string) {
		this.dialogue = dialogue;
		this.mark = mark;
		const enter = (userId: number) =>
			rooms.guest(dialogue, {
				userId,
				part: userId === 1 ? 'annotator' : 'reviewer',
				...(dice.chance(0.5) && { client: 'own' }),
			});
		this.watcher = rooms.guest(dialogue, { userId: 9, part: 'observer' });
		this.guests = [1, 1, 2, 3].map(enter);
		this.hands = this.guests.map(
			(guest, index) => new Editing(guest.doc, [1, 1, 2, 3][index] ?? 0, TURN, dice),
		);
	}

	get everyone(): StockGuest[] {
		return [this.watcher, ...this.guests];
	}
}

/** Kills the hub; before the next one stands, what was promised must be in the log, as nobody can bring it yet. */
async function killed(rooms: Rooms, tables: readonly Table[]): Promise<void> {
	const everyone = tables.flatMap((table) => table.everyone);
	for (const { wire } of everyone) wire.flow();
	rooms.kill();
	await until(() => everyone.every(({ provider }) => !provider.wsconnected));
	for (const { dialogue, everyone } of tables) {
		const replay = await rooms.replay(dialogue);
		expect(everyone.flatMap(({ ledger }) => ledger.lackingIn(replay))).toEqual([]);
	}
}

async function converged(rooms: Rooms, { dialogue, everyone, watcher, guests }: Table): Promise<void> {
	const same = (doc: Y.Doc) => Buffer.from(Y.encodeSnapshot(Y.snapshot(doc))).toString('base64');
	await until(
		() => everyone.every((one) => one.saved) && new Set(everyone.map(({ doc }) => same(doc))).size === 1,
	);
	const replay = wholeOf(await rooms.replay(dialogue));
	for (const { doc } of everyone) expect(wholeOf(doc)).toEqual(replay);
	const stored = await rooms.stored.load(dialogue);
	expect(stored && wholeOf(new DialogueCopy(stored).wake())).toEqual(replay);
	const heard = new Y.Doc();
	Y.applyUpdate(heard, watcher.ledger.everythingTold());
	expect(wholeOf(heard)).toEqual(replay);
	expect(guests.flatMap(({ closes }) => closes).filter((code) => code >= 4000)).toEqual([]);
}

describeRooms('convergence', (open) => {
	test.each(SEEDS)(
		'[SYNC-7] whatever people do, and whatever becomes of connections and servers, all copies and the log agree (seed %i)',
		async (seed) => {
			const dice = random(seed);
			const rooms = await open({ timing: { retryEvery: 2, unloadAfter: 5, tendEvery: 5 } });
			const tables = [
				new Table(rooms, await rooms.dialogue(), dice, 'x'),
				new Table(rooms, await rooms.dialogue(), dice, 'y'),
			];
			let kills = 0;
			for (let step = 0; step < STEPS; step++) {
				const { guests, hands, mark } = dice.pick(tables);
				const { provider, wire } = dice.pick(guests);
				const action = dice.int(100);
				if (action < 3) provider.disconnect();
				else if (action < 7) provider.connect();
				else if (action < 9) wire.cut();
				else if (action < 12) wire.stall();
				else if (action < 17) wire.flow();
				else if (action < 19) {
					if (dice.chance(0.5)) rooms.db.hold();
					for (let left = dice.int(8); left > 0; left--) dice.pick(hands).act(mark);
					await pause(dice.int(30));
					await killed(rooms, tables);
					for (let left = dice.int(8); left > 0; left--) dice.pick(hands).act(mark);
					rooms.restart();
					kills++;
				} else dice.pick(hands).act(mark);
				if (dice.chance(0.3)) await pause(dice.int(8));
			}
			for (const { wire, provider } of tables.flatMap(({ everyone }) => everyone)) {
				wire.flow();
				provider.connect();
			}
			for (const table of tables) await converged(rooms, table);
			const texts = tables.map(({ watcher }) => JSON.stringify(wholeOf(watcher.doc)));
			expect([texts[0]?.includes('y字'), texts[1]?.includes('x字')]).toEqual([false, false]);
			// The run was worth something.
			expect(kills).toBeGreaterThan(0);
			expect(
				tables.flatMap(({ hands }) => hands).reduce((sum, { undone }) => sum + undone, 0),
			).toBeGreaterThan(0);
		},
	);
});
