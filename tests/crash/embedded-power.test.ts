import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Database, Queries } from '../../server/store/database.ts';
import { openEmbedded } from '../../server/store/embedded.ts';
import { EngineLost } from '../../server/store/embedded-thread.ts';
import { embeddedDirectory } from '../support/embedded-directory.ts';

const WRITER = fileURLToPath(new URL('../support/row-writer.ts', import.meta.url));

vi.setConfig({ testTimeout: 240_000 }); // engines start again and again here

let dir: string;
let remove: () => void;
beforeEach(async () => {
	const fresh = await embeddedDirectory('bare');
	dir = join(fresh.dir, 'pg');
	remove = fresh.remove;
});
afterEach(() => remove());

/** Runs the writer until it has acknowledged `rows` rows, kills it outright, and tells which those were. */
async function writeAndKill(rows: number): Promise<number[]> {
	const writer = spawn(process.execPath, [WRITER, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
	const acknowledged: number[] = [];
	for await (const line of createInterface({ input: writer.stdout })) {
		acknowledged.push(Number(line));
		if (acknowledged.length === rows) writer.kill('SIGKILL');
	}
	if (writer.exitCode === null && writer.signalCode === null) await once(writer, 'exit');
	expect(writer.signalCode).toBe('SIGKILL');
	return acknowledged;
}

const rowsOf = async (db: Database) =>
	(await db.query<{ n: number }>('select n from line order by n')).map((row) => row.n);

test('[EMB-1] every row that was acknowledged survives kill -9, round after round', async () => {
	const acknowledged: number[] = [];
	for (const rows of [1, 200, 57]) {
		acknowledged.push(...(await writeAndKill(rows)));
		const db = await openEmbedded(dir);
		expect(await rowsOf(db)).toEqual(expect.arrayContaining(acknowledged));
		await db.close();
	}
	expect(acknowledged.length).toBeGreaterThanOrEqual(258);
});

test('[EMB-2] a first start that was cut off starts over', async () => {
	rmSync(dir, { recursive: true });
	mkdirSync(join(`${dir}.unfinished`, 'base'), { recursive: true });
	const db = await openEmbedded(dir);
	expect(await db.query('select 1 as x')).toEqual([{ x: 1 }]);
	await db.close();
	expect(existsSync(`${dir}.unfinished`)).toBe(false);
});

describe('an engine that fails', () => {
	let db: Database;
	/** What it told its operator. */
	let said: string[];
	beforeEach(async () => {
		said = [];
		const logger = pino({ base: null }, { write: (line: string) => void said.push(line) });
		// more than any statement here takes, on a busy machine too
		db = await openEmbedded(dir, { patience: 10_000, logger });
		await db.query('create table line (n int8 primary key)');
		await add(db, 1);
	});
	afterEach(() => db.close());

	const add = (to: Queries, n: number) => to.prepared('add', 'insert into line values ($1)', [n]);

	/** Its log's folder is gone when it has to write there: PostgreSQL panics, since it cannot promise anything. */
	const panic = (on: Queries): Promise<void> => panicWithoutLog(on).finally(restoreLog);
	async function panicWithoutLog(on: Queries): Promise<void> {
		renameSync(join(dir, 'pg_wal'), join(dir, 'elsewhere'));
		await on.query(`select pg_switch_wal(); select pg_logical_emit_message(false, 'test', 'write', true)`);
	}
	const restoreLog = (): void => renameSync(join(dir, 'elsewhere'), join(dir, 'pg_wal'));

	test.each([
		['hangs', (on: Queries) => on.query('select pg_sleep(3600)')],
		['panics', panic],
	])(
		'[EMB-3] one that %s fails what it was asked, and the next goes on with every acknowledged row',
		async (_, fail) => {
			const failing = expect(fail(db)).rejects.toThrow(EngineLost);
			const waiting = db.transaction((tx) => add(tx, 2)); // for its turn: the next engine's
			await failing;
			await waiting;
			await add(db, 3);
			expect(await rowsOf(db)).toEqual([1, 2, 3]);
		},
	);

	test('[EMB-4] a transaction that was open at the failure leaves nothing', async () => {
		const attempt = db.transaction(async (tx) => {
			await add(tx, 4);
			await panic(tx);
		});
		await expect(attempt).rejects.toThrow(EngineLost);
		expect(await rowsOf(db)).toEqual([1]);
	});

	test('[EMB-15] one that cannot start is tried at growing intervals, not for every question, and goes on once it can', async () => {
		const asked = Array.from({ length: 10 }, (_, n) => n + 2);
		await expect(panicWithoutLog(db)).rejects.toThrow(EngineLost);
		for (const n of asked) await expect(add(db, n)).rejects.toThrow(EngineLost);
		expect(said.filter((line) => line.includes('it will restart')).length).toBeLessThan(5);
		restoreLog();
		while (
			!(await add(db, 99).then(
				() => true,
				() => false,
			))
		)
			await pause(50);
		expect(await rowsOf(db)).toEqual([1, 99]);
	});
});
