import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { type Database, openDatabase } from '../../server/store/database.ts';
import { openEmbedded } from '../../server/store/embedded.ts';
import { openPostgres } from '../../server/store/postgres.ts';
import { embeddedDirectory } from './embedded-directory.ts';

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
