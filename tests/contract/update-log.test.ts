import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StoredDialogues, type Snapshot } from '../../server/store/stored-dialogues.ts';
import { NoSuchDialogue, packUpdates, UpdateLog } from '../../server/store/update-log.ts';
import { ENGINES, type FreshDatabase } from '../support/databases.ts';

const row = (author: number, ...values: number[]) => ({
	author,
	body: Uint8Array.from(packUpdates([Uint8Array.from(values)])),
});

describe.each(ENGINES)('the update log on $engine', ({ open }) => {
	let fresh: FreshDatabase;
	let log: UpdateLog;
	let stored: StoredDialogues;
	let last = 0;
	beforeAll(async () => {
		fresh = await open();
		log = new UpdateLog(fresh.db);
		stored = new StoredDialogues(fresh.db);
	});
	afterAll(() => fresh.close());

	const dialogue = async (): Promise<number> => {
		await fresh.db.query('insert into head (dialogue) values ($1)', [++last]);
		return last;
	};
	const written = async (id: number) =>
		(await log.rowsOf(id, 0, 100)).map(({ seq, author, body }) => ({
			seq,
			author,
			body: Uint8Array.from(body),
		}));

	test('[LOG-2] one append numbers the rows of every dialogue from its own head, without a gap', async () => {
		const [a, b] = [await dialogue(), await dialogue()];
		await log.append([{ dialogue: a, rows: [row(1, 1)] }]);
		const heads = await log.append([
			{ dialogue: a, rows: [row(1, 2), row(-7, 3)] },
			{ dialogue: b, rows: [row(0, 4)] },
		]);
		expect(heads).toEqual(new Map([[a, 3], [b, 1]])); // prettier-ignore
		expect(await written(a)).toEqual([
			{ seq: 1, ...row(1, 1) },
			{ seq: 2, ...row(1, 2) },
			{ seq: 3, ...row(-7, 3) },
		]);
		expect(await written(b)).toEqual([{ seq: 1, ...row(0, 4) }]);
	});

	test('[LOG-2] appends that run at the same time leave no gap and lose no row', async () => {
		const id = await dialogue();
		const values = Array.from({ length: 20 }, (_, index) => index);
		await Promise.all(
			values.map((value) => log.append([{ dialogue: id, rows: [row(1, value), row(2, value)] }])),
		);
		const rows = await written(id);
		expect(rows.map((r) => r.seq)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
		expect(rows.map((r) => r.body[1]).sort((a = 0, b = 0) => a - b)).toEqual(
			values.flatMap((value) => [value, value]),
		);
	});

	test('[LOG-3] an effect is stored with the rows or not at all', async () => {
		const id = await dialogue();
		const mark = (client: number) => ({
			sql: 'insert into client_owner (dialogue, client, user_id) values ($1, $2, 1)',
			values: [id, client],
		});
		await log.append([{ dialogue: id, rows: [row(1, 1)] }], async (tx) => {
			await tx.query(mark(10).sql, mark(10).values);
		});
		const failing = log.append([{ dialogue: id, rows: [row(1, 2)] }], async (tx) => {
			await tx.query(mark(11).sql, mark(11).values);
			throw new Error('the effect fails');
		});
		await expect(failing).rejects.toThrow('the effect fails');
		expect((await written(id)).length).toBe(1);
		expect([...((await stored.load(id))?.clients.keys() ?? [])]).toEqual([10]);
	});

	test('[LOG-3] an effect without rows is stored too', async () => {
		const id = await dialogue();
		const heads = await log.append([{ dialogue: id, rows: [] }], async (tx) => {
			await log.bindClient(id, 5, 9, tx);
		});
		expect(heads).toEqual(new Map([[id, 0]]));
		expect((await stored.load(id))?.clients).toEqual(new Map([[5, 9]]));
	});

	test('[LOG-4] a dialogue that the log does not know takes no rows, and does not keep others from theirs', async () => {
		const id = await dialogue();
		const heads = await log.append([
			{ dialogue: 999_999, rows: [row(1, 1)] },
			{ dialogue: id, rows: [row(1, 1)] },
		]);
		expect(heads).toEqual(new Map([[id, 1]]));
		expect(await written(999_999)).toEqual([]);
		expect(await stored.load(999_999)).toBeNull();
		const alone = log.append([{ dialogue: 999_999, rows: [row(1, 1)] }], () => Promise.resolve());
		await expect(alone).rejects.toThrow(NoSuchDialogue);
	});

	const snapshotAt = (seq: number, state: number): Snapshot => ({
		seq,
		state: Uint8Array.of(state),
		vector: Uint8Array.of(0),
		deletes: 1,
		summary: { members: { 7: { name: '李', part: 'annotator', color: 3 } }, generating: false },
	});

	test('[LOG-5] a dialogue is loaded as its snapshot and the rows after it, many at once', async () => {
		const [id, other] = [await dialogue(), await dialogue()];
		expect(await stored.load(id)).toEqual({ head: 0, snapshot: null, tail: [], clients: new Map() });
		await log.append([{ dialogue: id, rows: [row(1, 1), row(2, 2), row(3, 3)] }]);
		await stored.keep(id, snapshotAt(2, 42));
		const [loaded, another, none] = await Promise.all([id, other, 999_999].map((one) => stored.load(one)));
		expect(loaded).toMatchObject({ head: 3, snapshot: { seq: 2, deletes: 1 }, tail: [{ author: 3 }] });
		expect(loaded?.snapshot?.summary).toEqual(snapshotAt(2, 42).summary);
		expect(loaded?.snapshot && Uint8Array.from(loaded.snapshot.state)).toEqual(Uint8Array.of(42));
		expect(another?.head).toBe(0);
		expect(none).toBeNull();
	});

	test('[LOG-6] a snapshot never goes back', async () => {
		const id = await dialogue();
		await log.append([{ dialogue: id, rows: [row(1, 1), row(2, 2)] }]);
		await stored.keep(id, snapshotAt(2, 2));
		await stored.keep(id, snapshotAt(1, 1));
		expect((await stored.load(id))?.snapshot?.seq).toBe(2);
	});

	test('[LOG-7] a client id is bound once, for good', async () => {
		const [a, b] = [await dialogue(), await dialogue()];
		expect(await log.bindClient(a, 0xffffffff, 1)).toBe(true);
		expect(await log.bindClient(a, 0xffffffff, 1)).toBe(true);
		expect(await log.bindClient(a, 0xffffffff, 2)).toBe(false);
		expect(await log.bindClient(b, 0xffffffff, 2)).toBe(true);
		expect((await stored.load(a))?.clients).toEqual(new Map([[0xffffffff, 1]]));
	});

	test('[LOG-8] whether a row is stored can be asked', async () => {
		const id = await dialogue();
		await log.append([{ dialogue: id, rows: [row(1, 1)] }]);
		expect(await log.holds(id, 1, row(1, 1))).toBe(true);
		expect(await log.holds(id, 1, row(2, 1))).toBe(false);
		expect(await log.holds(id, 1, row(1, 2))).toBe(false);
		expect(await log.holds(id, 2, row(1, 1))).toBe(false);
	});

	test('[LOG-9] rows are read in pages, with their time', async () => {
		const id = await dialogue();
		await log.append([{ dialogue: id, rows: [row(1, 1), row(1, 2), row(1, 3)] }]);
		const page = await log.rowsOf(id, 1, 1);
		expect(page).toMatchObject([{ seq: 2, author: 1 }]);
		expect(page[0]?.at).toBeInstanceOf(Date);
	});
});
