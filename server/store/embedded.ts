import { mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import pg from 'pg';
import type { Logger } from 'pino';
import { AnswerClock } from './answer-clock.ts';
import type { Database } from './database.ts';
import { lockDirectory } from './directory-lock.ts';
import { EmbeddedEngine } from './embedded-engine.ts';
import { EmbeddedStream } from './embedded-stream.ts';
import { pooledDatabase, types } from './pooled-database.ts';

const ANSWER_WITHIN = 60_000; // ms; nothing we ask takes this long, so an engine that does hangs
const WAIT_WITHIN = 120_000; // ms for the one connection; also ends a deadlock on it

interface EmbeddedOptions {
	logger?: Logger | undefined;
	/** Milliseconds after which a statement that is not answered counts as a hang. */
	patience?: number;
}

/** Starts the embedded engine on a directory, which it makes when there is none. Rejects `DirectoryInUse`. */
export async function openEmbedded(dir: string, o: EmbeddedOptions = {}): Promise<Database> {
	mkdirSync(dirname(dir), { recursive: true, mode: 0o700 });
	const real = join(realpathSync(dirname(dir)), basename(dir));
	const release = await lockDirectory(real);
	const engine = new EmbeddedEngine(real, { patience: o.patience ?? ANSWER_WITHIN, logger: o.logger });
	try {
		await engine.running();
	} catch (error) {
		await release();
		throw error;
	}
	const pool = new pg.Pool({
		max: 1,
		user: 'postgres',
		database: 'postgres',
		ssl: false,
		types,
		idleTimeoutMillis: 0,
		connectionTimeoutMillis: WAIT_WITHIN,
		stream: () => new EmbeddedStream(engine),
	});
	return pooledDatabase('embedded', pool, new AnswerClock(0), o.logger, () => engine.close().then(release));
}
