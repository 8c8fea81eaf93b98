import { decodeRows, type TimedRow } from './archive-format.ts';
import type { Queries } from './database.ts';

/** A row of a dialogue, wherever it is kept by now. */
export interface ReplayRow extends TimedRow {
	seq: number;
}

type Folded = { seq: number; from_seq: number; author: null; at: null; body: Buffer };
type Logged = { seq: number; from_seq: null; author: number; at: Date; body: Buffer };

/** One statement: a fold moves rows from one table to the other between two of them. */
const ROWS = `
select to_seq as seq, from_seq, null::int as author, null::timestamptz as at, body from archive
where dialogue = $1 and to_seq > $2 and from_seq <= $3
union all
select seq, null, author, at, body from update_log where dialogue = $1 and seq > $2 and seq <= $3
order by seq`;

/**
 * The rows of a dialogue with `after` < seq ≤ `upTo`, oldest first, from archive and log as one sequence. Throws
 * Malformed for an archive row that cannot be read, and Error where rows are missing in between.
 */
export async function readRows(
	queries: Queries,
	dialogue: number,
	after: number,
	upTo: number,
): Promise<ReplayRow[]> {
	const rows: ReplayRow[] = [];
	for (const kept of await queries.query<Folded | Logged>(ROWS, [dialogue, after, upTo])) {
		for (const row of kept.from_seq === null ? [kept] : await unfold(kept)) {
			if (row.seq <= after || row.seq > upTo) continue;
			const { seq, author, at, body } = row;
			const expected = after + rows.length + 1;
			if (seq !== expected)
				throw new Error(`dialogue ${dialogue} has row ${seq} where ${expected} should be`);
			rows.push({ seq, author, at, body });
		}
	}
	return rows;
}

async function unfold({ from_seq: from, seq: to, body }: Folded): Promise<ReplayRow[]> {
	const rows = await decodeRows(body);
	if (rows.length !== to - from + 1)
		throw new Error(`${rows.length} rows in the archive of ${from} to ${to}`);
	return rows.map((row, nth) => ({ seq: from + nth, ...row }));
}
