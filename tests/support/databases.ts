import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { inject } from 'vitest';
import { type Database, openDatabase } from '../../server/store/database.ts';
import { DirectoryInUse, lockDirectory, type Release } from '../../server/store/directory-lock.ts';
import { openEmbedded } from '../../server/store/embedded.ts';
import { openPostgres } from '../../server/store/postgres.ts';

export interface FreshDatabase {
	db: Database;
	/** Closes it and removes every trace. */
	close: () => Promise<void>;
}

/** What a server of its own stands on: a fresh database that nobody has open. */
export interface Ground {
	/** Empty: the embedded database. */
	databaseUrl: string;
	dataDir: string;
	remove: () => Promise<void>;
}

export interface TestEngine {
	engine: Database['engine'];
	ground: () => Promise<Ground>;
	/** A fresh database with our tables. */
	open: () => Promise<FreshDatabase>;
	/** A fresh database with nothing in it. */
	openBare: () => Promise<FreshDatabase>;
}

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
	const made = join(inject('runDirectory'), name);
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

async function openOn(
	name: 'bare' | 'migrated',
	open: (dir: string) => Promise<Database>,
): Promise<FreshDatabase> {
	const { dir, remove } = await embeddedDirectory(name);
	const db = await open(dir);
	return { db, close: () => db.close().then(remove) };
}

export const embedded: TestEngine = {
	engine: 'embedded',
	ground: async () => {
		const { dir, remove } = await embeddedDirectory('migrated');
		return { databaseUrl: '', dataDir: dir, remove: () => Promise.resolve(remove()) };
	},
	open: () => openOn('migrated', (dir) => openDatabase({ dir })),
	openBare: () => openOn('bare', (dir) => openEmbedded(join(dir, 'pg'))),
};

/** The URL of a new database on the server, and how to be rid of it. */
async function postgresDatabase(server: string): Promise<{ url: string; drop: () => Promise<void> }> {
	const name = `duologue_test_${randomBytes(6).toString('hex')}`;
	const admin = async (sql: string) => {
		const db = await openPostgres(server, { patient: true });
		await db.query(sql).finally(() => db.close());
	};
	await admin(`create database ${name}`);
	const url = new URL(server);
	url.pathname = `/${name}`;
	return { url: url.href, drop: () => admin(`drop database ${name} with (force)`) };
}

async function openAt(server: string, open: (url: string) => Promise<Database>): Promise<FreshDatabase> {
	const { url, drop } = await postgresDatabase(server);
	const db = await open(url);
	return { db, close: () => db.close().then(drop) };
}

const postgres = (server: string): TestEngine => ({
	engine: 'postgres',
	ground: async () => {
		const { url, drop } = await postgresDatabase(server);
		const dataDir = mkdtempSync(join(tmpdir(), 'duologue-test-'));
		return {
			databaseUrl: url,
			dataDir,
			remove: () => drop().then(() => rmSync(dataDir, { recursive: true })),
		};
	},
	open: () => openAt(server, (url) => openDatabase({ url, dir: tmpdir() })),
	openBare: () => openAt(server, (url) => openPostgres(url, {})),
});

const server = inject('postgresUrl');

/** For `describe.each(ENGINES)('… on $engine', ({ open }) => …)`: every engine that this machine can run. */
export const ENGINES: readonly TestEngine[] = server === null ? [embedded] : [embedded, postgres(server)];
