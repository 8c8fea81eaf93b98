import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../server/store/database.ts';
import { ENGINES, type FreshDatabase } from '../support/databases.ts';

describe.each(ENGINES)('a database on $engine', ({ engine, openBare }) => {
	let fresh: FreshDatabase;
	let db: Database;

	beforeAll(async () => {
		fresh = await openBare();
		db = fresh.db;
		await db.query('create table note (id int8 primary key, body bytea, words text unique)');
	});
	afterAll(() => fresh.close());

	const idsFrom = async (first: number) =>
		(await db.query<{ id: number }>('select id from note where id >= $1 order by id', [first])).map(
			(row) => row.id,
		);

	test('[DB-1] an error carries its code, and the next query works', async () => {
		expect(db.engine).toBe(engine);
		await expect(db.query('select nothing_like_it()')).rejects.toMatchObject({ code: '42883' });
		await expect(db.query('select $1::int / 0 as x', [1])).rejects.toMatchObject({ code: '22012' });
		await expect(db.query('selekt')).rejects.toMatchObject({ code: '42601' });
		expect(await db.query('select $1::int as x', [7])).toEqual([{ x: 7 }]);
	});

	test('[DB-1] a unique violation names its constraint', async () => {
		await db.query('insert into note (id, words) values (1, $1)', ['once']);
		await expect(db.query('insert into note (id, words) values (2, $1)', ['once'])).rejects.toMatchObject({
			code: '23505',
			constraint: 'note_words_key',
		});
	});

	test('[DB-2] a transaction returns what its work returns, and is there afterwards', async () => {
		const returned = await db.transaction(async (tx) => {
			await tx.query('insert into note (id) values (10)');
			return (await tx.query<{ id: number }>('select id from note where id = 10'))[0]?.id;
		});
		expect(returned).toBe(10);
		expect(await idsFrom(10)).toEqual([10]);
	});

	test('[DB-2] a transaction whose work fails leaves nothing, and gives back the very error', async () => {
		const refusal = new Error('changed my mind');
		const attempt = db.transaction(async (tx) => {
			await tx.query('insert into note (id) values (20)');
			throw refusal;
		});
		await expect(attempt).rejects.toBe(refusal);
		await expect(
			db.transaction(async (tx) => {
				await tx.query('insert into note (id) values (21)');
				await tx.query('insert into note (id) values ($1)', [21]);
			}),
		).rejects.toMatchObject({ code: '23505' });
		expect(await idsFrom(20)).toEqual([]);
	});

	test('[DB-2] a transaction that swallowed a failed statement does not pass for committed', async () => {
		const attempt = db.transaction(async (tx) => {
			await tx.query('insert into note (id) values (30)');
			await tx.query('selekt').catch(() => undefined);
		});
		await expect(attempt).rejects.toThrow('rolled back');
		expect(await idsFrom(30)).toEqual([]);
	});

	test('[DB-3] a hundred queries at once each get their own answer', async () => {
		const answers = await Promise.all(
			Array.from({ length: 100 }, (_, i) => db.query<{ x: number }>('select $1::int8 as x', [i])),
		);
		expect(answers.map(([row]) => row?.x)).toEqual(Array.from({ length: 100 }, (_, i) => i));
	});

	test('[DB-3] transactions at once do not mix', async () => {
		await db.query('insert into note (id, words) values (40, $1)', ['0']);
		await Promise.all(
			Array.from({ length: 20 }, () =>
				db.transaction(async (tx) => {
					const [row] = await tx.query<{ words: string }>('select words from note where id = 40 for update');
					await tx.query('update note set words = $1 where id = 40', [String(Number(row?.words) + 1)]);
				}),
			),
		);
		expect(await db.query('select words from note where id = 40')).toEqual([{ words: '20' }]);
	});

	test('[DB-4] bytes, text of every script and null come back as they went in', async () => {
		const body = randomBytes(300_000);
		const words = 'naïve 对话 🙂 \\x00 \' "';
		await db.query('insert into note (id, body, words) values (50, $1, $2), (51, null, null)', [body, words]);
		const [full, empty] = await db.query<{ body: Buffer; words: string }>(
			'select body, words from note where id in (50, 51) order by id',
		);
		expect(full?.body.equals(body)).toBe(true);
		expect(full?.words).toBe(words);
		expect(empty).toEqual({ body: null, words: null });
	});

	test('[DB-4] arrays of bytes and of int8 go in and out', async () => {
		const bodies = [Buffer.from([0, 255]), Buffer.alloc(0), randomBytes(1000)];
		const [row] = await db.query<{ bodies: Buffer[]; ids: unknown }>(
			'select $1::bytea[] as bodies, $2::int8[] as ids',
			[bodies, [1, null, 9_007_199_254_740_991]],
		);
		expect(row?.bodies.map((body) => body.toString('hex'))).toEqual(
			bodies.map((body) => body.toString('hex')),
		);
		expect(row?.ids).toEqual([1, null, 9_007_199_254_740_991]);
	});

	test('[DB-5] int8 is a number, and one too large for that is refused, not rounded', async () => {
		expect(await db.query('select 9007199254740991::int8 as x, count(*) as n from note where false')).toEqual(
			[{ x: 9_007_199_254_740_991, n: 0 }],
		);
		await expect(db.query('select 9007199254740993::int8 as x')).rejects.toThrow(RangeError);
		expect(await db.query('select 1 as x')).toEqual([{ x: 1 }]);
	});

	test('[DB-6] a prepared statement runs again and again, and takes binary values', async () => {
		const int8 = (value: bigint) => {
			const bytes = Buffer.alloc(8);
			bytes.writeBigInt64BE(value);
			return bytes;
		};
		for (let i = 0; i < 5; i++) {
			const run = () => db.prepared('double', 'select $1::int8 * 2 as x', [int8(BigInt(i))]);
			expect(await Promise.all([run(), run()])).toEqual([[{ x: 2 * i }], [{ x: 2 * i }]]);
		}
		await db.transaction(async (tx) => {
			expect(await tx.prepared('double', 'select $1::int8 * 2 as x', [int8(21n)])).toEqual([{ x: 42 }]);
		});
	});

	test('[DB-6] a prepared statement survives its own errors', async () => {
		const divide = (by: number) => db.prepared('divide', 'select 10 / $1::int as x', [by]);
		await expect(divide(0)).rejects.toMatchObject({ code: '22012' });
		expect(await divide(5)).toEqual([{ x: 2 }]);
	});

	test('[DB-7] a big result comes whole', async () => {
		const rows = await db.query<{ n: number; filler: string }>(
			`select n, repeat('x', 1000) as filler from generate_series(1, 20000) n`,
		);
		expect(rows).toHaveLength(20_000);
		expect(rows.at(-1)).toEqual({ n: 20_000, filler: 'x'.repeat(1000) });
	});

	test("[DB-8] several statements in one text run in order and give the last one's rows", async () => {
		expect(await db.query('insert into note (id) values (80); select id from note where id = 80')).toEqual([
			{ id: 80 },
		]);
	});

	test('[DB-9] a connection that broke leaves the next one no transaction, setting or statement', async () => {
		await db.prepared('fresh', 'select 1 as x', []);
		// A value that we refuse to read breaks the connection, here with a setting made and a transaction open.
		const unreadable = `set timezone to 'Asia/Shanghai'; begin; insert into note (id) values (90);
			select 9007199254740993::int8 as x`;
		await expect(db.query(unreadable)).rejects.toThrow(RangeError);
		expect(await db.prepared('fresh', 'select 2 as x', [])).toEqual([{ x: 2 }]);
		expect(await idsFrom(90)).toEqual([]);
		expect(await db.query('show timezone')).not.toEqual([{ TimeZone: 'Asia/Shanghai' }]);
	});
});

describe.each(ENGINES)('closing on $engine', ({ openBare }) => {
	test('[DB-10] close lets what was asked before finish, may be called twice, and refuses later queries', async () => {
		const { db, close } = await openBare();
		const asked = db.query('select 1 as x');
		await Promise.all([db.close(), db.close()]);
		expect(await asked).toEqual([{ x: 1 }]);
		await expect(db.query('select 1')).rejects.toThrow();
		await close();
	});
});
