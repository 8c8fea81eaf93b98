import { Archive, type FoldLimits } from '../../server/store/archive.ts';
import type { Database } from '../../server/store/database.ts';
import { StoredDialogues } from '../../server/store/stored-dialogues.ts';
import { packUpdates, UpdateLog, type LogRow } from '../../server/store/update-log.ts';

/** The nth row of any dialogue of these tests: who reads it knows which it should be. */
export function nthRow(seq: number): LogRow {
	const update = Uint8Array.from({ length: 3 + (seq % 5) }, (_, nth) => (seq + nth) % 256);
	return { author: seq % 3, body: packUpdates([update]) };
}

export type ArchiveWorld = ReturnType<typeof archiveWorldOn>;

/** Dialogues without a hub: rows, snapshots and folds by hand, and a look at what lies where. */
export function archiveWorldOn(db: Database) {
	const log = new UpdateLog(db);
	const stored = new StoredDialogues(db);
	let last = 0;

	return {
		log,
		stored,
		/** Another node's, when `through` is given. */
		archive: (limits?: Partial<FoldLimits>, through = db) => new Archive(through, limits),

		async dialogue(): Promise<number> {
			await db.query('insert into head (dialogue) values ($1)', [++last]);
			return last;
		},

		async append(dialogue: number, count: number): Promise<void> {
			const head = await log.headOf(dialogue);
			const rows = Array.from({ length: count }, (_, nth) => nthRow(head + nth + 1));
			await log.append([{ dialogue, rows }]);
		},

		/** A snapshot whose bytes say at which row it was taken. */
		snapshot(dialogue: number, seq: number, state: Uint8Array = Uint8Array.of(seq % 256)): Promise<void> {
			const summary = { members: {}, generating: false };
			return stored.keep(dialogue, { seq, state, vector: Uint8Array.of(0), deletes: 1, summary });
		},

		/** Every row where it lies, straight from the tables: each archived run, and each logged row. */
		async kept(dialogue: number): Promise<{ archived: [from: number, to: number][]; logged: number[] }> {
			const archived = await db.query<{ from: number; to: number }>(
				'select from_seq as "from", to_seq as "to" from archive where dialogue = $1 order by from_seq',
				[dialogue],
			);
			const logged = await db.query<{ seq: number }>(
				'select seq from update_log where dialogue = $1 order by seq',
				[dialogue],
			);
			return { archived: archived.map(({ from, to }) => [from, to]), logged: logged.map(({ seq }) => seq) };
		},
	};
}

/** Rows as plain values, whichever classes their bytes have. */
export const plainRows = (rows: readonly (LogRow & { seq?: number })[], from = 1) =>
	rows.map(({ seq, author, body }, nth) => ({ seq: seq ?? from + nth, author, body: Array.from(body) }));

/** What `plainRows` gives for the rows `from` to `to` of a dialogue of this world. */
export const expectedRows = (from: number, to: number) =>
	plainRows(
		Array.from({ length: Math.max(0, to - from + 1) }, (_, nth) => nthRow(from + nth)),
		from,
	);
