import type { PGlite } from '@electric-sql/pglite';

const LOG_BETWEEN_CHECKPOINTS = 64 * 1024 * 1024; // bytes

/**
 * What a server's background processes would do: PGlite has none, so dead rows would never be reclaimed, and its
 * log would grow until a restart had to replay all of it. Nothing happens inside a client's transaction.
 *
 * A table's large values are rows of a table of their own, in pg_toast, with a count of its own: a snapshot that is
 * replaced leaves one dead row here, and hundreds there.
 */
export async function upkeep(db: PGlite): Promise<void> {
	if (db.isInTransaction()) return;
	const worn = await db.query<{ name: string; work: string }>(
		`select format('%I.%I', schemaname, relname) as name,
			case when schemaname = 'pg_toast' then 'vacuum'
				when n_dead_tup > 1000 + 0.2 * n_live_tup then 'vacuum (analyze)' else 'analyze' end as work
		from pg_stat_all_tables
		where schemaname not in ('pg_catalog', 'information_schema') and
			(n_dead_tup > 1000 + 0.2 * n_live_tup
			or schemaname <> 'pg_toast' and n_mod_since_analyze > 1000 + 0.2 * n_live_tup)`,
	);
	for (const { name, work } of worn.rows) await db.exec(`${work} ${name}`);
	const log = await db.query<{ long: boolean }>(
		'select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn) > $1 as long from pg_control_checkpoint()',
		[LOG_BETWEEN_CHECKPOINTS],
	);
	if (log.rows[0]?.long) await db.exec('checkpoint');
}
