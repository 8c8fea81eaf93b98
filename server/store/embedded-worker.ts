import { PGlite } from '@electric-sql/pglite';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { type Batch, withoutStrayReady } from './embedded-frames.ts';
import { createDatabase, proveCommitSyncs, startParams, SyncedFolder } from './embedded-folder.ts';
import { upkeep } from './embedded-upkeep.ts';

/** What the server says to this thread; it answers a batch with its bytes, in order. */
export type ToWorker = { kind: 'open' } | { kind: 'ask'; batch: Batch } | { kind: 'close' };
export type FromWorker =
	| { kind: 'ready' }
	| { kind: 'answer'; bytes: Uint8Array<ArrayBuffer> }
	| { kind: 'trouble'; message: string };

const UPKEEP_EVERY = 60_000; // ms
const ENGINE_FAILED = 70; // exit code
const DATABASE_ERROR = 100; // the status of the jump that PostgreSQL's error handling makes

if (!parentPort) throw new Error('the embedded database runs on a worker thread');
const port = parentPort;
const say = (message: FromWorker, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
const { dir } = workerData as { dir: string };
if (!existsSync(join(dir, 'PG_VERSION'))) await createDatabase(dir);
const folder = new SyncedFolder(dir);
const db = await PGlite.create({ fs: folder, startParams });
await proveCommitSyncs(db, () => folder.syncs);

// PGlite swallows a crash of the engine (a panic, a trap) and calls it again, for ever. Nothing that such an
// engine says may be believed: this thread ends, and the next one recovers from the log.
const module = db.Module as unknown as { _PostgresMainLoopOnce: () => void };
const step = module._PostgresMainLoopOnce;
module._PostgresMainLoopOnce = () => {
	try {
		step();
	} catch (error) {
		if ((error as { status?: number } | null)?.status !== DATABASE_ERROR) process.exit(ENGINE_FAILED);
		throw error;
	}
};

/** It rejects for the engine's own failure only: a statement's error is an answer. */
const run = (bytes: Uint8Array, onRawData: (bytes: Uint8Array) => void) =>
	db.execProtocolRawStream(bytes, { syncToFs: false, onRawData }).catch(() => process.exit(ENGINE_FAILED));

async function answer(batch: Batch): Promise<void> {
	const parts: Uint8Array[] = [];
	await run(batch.bytes, (bytes) => parts.push(bytes.slice()));
	const bytes = new Uint8Array(withoutStrayReady(Buffer.concat(parts), batch));
	say({ kind: 'answer', bytes }, [bytes.buffer]);
}

const simpleQuery = (sql: string) => {
	const text = Buffer.from(`${sql}\0`);
	const head = Buffer.from([0x51, 0, 0, 0, 0]);
	head.writeInt32BE(text.length + 4, 1);
	return Buffer.concat([head, text]);
};
const SYNC = Buffer.from([0x53, 0, 0, 0, 4]);

/** A new connection finds a session as fresh as on a server: whatever the last one left is undone. */
async function resetSession(): Promise<void> {
	for (const bytes of [SYNC, simpleQuery('rollback'), simpleQuery('discard all')]) {
		await run(bytes, () => undefined);
	}
}

async function receive(message: ToWorker): Promise<void> {
	switch (message.kind) {
		case 'open':
			return resetSession();
		case 'ask':
			return answer(message.batch);
		case 'close':
			await db.close();
			return process.exit(0);
	}
}

// One thing at a time: upkeep speaks to the engine in several steps, between which no client may come.
let tail = Promise.resolve();
const next = (step: () => Promise<void>) => (tail = tail.then(step));

port.on('message', (message: ToWorker) => void next(() => receive(message)));
setInterval(() => {
	const report = (error: Error) => say({ kind: 'trouble', message: `upkeep failed: ${error.message}` });
	void next(() => upkeep(db).catch(report));
}, UPKEEP_EVERY);
say({ kind: 'ready' });
