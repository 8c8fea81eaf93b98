import pg from 'pg';
import type { Logger } from 'pino';
import type { AnswerClock } from './answer-clock.ts';
import type { Database, Queries } from './database.ts';

const INT8 = 20;
const INT8_ARRAY = 1016;

function integer(text: string): number {
	const value = Number(text);
	if (!Number.isSafeInteger(value)) throw new RangeError(`int8 ${text} is not a safe integer`);
	return value;
}

/** pg gives an int8[] as strings, null where it is null. */
type Texts = (string | null | Texts)[];
type Integers = (number | null | Integers)[];
const integers = (list: Texts): Integers =>
	list.map((item) => (Array.isArray(item) ? integers(item) : item === null ? null : integer(item)));

const parsesText = (format: unknown) => format !== 'binary';

/** Like pg's own, but int8 is a number: our ids and counts stay below 2^53. */
export const types: pg.CustomTypesConfig = {
	getTypeParser: (oid: number, format?: 'text' | 'binary') => {
		if (parsesText(format) && oid === INT8) return integer;
		const parse = pg.types.getTypeParser(oid, format ?? 'text') as (text: string) => unknown;
		if (parsesText(format) && oid === INT8_ARRAY) return (text: string) => integers(parse(text) as Texts);
		return parse;
	},
};

/** A connection while somebody has it. Once broken it is not used again. */
type Lease = { readonly client: pg.PoolClient; readonly clock: AnswerClock; broken: boolean };
type Lend = <T>(work: (lease: Lease) => Promise<T>) => Promise<T>;

async function ask<R extends object>(lease: Lease, query: pg.QueryConfig): Promise<pg.QueryResult<R>> {
	try {
		// By callback: what pg promises keeps the query and its parameters until a full collection.
		return await lease.clock.answer((callback) => lease.client.query<R>(query, callback));
	} catch (error) {
		// After a server's plain error the connection is fine; after any other nobody knows what comes on it.
		lease.broken ||= !(error instanceof pg.DatabaseError) || error.severity !== 'ERROR';
		throw error;
	}
}

const queriesOf = (lend: Lend): Queries => ({
	query: <R extends object>(text: string, values: unknown[] = []) =>
		lend(async (lease) => {
			const result: pg.QueryResult<R> | pg.QueryResult<R>[] = await ask<R>(lease, { text, values });
			// Without values one text may hold several statements; the rows are then the last one's.
			return (Array.isArray(result) ? (result as pg.QueryResult<R>[]).at(-1)?.rows : result.rows) ?? [];
		}),
	prepared: <R extends object>(name: string, text: string, values: unknown[]) =>
		lend(async (lease) => (await ask<R>(lease, { name, text, values })).rows),
});

async function inTransaction<T>(lease: Lease, work: (tx: Queries) => Promise<T>): Promise<T> {
	try {
		await ask(lease, { text: 'begin' });
		const value = await work(queriesOf((use) => use(lease)));
		const { command } = await ask(lease, { text: 'commit' });
		// A failed statement whose error `work` swallowed: the server answers the commit with a rollback.
		if (command !== 'COMMIT') throw new Error('the transaction had failed and was rolled back');
		return value;
	} catch (error) {
		// A rollback that fails adds nothing to `error`, and leaves the connection marked broken.
		if (!lease.broken) await ask(lease, { text: 'rollback' }).catch(() => (lease.broken = true));
		throw error;
	}
}

/** A pool as a `Database`; both engines are one of these. */
export function pooledDatabase(
	engine: Database['engine'],
	pool: pg.Pool,
	clock: AnswerClock,
	logger: Logger | undefined,
	afterClose: () => Promise<void>,
): Database {
	// An idle connection that breaks is replaced at the next query: worth a line, not a crash.
	// The error carries the whole client, down to the key by which a query of it is cancelled.
	pool.on('error', ({ message }) => logger?.warn({ reason: message }, 'a database connection was lost'));

	const working = new Set<Promise<unknown>>();
	let closing: Promise<void> | undefined;

	async function withLease<T>(work: (lease: Lease) => Promise<T>): Promise<T> {
		const lease: Lease = { client: await pool.connect(), clock, broken: false };
		// A connection may break while no query runs on it: unheard, that would end the process.
		const breaks = () => void (lease.broken = true);
		lease.client.on('error', breaks);
		try {
			return await work(lease);
		} finally {
			lease.client.off('error', breaks);
			lease.client.release(lease.broken);
		}
	}

	const lend: Lend = (work) => {
		if (closing) return Promise.reject(new Error('the database is closed'));
		const turn = withLease(work);
		working.add(turn);
		const over = () => void working.delete(turn);
		turn.then(over, over);
		return turn;
	};

	return {
		engine,
		...queriesOf(lend),
		transaction: (work) => lend((lease) => inTransaction(lease, work)),
		// What was asked before is finished first: a pool that ends forgets those who wait for a connection.
		close: () =>
			(closing ??= Promise.allSettled(working)
				.then(() => pool.end())
				.finally(() => clock.stop())
				.then(afterClose)),
	};
}
