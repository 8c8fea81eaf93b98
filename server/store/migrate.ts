import type { Database, Queries } from './database.ts';
import { migrations } from './migrations.ts';

type Migration = { id: number; sql: string };

/** The database has migrations that this code does not know: it was opened by a newer release before. */
export class DatabaseTooNew extends Error {
	override readonly name = 'DatabaseTooNew';
	constructor(id: number) {
		super(
			`The database is newer than this release of Duologue: it has migration ${id}, which this code does ` +
				'not know. Start the newer release, or restore a backup from before the upgrade.',
		);
	}
}

const LOCK = 7_246_883_014; // any number that nobody else in the database takes

/** Under the lock: the first migration that is still to be applied, if any. */
async function nextOf(list: readonly Migration[], tx: Queries): Promise<Migration | undefined> {
	await tx.query('select pg_advisory_xact_lock($1)', [LOCK]);
	await tx.query(
		`create table if not exists migration (id int primary key, applied_at timestamptz not null default now())`,
	);
	const applied = (await tx.query<{ id: number }>('select id from migration order by id')).map(
		(row) => row.id,
	);
	const known = new Set(list.map((migration) => migration.id));
	const newest = applied.at(-1) ?? 0;
	if (applied.some((id) => !known.has(id))) throw new DatabaseTooNew(newest);
	const next = list.find((migration) => !applied.includes(migration.id));
	if (next && next.id < newest)
		throw new Error(`migration ${next.id} was skipped: the database is at ${newest}`);
	return next;
}

/**
 * Applies what is missing, in order, each in one transaction that also records it. Safe when several nodes
 * start at once: each step takes the lock and looks again.
 */
export async function migrate(db: Database, list: readonly Migration[] = migrations): Promise<void> {
	list.forEach((migration, at) => {
		if (migration.id <= (list[at - 1]?.id ?? 0)) throw new Error(`migration ${migration.id} is out of order`);
	});
	const step = () =>
		db.transaction(async (tx) => {
			const next = await nextOf(list, tx);
			if (!next) return false;
			await tx.query(next.sql);
			await tx.query('insert into migration (id) values ($1)', [next.id]);
			return true;
		});
	while (await step());
}
