import { setTimeout as pause } from 'node:timers/promises';
import { Archive } from '../../server/store/archive.ts';
import { openDatabase } from '../../server/store/database.ts';
import { archiveWorldOn } from './archive-world.ts';

/**
 * A process of its own: `node fold-writer.ts <DATA_DIR> <dialogue>` appends rows, takes snapshots and folds, all at
 * once, and prints the dialogue's head after each append that was acknowledged. It runs until it is killed.
 */
const [dir = '', given = ''] = process.argv.slice(2);
const dialogue = Number(given);
const db = await openDatabase({ dir });
const world = archiveWorldOn(db);
const archive = new Archive(db, { rows: 7 });

async function append(): Promise<never> {
	for (;;) {
		await world.append(dialogue, 3);
		const head = await world.log.headOf(dialogue);
		await world.snapshot(dialogue, head);
		process.stdout.write(`${head}\n`);
	}
}

async function fold(): Promise<never> {
	for (;;) if ((await archive.fold(dialogue)) === 0) await pause(1);
}
await Promise.all([append(), fold()]);
