import { encodeRows } from './archive-format.ts';
import type { Database, Queries } from './database.ts';
import type { ReplayRow } from './replay.ts';

/** Rows that are worth a fold at any time. */
export const FOLD_ROWS = 500;

/** What one fold takes at most; a larger row goes by itself. */
export interface FoldLimits {
	rows: number;
	/** Of bodies. */
	bytes: number;
}

const LIMITS: FoldLimits = { rows: 2 * FOLD_ROWS, bytes: 1 << 20 };

// Each arm reads its own partial index, in which a dialogue stands only while there is something to fold.
const WORTH = `
(select dialogue from snapshot where seq > folded and seq - folded >= $1 order by seq - folded desc limit $2)
union
(select dialogue from snapshot where seq > folded and at < now() - interval '1 hour' order by at limit $2)`;

const OLDEST = `
select seq, at, author, body from (
	select l.seq, l.at, l.author, l.body, sum(length(l.body)) over (order by l.seq) as bytes
	from update_log l join snapshot s using (dialogue)
	where dialogue = $1 and l.seq <= s.seq order by l.seq limit $2
) oldest
where bytes <= $3 or bytes = length(body) order by seq`;

const MARK = `
update snapshot s set folded = a.to_seq
from (select max(to_seq) as to_seq from archive where dialogue = $1) a
where s.dialogue = $1 and s.folded < a.to_seq`;

/**
 * The log's older rows, many to a row and compressed.
 * 1. A row is in the log or in the archive, never in both or in neither: one transaction takes it from here to there.
 * 2. What is folded is what the stored snapshot holds, oldest first: the archive is a dialogue's beginning.
 * 3. How far it goes the archive itself says. `snapshot.folded` repeats that for the indices, and may lag behind.
 */
export class Archive {
	readonly #db: Database;
	readonly #limits: FoldLimits;
	constructor(db: Database, limits: Partial<FoldLimits> = {}) {
		this.#db = db;
		this.#limits = { ...LIMITS, ...limits };
	}

	/**
	 * Dialogues with at least FOLD_ROWS rows to fold, and those with any that nobody has written in for an hour: at
	 * most `limit` of either.
	 */
	async worthFolding(limit: number): Promise<number[]> {
		const found = await this.#db.query<{ dialogue: number }>(WORTH, [FOLD_ROWS, limit]);
		return found.map(({ dialogue }) => dialogue);
	}

	/**
	 * Moves a dialogue's oldest rows that its snapshot holds into the archive, and tells how many; 0 when there are
	 * none, or another node was faster. Throws when the log lacks rows, and changes nothing then.
	 */
	async fold(dialogue: number): Promise<number> {
		const { rows: most, bytes } = this.#limits;
		// Read and compressed outside of the transaction, since what is in the log never changes; see `#move`.
		const rows = await this.#db.query<ReplayRow>(OLDEST, [dialogue, most, bytes]);
		if (rows.length > 0) return this.#move(dialogue, rows, await encodeRows(rows));
		await this.#db.query(MARK, [dialogue]);
		return 0;
	}

	async #move(dialogue: number, rows: readonly ReplayRow[], body: Uint8Array): Promise<number> {
		const times = rows.map(({ at }) => at.getTime());
		const [from, to] = spanOf(dialogue, rows);
		return this.#db.transaction(async (tx) => {
			if ((await lockSnapshot(tx, dialogue)) < to) return 0;
			const end = await endOf(tx, dialogue);
			if (end >= from) return 0;
			if (end !== from - 1)
				throw new Error(`dialogue ${dialogue} has row ${from} where ${end + 1} should be`);
			await tx.query(
				`insert into archive (dialogue, from_seq, to_seq, rows, from_at, to_at, body)
				values ($1, $2, $3, $4, $5, $6, $7)`,
				[
					dialogue,
					from,
					to,
					rows.length,
					new Date(Math.min(...times)),
					new Date(Math.max(...times)),
					Buffer.from(body.buffer, body.byteOffset, body.length),
				],
			);
			const removed = await remove(tx, dialogue, from, to);
			if (removed !== rows.length)
				throw new Error(`dialogue ${dialogue} lost ${removed} rows for ${rows.length} archived`);
			await tx.query(MARK, [dialogue]);
			return rows.length;
		});
	}
}

/** Throws when a row is missing in between. */
function spanOf(dialogue: number, rows: readonly ReplayRow[]): [from: number, to: number] {
	const from = rows[0]?.seq ?? 0;
	rows.forEach(({ seq }, nth) => {
		if (seq !== from + nth)
			throw new Error(`dialogue ${dialogue} has row ${seq} where ${from + nth} should be`);
	});
	return [from, from + rows.length - 1];
}

/** From here on no other fold of this dialogue moves anything. The snapshot's seq, 0 when there is none. */
async function lockSnapshot(tx: Queries, dialogue: number): Promise<number> {
	const [held] = await tx.query<{ seq: number }>('select seq from snapshot where dialogue = $1 for update', [
		dialogue,
	]);
	return held?.seq ?? 0;
}

/** The newest archived row. Its own statement: one that waited for the lock would not see what was done meanwhile. */
async function endOf(tx: Queries, dialogue: number): Promise<number> {
	const [archived] = await tx.query<{ end: number | null }>(
		'select max(to_seq) as end from archive where dialogue = $1',
		[dialogue],
	);
	return archived?.end ?? 0;
}

async function remove(tx: Queries, dialogue: number, from: number, to: number): Promise<number> {
	const [removed] = await tx.query<{ count: number }>(
		`with gone as (delete from update_log where dialogue = $1 and seq between $2 and $3 returning 1)
		select count(*) from gone`,
		[dialogue, from, to],
	);
	return removed?.count ?? 0;
}
