import { PGlite } from '@electric-sql/pglite';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../server/store/database.ts';
import { DirectoryInUse, lockByFile } from '../../server/store/directory-lock.ts';
import { proveCommitSyncs, startParams, SyncedFolder } from '../../server/store/embedded-folder.ts';
import { openEmbedded } from '../../server/store/embedded.ts';
import { embeddedDirectory } from '../support/embedded-directory.ts';

let dir: string;
let remove: () => void;
beforeEach(async () => ({ dir, remove } = await embeddedDirectory('bare')));
afterEach(() => remove());

test('[EMB-5] a second open of a directory is refused by name, until the first is closed', async () => {
	const first = await openEmbedded(join(dir, 'pg'));
	const second = openDatabase({ dir });
	await expect(second).rejects.toThrow(DirectoryInUse);
	await expect(second).rejects.toThrow(join(realpathSync(dir), 'pg'));
	await first.close();
	await openEmbedded(join(dir, 'pg')).then((db) => db.close());
});

test('[EMB-5] another name of the same directory is refused too', async () => {
	const other = join(dir, 'other');
	symlinkSync(dir, other);
	const first = await openEmbedded(join(dir, 'pg'));
	await expect(openEmbedded(join(other, 'pg'))).rejects.toThrow(DirectoryInUse);
	await first.close();
});

test('[EMB-6] a lock file is kept by a living process, and taken over from a dead one', async () => {
	const name = join(dir, 'locked');
	const release = lockByFile(name);
	expect(() => lockByFile(name)).toThrow(DirectoryInUse);
	await release();
	const dead = spawnSync(process.execPath, ['--version']).pid;
	writeFileSync(`${name}.lock`, String(dead));
	const again = lockByFile(name);
	expect(readFileSync(`${name}.lock`, 'utf8')).toBe(String(process.pid));
	await again();
});

test('[EMB-7] an engine whose commits reach no disk is refused at the start', async () => {
	const folder = new SyncedFolder(join(dir, 'pg'));
	const stock = await PGlite.create({ fs: folder }); // with -F, as PGlite comes
	const before = folder.syncs;
	await expect(proveCommitSyncs(stock, () => folder.syncs)).rejects.toThrow('does not sync');
	expect(folder.syncs).toBe(before);
	await stock.close();
});

test('[EMB-7] every commit of ours syncs, and a reading query does not', async () => {
	const folder = new SyncedFolder(join(dir, 'pg'));
	const db = await PGlite.create({ fs: folder, startParams });
	await db.exec('create table line (n int)');
	for (let n = 0; n < 5; n++) {
		const before = folder.syncs;
		await db.query('insert into line values ($1)', [n]);
		expect(folder.syncs).toBeGreaterThan(before);
	}
	const before = folder.syncs;
	await db.query('select * from line');
	expect(folder.syncs).toBe(before);
	await db.close();
});

test('[EMB-8] a folder that holds something else is not taken for a database', async () => {
	mkdirSync(join(dir, 'photos'));
	writeFileSync(join(dir, 'photos', 'cat.txt'), 'meow');
	await expect(openEmbedded(join(dir, 'photos'))).rejects.toThrow(join(realpathSync(dir), 'photos'));
	expect(readFileSync(join(dir, 'photos', 'cat.txt'), 'utf8')).toBe('meow');
});

test('[EMB-9] a runaway recursion is an error of its statement', async () => {
	const db = await openEmbedded(join(dir, 'pg'));
	const deep = `create function deeper(n int) returns int language plpgsql as 'begin return deeper(n + 1); end';
		select deeper(1)`;
	await expect(db.query(deep)).rejects.toMatchObject({ code: '54001' });
	await db.close();
});

test('[EMB-9] text that comes through COPY, which the engine cannot read from us, costs only its statement', async () => {
	const db = await openEmbedded(join(dir, 'pg'));
	await db.query('create table line (n int)');
	await expect(db.query('copy line from stdin')).rejects.toThrow();
	expect(await db.query('select 1 as x')).toEqual([{ x: 1 }]);
	await db.close();
});
