import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../server/store/database.ts';
import { DatabaseTooNew, migrate } from '../../server/store/migrate.ts';
import { migrations } from '../../server/store/migrations.ts';
import { ENGINES, type FreshDatabase } from '../support/databases.ts';

const FIRST = { id: 1, sql: 'create table story (line text); insert into story values ($$one$$)' };
const SECOND = { id: 2, sql: 'insert into story select line || $$ two$$ from story' };
const THIRD = { id: 3, sql: 'insert into story values ($$three$$)' };

describe.each(ENGINES)('migrations on $engine', ({ openBare, open }) => {
	let fresh: FreshDatabase;
	let db: Database;

	beforeAll(async () => {
		fresh = await openBare();
		db = fresh.db;
	});
	beforeEach(() => db.query('drop schema public cascade; create schema public'));
	afterAll(() => fresh.close());

	const story = async () =>
		(await db.query<{ line: string }>('select line from story order by line')).map((row) => row.line);
	const applied = async () =>
		(await db.query<{ id: number }>('select id from migration order by id')).map((row) => row.id);

	test('[MIG-1] each runs once, in order, and later ones are added to what is there', async () => {
		await migrate(db, [FIRST, SECOND]);
		await migrate(db, [FIRST, SECOND]);
		expect(await story()).toEqual(['one', 'one two']);
		await migrate(db, [FIRST, SECOND, THIRD]);
		expect(await story()).toEqual(['one', 'one two', 'three']);
		expect(await applied()).toEqual([1, 2, 3]);
	});

	test('[MIG-2] one that fails leaves nothing of itself, and keeps those before it', async () => {
		const broken = { id: 2, sql: 'insert into story values ($$half$$); insert into nowhere values (1)' };
		await expect(migrate(db, [FIRST, broken, THIRD])).rejects.toMatchObject({ code: '42P01' });
		expect(await story()).toEqual(['one']);
		expect(await applied()).toEqual([1]);
		await migrate(db, [FIRST, SECOND, THIRD]);
		expect(await story()).toEqual(['one', 'one two', 'three']);
	});

	test('[MIG-3] a database that is newer than the code is refused and left alone', async () => {
		await migrate(db, [FIRST, SECOND, THIRD]);
		const refused = migrate(db, [FIRST, SECOND]);
		await expect(refused).rejects.toThrow(DatabaseTooNew);
		await expect(refused).rejects.toThrow('migration 3');
		expect(await applied()).toEqual([1, 2, 3]);
	});

	test('[MIG-4] several at the same time do it once', async () => {
		await Promise.all(Array.from({ length: 4 }, () => migrate(db, [FIRST, SECOND, THIRD])));
		expect(await story()).toEqual(['one', 'one two', 'three']);
	});

	test('[MIG-5] a list out of order, or one that slips in behind what was applied, is refused', async () => {
		await expect(migrate(db, [SECOND, FIRST])).rejects.toThrow('out of order');
		await migrate(db, [FIRST, THIRD]);
		await expect(migrate(db, [FIRST, SECOND, THIRD])).rejects.toThrow('migration 2 was skipped');
	});

	test('[MIG-6] an opened database has all of ours', async () => {
		const ours = await open();
		const rows = await ours.db.query<{ id: number }>('select id from migration order by id');
		expect(rows.map((row) => row.id)).toEqual(migrations.map((migration) => migration.id));
		await ours.close();
	});
});
