import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as Y from 'yjs';
import { openDatabase } from '../../server/store/database.ts';
import type { ReplayRow } from '../../server/store/replay.ts';
import { unpackUpdates, UpdateLog } from '../../server/store/update-log.ts';
import type { Ground } from './databases.ts';

/**
 * Dialogues' rows as they lie on disk when a server has been killed. An embedded database is read from a copy, made
 * before this returns its promise: the recovery remains the server's to do, and may begin meanwhile.
 */
export async function storedRows(
	{ databaseUrl, dataDir }: Ground,
	dialogues: readonly number[],
): Promise<ReplayRow[][]> {
	const copy = mkdtempSync(join(tmpdir(), 'duologue-copy-'));
	try {
		if (databaseUrl === '') cpSync(join(dataDir, 'pg'), join(copy, 'pg'), { recursive: true });
		const db = await openDatabase({ dir: copy, url: databaseUrl || undefined });
		const log = new UpdateLog(db);
		const rows = await Promise.all(dialogues.map((dialogue) => log.rowsOf(dialogue, 0, 1_000_000)));
		await db.close();
		return rows;
	} finally {
		rmSync(copy, { recursive: true });
	}
}

/** The document that the rows make; `repeated`: updates that brought nothing that was not there before them. */
export function replayed(rows: readonly ReplayRow[]): { doc: Y.Doc; updates: number; repeated: number } {
	const doc = new Y.Doc();
	let updates = 0;
	let repeated = 0;
	for (const { body } of rows)
		for (const update of unpackUpdates(body)) {
			let changed = false;
			doc.once('update', () => (changed = true));
			Y.applyUpdate(doc, update);
			updates++;
			if (!changed) repeated++;
		}
	return { doc, updates, repeated };
}
