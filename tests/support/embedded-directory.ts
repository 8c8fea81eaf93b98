import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase } from '../../server/store/database.ts';
import { DirectoryInUse, lockDirectory, type Release } from '../../server/store/directory-lock.ts';
import { openEmbedded } from '../../server/store/embedded.ts';
import { runDirectory } from './run-directory.ts';

async function locked(name: string): Promise<Release> {
	for (;;) {
		try {
			return await lockDirectory(name);
		} catch (error) {
			if (!(error instanceof DirectoryInUse)) throw error;
			await pause(50);
		}
	}
}

/** Made once a run by whoever needs it first: a database costs seconds of work, its copy a fraction of one. */
async function template(name: 'bare' | 'migrated'): Promise<string> {
	const run = runDirectory();
	if (run === null) throw new Error('There is no run of the tests to keep it for');
	const made = join(run, name);
	if (existsSync(made)) return made;
	const base = name === 'migrated' ? await template('bare') : null;
	const release = await locked(made);
	try {
		if (existsSync(made)) return made;
		const making = `${made}-making`;
		if (base) cpSync(base, making, { recursive: true });
		await (base ? openDatabase({ dir: making }) : openEmbedded(join(making, 'pg'))).then((db) => db.close());
		renameSync(making, made);
		return made;
	} finally {
		await release();
	}
}

/** A fresh DATA_DIR with an embedded database in it that nobody has open. */
export async function embeddedDirectory(
	name: 'bare' | 'migrated',
): Promise<{ dir: string; remove: () => void }> {
	const dir = mkdtempSync(join(tmpdir(), 'duologue-test-'));
	cpSync(await template(name), dir, { recursive: true });
	return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}
