/** The database goes away under a server that lives: `ROUNDS` times. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { BusyServer } from '../support/busy-server.ts';
import { startPostgres } from '../support/temporary-postgres.ts';

const ROUNDS = Number(process.env['ROUNDS'] ?? 3);
/** Longer than rooms wait for their log. */
const LONG = 18_000;

vi.setConfig({ testTimeout: 120_000 + ROUNDS * 60_000 });

test(`[CRASH-3] a database that is killed under load takes nothing with it, and the rooms recover by themselves (${ROUNDS} times)`, async (context) => {
	const postgres = await startPostgres();
	if (!postgres) return context.skip('No PostgreSQL on this machine: none is killed');
	onTestFinished(() => postgres.stop());
	const dataDir = mkdtempSync(join(tmpdir(), 'duologue-test-'));
	onTestFinished(() => rmSync(dataDir, { recursive: true }));
	const ground = { databaseUrl: postgres.url, dataDir, remove: () => Promise.resolve() };
	const busy = await BusyServer.start(ground);
	onTestFinished(() => busy.close());
	const { server } = busy;
	for (let round = 0; round < ROUNDS; round++) {
		const before = busy.promised;
		await busy.write(100 + Math.random() * 1000);
		expect(busy.promised).toBeGreaterThan(before);
		if (round % 3 === 0) await postgres.killBackend();
		else {
			await postgres.crash();
			await pause(round % 6 === 5 ? LONG : Math.random() * 1500);
			// Standing still, the server cannot make good in time what it had promised too early.
			server.freeze();
			await pause(100); // everything that it had sent is heard
			await postgres.recover();
			await busy.checkDisk();
			server.thaw();
		}
		await busy.settle();
		await busy.checkDisk();
		expect(server.runs).toBe(true);
	}
	if (process.env['SHOW']) console.log(busy.checked);
});
