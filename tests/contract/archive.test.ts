import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FOLD_ROWS } from '../../server/store/archive.ts';
import type { Database, Queries } from '../../server/store/database.ts';
import { logSizes } from '../../server/store/log-sizes.ts';
import { StoredDialogues } from '../../server/store/stored-dialogues.ts';
import {
	archiveWorldOn,
	expectedRows,
	nthRow,
	plainRows,
	type ArchiveWorld,
} from '../support/archive-world.ts';
import { ENGINES, type FreshDatabase } from '../support/databases.ts';

describe.each(ENGINES)('the archive on $engine', ({ open }) => {
	let fresh: FreshDatabase;
	let db: Database;
	let world: ArchiveWorld;
	beforeAll(async () => {
		fresh = await open();
		db = fresh.db;
		world = archiveWorldOn(db);
	});
	afterAll(() => fresh.close());

	/** A dialogue with so many rows, of which the snapshot holds so many. */
	async function dialogue(rows: number, held: number): Promise<number> {
		const id = await world.dialogue();
		await world.append(id, rows);
		if (held > 0) await world.snapshot(id, held);
		return id;
	}
	const replayed = async (id: number) => plainRows(await world.log.rowsOf(id, 0, 10_000));

	describe('folding', () => {
		test('[ARCHIVE-4] takes the oldest rows that the snapshot holds, and no newer one', async () => {
			const id = await dialogue(10, 6);
			const archive = world.archive({ rows: 4 });
			expect(await archive.fold(id)).toBe(4);
			expect(await world.kept(id)).toEqual({ archived: [[1, 4]], logged: [5, 6, 7, 8, 9, 10] });
			expect(await archive.fold(id)).toBe(2);
			expect(await archive.fold(id)).toBe(0);
			expect(await world.kept(id)).toEqual({ archived: [[1, 4], [5, 6]], logged: [7, 8, 9, 10] }); // prettier-ignore
			expect(await replayed(id)).toEqual(expectedRows(1, 10));
		});

		test('[ARCHIVE-4] takes nothing without a snapshot', async () => {
			const id = await dialogue(3, 0);
			expect(await world.archive().fold(id)).toBe(0);
			expect(await world.kept(id)).toEqual({ archived: [], logged: [1, 2, 3] });
		});

		test('[ARCHIVE-4] is bounded in bytes; a larger row goes by itself', async () => {
			const id = await world.dialogue();
			const sized = [40, 40, 40, 500, 500, 10, 10, 0].map((size) => ({
				author: 1,
				body: Buffer.alloc(size),
			}));
			await world.log.append([{ dialogue: id, rows: sized }]);
			await world.snapshot(id, 8);
			const archive = world.archive({ bytes: 100 });
			while ((await archive.fold(id)) > 0);
			expect((await world.kept(id)).archived).toEqual([[1, 2], [3, 3], [4, 4], [5, 5], [6, 8]]); // prettier-ignore
			expect((await world.log.rowsOf(id, 0, 9)).map(({ body }) => body.length)).toEqual(
				sized.map(({ body }) => body.length),
			);
		});

		test('[ARCHIVE-4] says from when to when its rows are, whatever way the clock went', async () => {
			const id = await dialogue(3, 3);
			const day = (n: number) => new Date(Date.UTC(2026, 0, n));
			for (const [nth, at] of [day(3), day(1), day(2)].entries())
				await db.query('update update_log set at = $1 where dialogue = $2 and seq = $3', [at, id, nth + 1]);
			await world.archive().fold(id);
			const [archived] = await db.query('select rows, from_at, to_at from archive where dialogue = $1', [id]);
			expect(archived).toEqual({ rows: 3, from_at: day(1), to_at: day(3) });
			expect((await world.log.rowsOf(id, 0, 3)).map(({ at }) => at)).toEqual([day(3), day(1), day(2)]);
		});
	});

	describe('a fold that fails', () => {
		/** A database whose transactions go wrong; nothing else does. */
		const failing = (run: (tx: Queries, work: (tx: Queries) => Promise<unknown>) => Promise<unknown>) => ({
			...db,
			transaction: <T>(work: (tx: Queries) => Promise<T>) =>
				db.transaction(async (tx) => (await run(tx, work)) as T),
		});

		test('[ARCHIVE-5] leaves every row where it was, wherever it fails', async () => {
			const id = await dialogue(5, 5);
			let statements = Infinity;
			for (let upTo = 0; upTo < statements; upTo++) {
				let asked = 0;
				const node = failing(async (tx, work) => {
					await work({
						prepared: (name, text, values) => tx.prepared(name, text, values),
						query: (text, values) => {
							if (asked++ === upTo) throw new Error('the connection breaks');
							return tx.query(text, values);
						},
					});
					statements = asked;
					throw new Error('the commit fails');
				});
				const outcome = world.archive({}, node).fold(id);
				await expect(outcome).rejects.toThrow(/the connection breaks|the commit fails/);
				expect(await world.kept(id)).toEqual({ archived: [], logged: [1, 2, 3, 4, 5] });
			}
			expect(await world.archive().fold(id)).toBe(5);
			expect(await replayed(id)).toEqual(expectedRows(1, 5));
		});

		test('[ARCHIVE-5] after its commit has doubled and lost nothing', async () => {
			const id = await dialogue(5, 5);
			const node: Database = {
				...db,
				transaction: async (work) => {
					await db.transaction(work);
					throw new Error('the answer is lost');
				},
			};
			await expect(world.archive({}, node).fold(id)).rejects.toThrow('the answer is lost');
			expect(await world.archive().fold(id)).toBe(0);
			expect(await world.kept(id)).toEqual({ archived: [[1, 5]], logged: [] });
			expect(await replayed(id)).toEqual(expectedRows(1, 5));
		});
	});

	/** Nodes that all have read what they fold before any of them may move it. */
	function nodes(count: number): Database[] {
		let waiting = 0;
		const { promise: all, resolve } = Promise.withResolvers<void>();
		return Array.from({ length: count }, () => ({
			...db,
			transaction: async (work) => {
				if (++waiting === count) resolve();
				await all;
				return db.transaction(work);
			},
		}));
	}

	test('[ARCHIVE-6] of nodes that fold the same rows at once, one does', async () => {
		const id = await dialogue(12, 12);
		const moved = await Promise.all(nodes(3).map((node) => world.archive({ rows: 8 }, node).fold(id)));
		expect(moved.sort()).toEqual([0, 0, 8]);
		expect(await world.kept(id)).toEqual({ archived: [[1, 8]], logged: [9, 10, 11, 12] });
		expect(await replayed(id)).toEqual(expectedRows(1, 12));
	});

	test('[ARCHIVE-6] of nodes that fold more and less of them at once, one does', async () => {
		const id = await dialogue(12, 12);
		const moved = await Promise.all(
			nodes(3).map((node, nth) => world.archive({ rows: 4 + nth }, node).fold(id)),
		);
		expect(moved.filter((rows) => rows > 0).length).toBe(1);
		expect(await replayed(id)).toEqual(expectedRows(1, 12));
	});

	test('[ARCHIVE-7] pages go over archive and log as over one sequence', async () => {
		const id = await dialogue(12, 6);
		const archive = world.archive({ rows: 4 });
		while ((await archive.fold(id)) > 0);
		for (let after = 0; after <= 13; after++)
			for (let limit = 0; limit <= 13; limit++) {
				const page = plainRows(await world.log.rowsOf(id, after, limit));
				expect(page).toEqual(expectedRows(after + 1, Math.min(12, after + limit)));
			}
	});

	test('[ARCHIVE-7] a fold between two pages skips and repeats nothing', async () => {
		const id = await dialogue(20, 16);
		const archive = world.archive({ rows: 3 });
		const read = [];
		for (let page; page === undefined || page.length > 0; read.push(...page)) {
			page = await world.log.rowsOf(id, read.length, 2);
			await archive.fold(id);
		}
		expect(plainRows(read)).toEqual(expectedRows(1, 20));
	});

	/** The reading of a node that is interrupted between the two queries of a load. */
	const interrupted = (meanwhile: () => Promise<void>) =>
		new StoredDialogues({
			...db,
			prepared: async (name, text, values) => {
				if (name === 'stored-tails') await meanwhile();
				return db.prepared(name, text, values);
			},
		});

	test.each([
		['all rows that it lacks', 20, 20],
		['some of the rows that it lacks', 17, 20],
		['all of them, and more come', 20, 25],
		['some of them, and more come', 17, 25],
	])('[ARCHIVE-8] a load that a snapshot and a fold of %s interrupt is whole', async (_, held, head) => {
		const id = await dialogue(20, 10);
		const stored = await interrupted(async () => {
			await world.append(id, head - 20);
			await world.snapshot(id, held);
			await world.archive().fold(id);
		}).load(id);
		expect(stored).toMatchObject({ snapshot: { seq: 10 }, head });
		expect(plainRows(stored?.tail ?? [], 11)).toEqual(expectedRows(11, head));
	});

	test('[ARCHIVE-9] a row that was folded meanwhile is known as stored, and no other row for it', async () => {
		const id = await dialogue(6, 5);
		await world.archive({ rows: 3 }).fold(id);
		for (let seq = 1; seq <= 6; seq++) {
			const row = nthRow(seq);
			expect(await world.log.holds(id, seq, row)).toBe(true);
			expect(await world.log.holds(id, seq, { ...row, author: 9 })).toBe(false);
			expect(await world.log.holds(id, seq, { ...row, body: row.body.slice(1) })).toBe(false);
		}
		expect(await world.log.holds(id, 7, nthRow(7))).toBe(false);
	});

	test('[ARCHIVE-10] worth folding are many rows, or any in which nobody has written for an hour', async () => {
		const age = (id: number, minutes: number) =>
			db.query(`update snapshot set at = now() - $2 * interval '1 minute' where dialogue = $1`, [
				id,
				minutes,
			]);
		const many = await dialogue(FOLD_ROWS + 1, FOLD_ROWS);
		const few = await dialogue(FOLD_ROWS + 1, FOLD_ROWS - 1);
		const left = await dialogue(2, 1);
		const recent = await dialogue(2, 1);
		const folded = await dialogue(2, 2);
		await age(left, 61);
		await age(recent, 59);
		await age(folded, 61);
		await world.archive().fold(folded);

		const ours = [many, few, left, recent, folded];
		const worth = async () =>
			(await world.archive().worthFolding(1000)).filter((id) => ours.includes(id)).sort((a, b) => a - b);
		expect(await worth()).toEqual([many, left]);
		expect((await world.archive().worthFolding(1)).length).toBeLessThanOrEqual(2);
		for (const id of [many, left]) await world.archive().fold(id);
		expect(await worth()).toEqual([]);
		await age(few, 61);
		expect(await worth()).toEqual([few]);
	});

	test('[ARCHIVE-11] a lost snapshot costs nothing: the dialogue loads from its first row, and is folded on', async () => {
		const id = await dialogue(8, 5);
		await world.archive().fold(id);
		await db.query('delete from snapshot where dialogue = $1', [id]);
		const stored = await world.stored.load(id);
		expect(stored).toMatchObject({ head: 8, snapshot: null });
		expect(plainRows(stored?.tail ?? [])).toEqual(expectedRows(1, 8));

		await world.snapshot(id, 7);
		expect(await world.archive().fold(id)).toBe(2);
		expect(await world.kept(id)).toEqual({ archived: [[1, 5], [6, 7]], logged: [8] }); // prettier-ignore
	});

	test('[ARCHIVE-11] a snapshot that comes back holding only what is archived is not asked for again and again', async () => {
		const id = await dialogue(5, 5);
		await world.archive().fold(id);
		await db.query('delete from snapshot where dialogue = $1', [id]);
		await world.snapshot(id, 5);
		await db.query(`update snapshot set at = now() - interval '2 hours' where dialogue = $1`, [id]);
		expect(await world.archive().worthFolding(1000)).toContain(id);
		expect(await world.archive().fold(id)).toBe(0);
		expect(await world.archive().worthFolding(1000)).not.toContain(id);
	});

	test('[ARCHIVE-12] rows that are nowhere are an error, and nothing is folded over the gap', async () => {
		const id = await dialogue(12, 10);
		await world.archive({ rows: 3 }).fold(id);
		const lose = (seq: number) =>
			db.query('delete from update_log where dialogue = $1 and seq = $2', [id, seq]);
		await lose(8);
		await expect(world.archive().fold(id)).rejects.toThrow(`dialogue ${id} has row 9 where 8 should be`);
		await expect(world.log.rowsOf(id, 0, 20)).rejects.toThrow(`dialogue ${id} has row 9 where 8 should be`);
		await lose(4);
		await expect(world.archive({ rows: 2 }).fold(id)).rejects.toThrow(`has row 5 where 4 should be`);
		expect(await world.kept(id)).toEqual({ archived: [[1, 3]], logged: [5, 6, 7, 9, 10, 11, 12] });
		expect(plainRows((await world.stored.load(id))?.tail ?? [], 11)).toEqual(expectedRows(11, 12));
	});

	test('[ARCHIVE-13] how much log, archive and snapshots take up can be asked', async () => {
		const before = await logSizes(db);
		const id = await dialogue(1, 0);
		await world.log.append([{ dialogue: id, rows: [{ author: 1, body: Buffer.alloc(300_000) }] }]);
		await world.snapshot(id, 2, Buffer.alloc(200_000));
		await db.query('analyze update_log');
		const logged = await logSizes(db);
		expect(logged.logBytes - before.logBytes).toBeGreaterThanOrEqual(300_000);
		expect(logged.snapshotBytes - before.snapshotBytes).toBeGreaterThanOrEqual(200_000);
		const [counted] = await db.query<{ count: number }>('select count(*) from update_log');
		expect(logged.logRows).toBe(counted?.count);
		expect(logged.archiveBytes).toBeGreaterThan(0);
	});
});
