import { randomBytes } from 'node:crypto';
import { openPostgres } from '../../../server/store/postgres.ts';
import { startPostgres, type TemporaryPostgres } from '../../support/temporary-postgres.ts';
import { onServerCore } from '../machine/cores.ts';

let started: Promise<TemporaryPostgres> | undefined;

/** One for all servers, with fsync on, on their core; it ends with this process. */
async function start(): Promise<TemporaryPostgres> {
	const postgres = await onServerCore(startPostgres);
	if (!postgres) throw new Error('The benchmark needs the programs of a PostgreSQL server.');
	await warm(postgres);
	return postgres;
}

/** So much WAL is written before the first measurement, in segments of 16 MiB. */
const SEGMENTS = 60;

/**
 * A server that has run for a while writes its WAL into segments that it has used before. One that has just begun
 * makes each anew, and meanwhile no commit ends: 100 to 400 ms every few seconds.
 */
async function warm({ url }: TemporaryPostgres): Promise<void> {
	const db = await openPostgres(url, { patient: true });
	try {
		await db.query(`alter system set min_wal_size = '1GB'`);
		await db.query(`alter system set max_wal_size = '4GB'`);
		await db.query('select pg_reload_conf()');
		for (let segment = 0; segment < SEGMENTS; segment++) {
			await db.query(`select pg_logical_emit_message(true, 'bench', 'a segment is not left empty')`);
			await db.query('select pg_switch_wal()');
		}
		await db.query('checkpoint');
	} finally {
		await db.close();
	}
}

export interface FreshDatabase {
	url: string;
	/** Everything below it is the database's. */
	pid: number;
	drop(): Promise<void>;
}

export async function freshDatabase(): Promise<FreshDatabase> {
	const server = await (started ??= start());
	const admin = async (sql: string): Promise<void> => {
		const db = await openPostgres(server.url, { patient: true });
		await db.query(sql).finally(() => db.close());
	};
	const name = `bench_${randomBytes(6).toString('hex')}`;
	await admin(`create database ${name}`);
	const url = new URL(server.url);
	url.pathname = `/${name}`;
	return { url: url.href, pid: server.pid, drop: () => admin(`drop database ${name} with (force)`) };
}
