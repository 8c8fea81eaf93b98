import { randomBytes } from 'node:crypto';
import { openPostgres } from '../../../server/store/postgres.ts';
import { startPostgres, type TemporaryPostgres } from '../../support/temporary-postgres.ts';
import { onServerCore } from '../machine/cores.ts';

let started: Promise<TemporaryPostgres> | undefined;

/** One for all servers, with fsync on, on their core; it ends with this process. */
async function start(): Promise<TemporaryPostgres> {
	const postgres = await onServerCore(startPostgres);
	if (!postgres) throw new Error('The benchmark needs the programs of a PostgreSQL server.');
	return postgres;
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
