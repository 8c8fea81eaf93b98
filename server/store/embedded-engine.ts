import type { Logger } from 'pino';
import { EngineThread } from './embedded-thread.ts';

/** A life of less is short, in ms. */
const SHORT_LIFE = 60_000;
/** After the second short life in a row; doubled by each one more, up to the longest. In ms. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;

/**
 * Keeps the engine available on one directory. A thread that ends is replaced when somebody next connects; the
 * new one recovers from the log. Invariants:
 * 1. A thread starts only when the one before it has ended, since two on one directory would destroy it.
 * 2. One that ends soon, again and again, is replaced after a pause; who asks meanwhile is told why it ended. Each
 *    start costs seconds of work, and some hundreds of them in one process make V8 fail (WebAssembly's wrappers).
 */
export class EmbeddedEngine {
	readonly #dir: string;
	readonly #patience: number;
	readonly #logger: Logger | undefined;
	#thread: EngineThread | null = null;
	#closed = false;
	#shortLives = 0;
	#resting: { until: number; reason: Error } | null = null;

	constructor(dir: string, o: { patience: number; logger?: Logger | undefined }) {
		this.#dir = dir;
		this.#patience = o.patience;
		this.#logger = o.logger;
	}

	/** The thread, ready for questions. Rejects with the reason when it cannot start. */
	async running(): Promise<EngineThread> {
		if (this.#closed) throw new Error('the embedded database is closed');
		if (this.#resting && performance.now() < this.#resting.until) throw this.#resting.reason;
		const thread = (this.#thread ??= this.#start());
		await thread.ready;
		return thread;
	}

	#start(): EngineThread {
		this.#resting = null;
		const began = performance.now();
		const thread = new EngineThread(this.#dir, this.#patience, (message) => this.#logger?.warn(message));
		void thread.ended.then((reason) => {
			this.#thread = null;
			this.#rest(performance.now() - began, reason);
			if (!this.#closed)
				this.#logger?.error({ err: reason }, 'the embedded database stopped; it will restart');
		});
		return thread;
	}

	#rest(lived: number, reason: Error): void {
		this.#shortLives = lived < SHORT_LIFE ? this.#shortLives + 1 : 0;
		if (this.#shortLives < 2) return;
		const pause = Math.min(FIRST_PAUSE * 2 ** (this.#shortLives - 2), LONGEST_PAUSE);
		this.#resting = { until: performance.now() + pause, reason };
	}

	async close(): Promise<void> {
		this.#closed = true;
		await this.#thread?.close();
	}
}
