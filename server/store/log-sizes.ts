import type { Queries } from './database.ts';

/** What the dialogues take up, with indices and what stands beside the tables. */
export interface LogSizes {
	/** As the engine last counted them; 0 before it has. */
	logRows: number;
	logBytes: number;
	archiveBytes: number;
	snapshotBytes: number;
}

/** Reads no rows: as cheap with any number of dialogues. */
export async function logSizes(queries: Queries): Promise<LogSizes> {
	const [sizes] = await queries.query<LogSizes>(
		`select greatest(reltuples, 0)::float8 as "logRows",
			pg_total_relation_size('update_log') as "logBytes",
			pg_total_relation_size('archive') as "archiveBytes",
			pg_total_relation_size('snapshot') as "snapshotBytes"
		from pg_class where oid = 'update_log'::regclass`,
	);
	if (!sizes) throw new Error('there is no update_log');
	return sizes;
}
