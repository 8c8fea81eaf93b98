/** The disk that the embedded database is on is full, under load. */
import { appendFileSync, cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { rate } from '#lib/document/ratings.ts';
import { openEmbedded } from '../../server/store/embedded.ts';
import { BusyServer } from '../support/busy-server.ts';
import { embeddedDirectory } from '../support/embedded-directory.ts';
import { until } from '../support/rooms.ts';
import { SmallDisk } from '../support/small-disk.ts';

const MB = 1 << 20;
/** What PostgreSQL’s log grows by. */
const SEGMENT = 16 * MB;
/** What is left of the last segment when the server starts: with less than a quarter it makes the next one at once. */
const LEFT = 5 * MB;

vi.setConfig({ testTimeout: 240_000 });

/** Writes the log’s last segment nearly full, and keeps used ones from being made its next. */
async function wearLog(dir: string): Promise<void> {
	appendFileSync(join(dir, 'postgresql.conf'), 'wal_recycle = off\n');
	const db = await openEmbedded(dir);
	await db.query(
		`do $$ begin
			while ${SEGMENT} - (pg_current_wal_insert_lsn() - '0/0') % ${SEGMENT} > ${LEFT} loop
				perform pg_logical_emit_message(false, 'wear', repeat('x', 100000));
			end loop;
		end $$`,
	);
	await db.close();
	expect(readdirSync(join(dir, 'pg_wal')).filter((name) => /^[0-9A-F]{24}$/.test(name))).toHaveLength(1);
}

/** Ratings with long reasons, on and on: much to store, of which the document keeps the last. */
async function flood({ annotator, here: [typist] }: BusyServer): Promise<() => void> {
	const { user } = await annotator.ok<{ user: { id: number } }>('GET', '/me');
	const one = setInterval(() => {
		const why = Array.from({ length: 9000 }, () => Math.random().toString(36)[3] ?? '').join('');
		if (typist) rate(typist.doc, user.id, 'none', 'helpful', { value: 1, why });
	}, 5);
	const stop = (): void => clearInterval(one);
	onTestFinished(stop);
	return stop;
}

test.for([
	{ what: 'a row', free: 0, said: /No space left on device/g },
	// It cannot go on, nor start again.
	{ what: 'its log', free: SEGMENT - MB, said: /Its disk is full.*it will restart/g },
])(
	'[CRASH-4] with no room for more of $what it says so, has acked nothing that is not on disk, and goes on by itself once there is room',
	async ({ free, said }, context) => {
		const disk = SmallDisk.mount(100);
		if (!disk) return context.skip('This process may not mount a disk of its own: none is filled');
		onTestFinished(() => disk.remove());
		const { dir, remove } = await embeddedDirectory('migrated');
		cpSync(dir, disk.dir, { recursive: true });
		remove();
		await wearLog(join(disk.dir, 'pg'));
		const ground = { databaseUrl: '', dataDir: disk.dir, remove: () => Promise.resolve() };
		const busy = await BusyServer.start(ground);
		onTestFinished(() => busy.close());
		const { server } = busy;
		await busy.write(500);
		expect(busy.promised).toBeGreaterThan(0);
		disk.fill(free);
		const stop = await flood(busy);
		await until(() => [...server.output.matchAll(said)].length > 2);
		stop();
		expect((await fetch(`${server.origin}/livez`)).ok).toBe(true);
		// Standing still, the server cannot make good in time what it had promised too early.
		server.freeze();
		await pause(100); // everything that it had sent is heard
		await busy.checkDisk();
		disk.clear();
		const before = busy.promised;
		server.thaw();
		await until(() => busy.promised > before);
		await busy.settle();
		expect(server.runs).toBe(true);
		await server.kill();
		await busy.checkDisk();
	},
);
