import { PGlite } from '@electric-sql/pglite';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Archive } from '../../server/store/archive.ts';
import type { Database, Queries } from '../../server/store/database.ts';
import { startParams, SyncedFolder } from '../../server/store/embedded-folder.ts';
import { upkeep } from '../../server/store/embedded-upkeep.ts';
import { logSizes } from '../../server/store/log-sizes.ts';
import { StoredDialogues } from '../../server/store/stored-dialogues.ts';
import { embeddedDirectory } from '../support/embedded-directory.ts';

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

/** The engine without its worker, so that the test says when upkeep comes. */
function inProcess(engine: PGlite): Database {
	const queriesOf = (of: Pick<PGlite, 'query'>): Queries => ({
		query: async <R extends object>(text: string, values?: unknown[]) =>
			(await of.query<R>(text, values)).rows,
		prepared: async <R extends object>(_: string, text: string, values: unknown[]) =>
			(await of.query<R>(text, values)).rows,
	});
	return {
		engine: 'embedded',
		...queriesOf(engine),
		transaction: (work) => engine.transaction((tx) => work(queriesOf(tx as unknown as PGlite))),
		close: () => engine.close(),
	};
}

describe('dialogues that are written, kept and folded on and on', () => {
	let engine: PGlite;
	let remove: () => void;
	beforeAll(async () => {
		const fresh = await embeddedDirectory('migrated');
		remove = fresh.remove;
		engine = await PGlite.create({ fs: new SyncedFolder(join(fresh.dir, 'pg')), startParams });
	});
	afterAll(async () => {
		await engine.close();
		remove();
	});

	test('[EMB-14] take no more room than what they hold, large values too', async () => {
		const db = inProcess(engine);
		const [stored, archive] = [new StoredDialogues(db), new Archive(db)];
		const rest = { vector: Uint8Array.of(0), deletes: 1, summary: { members: {}, generating: false } };
		let head = 0;
		async function cycle(): Promise<{ logBytes: number; snapshotBytes: number }> {
			// Every tenth row is large enough to stand beside its table.
			await db.query(
				`insert into update_log (dialogue, seq, author, body)
				select 1, $1::int + n, 1, convert_to(repeat('x', case when n % 10 = 0 then 4000 else 40 end), 'UTF8')
				from generate_series(1, 500) n`,
				[head],
			);
			head += 500;
			await stored.keep(1, { seq: head, state: randomBytes(200_000), ...rest });
			expect(await archive.fold(1)).toBe(500);
			await db.query('select pg_stat_force_next_flush()');
			await upkeep(engine);
			return logSizes(db);
		}
		const largest = { logBytes: 0, snapshotBytes: 0 };
		for (let n = 0; n < 20; n++) {
			const sizes = await cycle();
			largest.logBytes = Math.max(largest.logBytes, sizes.logBytes);
			largest.snapshotBytes = Math.max(largest.snapshotBytes, sizes.snapshotBytes);
		}
		for (let n = 0; n < 40; n++) {
			const sizes = await cycle();
			// A page more here and there is no growth: unreclaimed, it would be three times as much by the end.
			expect(sizes.logBytes).toBeLessThan(1.2 * largest.logBytes);
			expect(sizes.snapshotBytes).toBeLessThan(1.2 * largest.snapshotBytes);
		}
	});
});
