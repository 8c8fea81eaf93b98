import { pino, type Logger } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { turnText } from '#lib/document/read-dialogue.ts';
import { Compaction } from '../../server/rooms/compaction.ts';
import { Archive } from '../../server/store/archive.ts';
import { describeRooms } from '../support/room-suite.ts';
import { docFrom, FIRST_TEXT, TURN, until } from '../support/rooms.ts';

/** An archive in which so many folds of each dialogue are waiting; the test holds them back or lets them fail. */
class StubArchive {
	readonly waiting = new Map<number, number>();
	readonly failing = new Set<number>();
	readonly folded: number[] = [];
	asked = 0;
	underWay = 0;
	mostUnderWay = 0;
	#held: Promise<void> | null = null;

	hold(): () => void {
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#held = promise;
		return resolve;
	}
	worthFolding(): Promise<number[]> {
		this.asked++;
		if (this.failing.has(0)) return Promise.reject(new Error('the database is away'));
		return Promise.resolve([...this.waiting.keys()]);
	}
	async fold(dialogue: number): Promise<number> {
		this.mostUnderWay = Math.max(this.mostUnderWay, ++this.underWay);
		await this.#held;
		this.underWay--;
		if (this.failing.has(dialogue)) throw new Error(`dialogue ${dialogue} cannot be folded`);
		const left = (this.waiting.get(dialogue) ?? 0) - 1;
		if (left > 0) this.waiting.set(dialogue, left);
		else this.waiting.delete(dialogue);
		this.folded.push(dialogue);
		return 500;
	}
}

let archive: StubArchive;
let logged: { msg: string; dialogue?: number }[];
let logger: Logger;
let compaction: Compaction;
let busy: boolean;
beforeEach(() => {
	archive = new StubArchive();
	busy = false;
	logged = [];
	logger = pino({}, { write: (line: string) => void logged.push(JSON.parse(line) as (typeof logged)[0]) });
});
afterEach(() => compaction.close());

function start(roundEvery = 2): void {
	compaction = new Compaction({ archive, logger, timing: { roundEvery, pause: 0 }, busy: () => busy });
}

test('[ARCHIVE-20] a round folds one after the other until nothing is worth it', async () => {
	archive.waiting.set(1, 3).set(2, 1).set(3, 2);
	start();
	await until(() => archive.waiting.size === 0);
	expect(archive.folded).toEqual([1, 2, 3, 1, 3, 1]);
	expect(archive.mostUnderWay).toBe(1);
	const { asked } = archive;
	await until(() => archive.asked > asked + 1);
	archive.waiting.set(4, 1);
	await until(() => archive.folded.includes(4));
});

test('[ARCHIVE-21] a fold that fails is logged and keeps no other dialogue waiting', async () => {
	archive.waiting.set(1, 1).set(2, 2);
	archive.failing.add(1);
	start();
	await until(() => archive.folded.length === 2);
	expect(archive.folded).toEqual([2, 2]);
	expect(logged).toContainEqual(expect.objectContaining({ dialogue: 1 }));
	archive.failing.clear();
	await until(() => archive.folded.includes(1));
});

test('[ARCHIVE-21] a database that is away is logged and asked again', async () => {
	archive.waiting.set(1, 1);
	archive.failing.add(0);
	start();
	await until(() => archive.asked > 2);
	expect(logged.length).toBeGreaterThanOrEqual(2);
	archive.failing.clear();
	await until(() => archive.folded.includes(1));
});

test('[ARCHIVE-22] closing waits for the fold under way, and none begins after it', async () => {
	archive.waiting.set(1, 2).set(2, 2);
	const release = archive.hold();
	start();
	await until(() => archive.underWay === 1);
	let closed = false;
	const closing = compaction.close().then(() => (closed = true));
	await new Promise((resolve) => setImmediate(resolve));
	expect(closed).toBe(false);
	release();
	await closing;
	expect(archive.folded).toEqual([1]);
});

test('[ARCHIVE-22] closing between two rounds does not wait for the next', async () => {
	archive.waiting.set(1, 1);
	start(1e9);
	await compaction.close();
	expect(archive.asked).toBe(0);
});

test('[ARCHIVE-23] nothing is folded while the process is busy', async () => {
	archive.waiting.set(1, 3);
	busy = true;
	let looks = 0;
	compaction = new Compaction({
		archive,
		logger,
		timing: { roundEvery: 1, pause: 0 },
		busy: () => {
			looks++;
			return busy;
		},
	});
	await until(() => looks > 3);
	expect(archive.asked).toBe(0);
	busy = false;
	await until(() => archive.folded.length === 3);
});

describeRooms('compaction', (open) => {
	test('[ARCHIVE-24] people who come, type and go while their dialogue is folded find all that they typed', async () => {
		const rooms = await open({ timing: { unloadAfter: 5, tendEvery: 3 } });
		const dialogue = await rooms.dialogue();
		// Never asks whether it is worth it: folds whatever there is, on and on.
		const real = new Archive(rooms.db, { rows: 5 });
		let folds = 0;
		compaction = new Compaction({
			archive: {
				worthFolding: () => Promise.resolve([dialogue]),
				fold: async (id) => {
					const rows = await real.fold(id);
					if (rows > 0) folds++;
					return rows;
				},
			},
			logger,
			timing: { roundEvery: 1, pause: 0 },
			busy: () => false,
		});
		let typed = FIRST_TEXT;
		for (let visit = 0; visit < 8; visit++) {
			const guest = await rooms.guest(dialogue, { userId: 1 + (visit % 2) }).ready();
			expect(guest.text).toBe(typed);
			for (const letter of `v${visit}`) {
				guest.type(letter);
				typed += letter;
				await until(() => guest.saved);
			}
			guest.leave();
			if (visit % 3 > 0) await until(() => !rooms.hub.everyone().has(dialogue));
		}
		const before = folds;
		await until(async () => folds > before || (await rooms.stored.load(dialogue))?.tail.length === 0);
		const rows = await rooms.log.rowsOf(dialogue, 0, 10_000);
		const text = turnText(docFrom(rows.map(({ body }) => body)), TURN);
		expect(text?.toJSON()).toBe(typed);
		expect(folds).toBeGreaterThan(1);
	});
});
