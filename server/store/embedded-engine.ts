import type { Logger } from 'pino';
import { EngineThread } from './embedded-thread.ts';

/**
 * Keeps the engine available on one directory. A thread that ends is replaced when somebody next connects; the
 * new one recovers from the log. Invariant: a thread starts only when the one before it has ended, since two on
 * one directory would destroy it.
 */
export class EmbeddedEngine {
	readonly #dir: string;
	readonly #patience: number;
	readonly #logger: Logger | undefined;
	#thread: EngineThread | null = null;
	#closed = false;

	constructor(dir: string, o: { patience: number; logger?: Logger | undefined }) {
		this.#dir = dir;
		this.#patience = o.patience;
		this.#logger = o.logger;
	}

	/** The thread, ready for questions. Rejects with the reason when it cannot start. */
	async running(): Promise<EngineThread> {
		if (this.#closed) throw new Error('the embedded database is closed');
		const thread = (this.#thread ??= this.#start());
		await thread.ready;
		return thread;
	}

	#start(): EngineThread {
		const thread = new EngineThread(this.#dir, this.#patience, (message) => this.#logger?.warn(message));
		void thread.ended.then((reason) => {
			this.#thread = null;
			if (!this.#closed)
				this.#logger?.error({ err: reason }, 'the embedded database stopped; it will restart');
		});
		return thread;
	}

	async close(): Promise<void> {
		this.#closed = true;
		await this.#thread?.close();
	}
}
