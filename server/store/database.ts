import { join } from 'node:path';
import type { Logger } from 'pino';
import { openEmbedded } from './embedded.ts';
import { migrate } from './migrate.ts';
import { openPostgres } from './postgres.ts';

export interface Queries {
	/** Rows of one statement. int8 arrives as number, timestamptz as Date, bytea as Buffer, numeric as string. */
	query<R extends object>(text: string, values?: unknown[]): Promise<R[]>;
	/** A prepared statement by name; a Buffer value is sent as binary, so binary arrays are allowed. */
	prepared<R extends object>(name: string, text: string, values: unknown[]): Promise<R[]>;
}

export interface Database extends Queries {
	readonly engine: 'postgres' | 'embedded';
	/**
	 * One transaction: committed when `work` resolves, rolled back when it rejects (with its error).
	 * The embedded engine has one connection: inside, use `tx` and never the database itself.
	 */
	transaction<T>(work: (tx: Queries) => Promise<T>): Promise<T>;
	close(): Promise<void>;
}

interface DatabaseOptions {
	/** A PostgreSQL connection string; without it the embedded engine runs in `dir`/pg. */
	url?: string | undefined;
	dir: string;
	logger?: Logger | undefined;
}

/** Connects to PostgreSQL or starts the embedded engine, and brings the tables up to date. */
export async function openDatabase({ url, dir, logger }: DatabaseOptions): Promise<Database> {
	if (url) {
		// Its own connection: a migration may take longer than any query of a running server should.
		const patient = await openPostgres(url, { logger, patient: true });
		try {
			await migrate(patient);
		} finally {
			await patient.close();
		}
		return openPostgres(url, { logger });
	}
	const db = await openEmbedded(join(dir, 'pg'), { logger });
	try {
		await migrate(db);
		return db;
	} catch (error) {
		await db.close();
		throw error;
	}
}
