import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { openDatabase, type Database } from '../../server/store/database.ts';
import { archiveWorldOn, expectedRows, plainRows } from '../support/archive-world.ts';
import { embeddedDirectory } from '../support/embedded-directory.ts';

const WRITER = fileURLToPath(new URL('../support/fold-writer.ts', import.meta.url));

vi.setConfig({ testTimeout: 240_000 }); // engines start again and again here

/** Runs the writer until it has acknowledged so many appends, kills it outright, and gives the last head it told. */
async function foldAndKill(dir: string, dialogue: number, appends: number): Promise<number> {
	const writer = spawn(process.execPath, [WRITER, dir, String(dialogue)], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	let head = 0;
	let told = 0;
	for await (const line of createInterface({ input: writer.stdout })) {
		head = Number(line);
		if (++told === appends) writer.kill('SIGKILL');
	}
	if (writer.exitCode === null && writer.signalCode === null) await once(writer, 'exit');
	expect(writer.signalCode).toBe('SIGKILL');
	return head;
}

async function opened<T>(dir: string, work: (db: Database) => Promise<T>): Promise<T> {
	const db = await openDatabase({ dir });
	return work(db).finally(() => db.close());
}

test('[ARCHIVE-5] killed while it folds, round after round, it has every row exactly once', async () => {
	const { dir, remove } = await embeddedDirectory('migrated');
	const dialogue = await opened(dir, (db) => archiveWorldOn(db).dialogue());
	for (const appends of [20, 33, 47, 5]) {
		const acknowledged = await foldAndKill(dir, dialogue, appends);
		await opened(dir, async (db) => {
			const world = archiveWorldOn(db);
			const head = await world.log.headOf(dialogue);
			expect(head).toBeGreaterThanOrEqual(acknowledged);
			expect(plainRows(await world.log.rowsOf(dialogue, 0, 10_000))).toEqual(expectedRows(1, head));
			const { archived, logged } = await world.kept(dialogue);
			const end = archived.at(-1)?.[1] ?? 0;
			expect(archived.length).toBeGreaterThan(1);
			expect(archived.map(([from]) => from)).toEqual([1, ...archived.slice(0, -1).map(([, to]) => to + 1)]);
			expect(logged).toEqual(Array.from({ length: head - end }, (_, nth) => end + nth + 1));
		});
	}
	remove();
});
