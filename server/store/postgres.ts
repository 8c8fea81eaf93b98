import pg from 'pg';
import type { Logger } from 'pino';
import { AnswerClock } from './answer-clock.ts';
import type { Database } from './database.ts';
import { pooledDatabase, types } from './pooled-database.ts';

const CONNECTIONS = 8;
const CONNECT_WITHIN = 15_000; // ms
const ANSWER_WITHIN = 60_000; // ms; a server that has gone silent must not hold its callers for ever

const settings = `select current_setting('synchronous_commit') as commit, current_setting('fsync') as fsync`;

/**
 * A pool on a PostgreSQL server. "Saved" promises that a commit is on disk: a role or server whose default is
 * `synchronous_commit = off` is overruled on our connections; with `fsync = off` we can only warn.
 */
export async function openPostgres(
	url: string,
	o: { logger?: Logger | undefined; patient?: boolean },
): Promise<Database> {
	const config: pg.PoolConfig = {
		connectionString: url,
		application_name: 'duologue',
		max: o.patient ? 1 : CONNECTIONS,
		// Kept for good: many who come at once would else wait for new ones, and so would everybody else.
		idleTimeoutMillis: 0,
		types,
		keepAlive: true,
		connectionTimeoutMillis: CONNECT_WITHIN,
	};
	const database = (more: pg.PoolConfig = {}) =>
		pooledDatabase(
			'postgres',
			new pg.Pool({ ...config, ...more }),
			new AnswerClock(o.patient ? 0 : ANSWER_WITHIN),
			o.logger,
			() => Promise.resolve(),
		);
	const durability = async (db: Database) =>
		(await db.query<{ commit: string; fsync: string }>(settings))[0] ?? { commit: 'off', fsync: 'off' };

	let db = database();
	try {
		if ((await durability(db)).commit === 'off') {
			await db.close();
			db = database({ options: '-c synchronous_commit=on' });
		}
		for (const [setting, value] of Object.entries(await durability(db))) {
			if (value === 'off') o.logger?.warn(`PostgreSQL runs with ${setting} off: a power loss can undo edits`);
		}
		if (!o.patient) await Promise.all(Array.from({ length: CONNECTIONS }, () => db.query('select 1')));
		return db;
	} catch (error) {
		await db.close();
		throw error;
	}
}
