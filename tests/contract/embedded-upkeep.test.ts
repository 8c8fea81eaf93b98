import { PGlite } from '@electric-sql/pglite';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startParams, SyncedFolder } from '../../server/store/embedded-folder.ts';
import { upkeep } from '../../server/store/embedded-upkeep.ts';
import { embeddedDirectory } from '../support/databases.ts';

let db: PGlite;
let remove: () => void;
beforeAll(async () => {
	const fresh = await embeddedDirectory('bare');
	remove = fresh.remove;
	db = await PGlite.create({ fs: new SyncedFolder(join(fresh.dir, 'pg')), startParams });
	await db.exec('create table line (n int, filler text)');
});
afterAll(async () => {
	await db.close();
	remove();
});

/** Bytes of log that a restart would replay. */
async function toReplay(): Promise<number> {
	const { rows } = await db.query<{ bytes: string }>(
		'select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn) as bytes from pg_control_checkpoint()',
	);
	return Number(rows[0]?.bytes);
}

const dead = async () => {
	await db.query('select pg_stat_force_next_flush()');
	const { rows } = await db.query<{ n: number }>(
		`select n_dead_tup::int as n from pg_stat_user_tables where relname = 'line'`,
	);
	return rows[0]?.n;
};

test('[EMB-12] a long log is checkpointed, but never inside a transaction', async () => {
	// Uncompressible, or PostgreSQL would log little of it.
	const filler = `(select string_agg(md5(random()::text), '') from generate_series(1, 300))`;
	await db.exec(`insert into line select n, ${filler} from generate_series(1, 9000) n`);
	const before = await toReplay();
	expect(before).toBeGreaterThan(64 * 1024 * 1024);
	await db.exec('begin');
	await upkeep(db);
	expect(await toReplay()).toBeGreaterThanOrEqual(before);
	await db.exec('rollback');
	await upkeep(db);
	expect(await toReplay()).toBeLessThan(16 * 1024 * 1024);
});

test('[EMB-13] rows that were deleted or replaced are reclaimed', async () => {
	await db.exec('delete from line where n > 10');
	expect(await dead()).toBeGreaterThan(8000);
	await upkeep(db);
	expect(await dead()).toBe(0);
	expect((await db.query('select count(*)::int as n from line')).rows).toEqual([{ n: 10 }]);
});
