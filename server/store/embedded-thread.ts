import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Batch } from './embedded-frames.ts';
import type { FromWorker, ToWorker } from './embedded-worker.ts';

/** The engine died or fell silent. Whether the statement it was asked took effect is not known. */
export class EngineLost extends Error {
	override readonly name = 'EngineLost';
}

/** One client connection: it gets the engine's answers, or the reason why there will be none. */
export interface Client {
	answered(bytes: Uint8Array): void;
	lost(error: Error): void;
}

const STACK = 16; // MB; enough for the engine to notice a runaway recursion before the thread does
const START_WITHIN = 300_000; // ms; after a crash the log is replayed first
const CLOSE_WITHIN = 20_000; // ms
const LITTLE_ROOM = 32; // MB; two segments of the log

/**
 * One life of the engine on its worker thread. It serves one client at a time and answers in the order of the
 * questions; a question unanswered for `patience` ms ends it.
 */
export class EngineThread {
	readonly ready: Promise<void>;
	/** Resolves when nothing of it touches the directory any more, with the reason. */
	readonly ended: Promise<Error>;
	readonly #worker: Worker;
	readonly #patience: number;
	#client: Client | null = null;
	#unanswered = 0;
	#orphaned = 0; // the first so many answers are to questions of a client that has left
	#watch: NodeJS.Timeout | undefined;
	#failure: EngineLost | undefined;

	constructor(dir: string, patience: number, trouble: (message: string) => void) {
		this.#patience = patience;
		this.#worker = new Worker(new URL('./embedded-worker.ts', import.meta.url), {
			workerData: { dir },
			resourceLimits: { stackSizeMb: STACK },
		});
		this.#endUnlessWithin(START_WITHIN, 'it did not start');
		this.#worker.on('error', (cause: Error) => {
			this.#failure ??= new EngineLost(`The embedded database failed: ${closed(cause.message)}`, { cause });
		});
		this.ended = new Promise((ended) => {
			this.#worker.once('exit', () => {
				clearTimeout(this.#watch);
				const reason = this.#failure ?? new EngineLost('The embedded database has stopped.');
				reason.message += hintAtDisk(dir);
				this.#client?.lost(reason);
				ended(reason);
			});
		});
		this.ready = new Promise((ready, failed) => {
			void this.ended.then(failed);
			this.#worker.on('message', (message: FromWorker) => {
				switch (message.kind) {
					case 'ready':
						clearTimeout(this.#watch);
						return ready();
					case 'answer':
						return this.#answered(message.bytes);
					case 'trouble':
						return trouble(message.message);
				}
			});
		});
	}

	/** From now on `client` asks, in a session that is as good as new. */
	serve(client: Client): void {
		this.#client = client;
		this.#orphaned = this.#unanswered;
		this.#say({ kind: 'open' });
	}

	leave(client: Client): void {
		if (this.#client === client) this.#client = null;
	}

	ask(client: Client, batch: Batch): void {
		if (this.#client !== client) return;
		if (this.#unanswered++ === 0) this.#awaitAnswer();
		this.#say({ kind: 'ask', batch }, [batch.bytes.buffer]);
	}

	async close(): Promise<void> {
		this.#endUnlessWithin(CLOSE_WITHIN, 'it did not close');
		this.#say({ kind: 'close' });
		await this.ended;
	}

	#answered(bytes: Uint8Array): void {
		clearTimeout(this.#watch);
		if (--this.#unanswered > 0) this.#awaitAnswer();
		if (this.#orphaned > 0) this.#orphaned--;
		else this.#client?.answered(bytes);
	}

	#awaitAnswer(): void {
		this.#endUnlessWithin(this.#patience, `no answer for ${this.#patience / 1000} s`);
	}

	#endUnlessWithin(ms: number, why: string): void {
		clearTimeout(this.#watch);
		this.#watch = setTimeout(() => {
			this.#failure ??= new EngineLost(`The embedded database was stopped: ${why}.`);
			void this.#worker.terminate();
		}, ms);
	}

	#say(message: ToWorker, transfer: ArrayBuffer[] = []): void {
		this.#worker.postMessage(message, transfer);
	}
}

const closed = (sentence: string): string => sentence.replace(/\.?$/, '.');

/** A full disk is the most common cause of its failures, and PGlite does not tell it. */
function hintAtDisk(dir: string): string {
	try {
		const { bavail, bsize } = statfsSync(dirname(dir));
		const left = Math.floor((bavail * bsize) / 2 ** 20);
		return left < LITTLE_ROOM ? ` Its disk is full: ${left} MB are left.` : '';
	} catch {
		return ''; // the folder is gone
	}
}
