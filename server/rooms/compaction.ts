import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Archive } from '../store/archive.ts';

/** Spans in milliseconds. */
export interface CompactionTiming {
	/** Between two rounds. */
	roundEvery: number;
	/** Between two folds of a round: what the database and this process keep for people. */
	pause: number;
}

const TIMING: CompactionTiming = { roundEvery: 60_000, pause: 50 };

/** Dialogues that are asked for at once. */
const AT_ONCE = 100;
/** Share of the event loop's time from which on it is left alone. */
const BUSY = 0.8;

interface CompactionOptions {
	archive: Pick<Archive, 'worthFolding' | 'fold'>;
	logger: Logger;
	timing?: Partial<CompactionTiming>;
	/** Whether people need the time more than this does. */
	busy?: () => boolean;
}

/**
 * Folds the log in the background, from its construction on.
 * 1. One fold is under way at a time.
 * 2. A fold that fails is logged, and the next dialogue's turn comes; a round that moves nothing more ends.
 * 3. Nothing begins after `close`. Any number of nodes may do this at once.
 */
export class Compaction {
	readonly #archive: CompactionOptions['archive'];
	readonly #logger: Logger;
	readonly #timing: CompactionTiming;
	readonly #busy: () => boolean;
	readonly #stop = new AbortController();
	readonly #running: Promise<void>;

	constructor({ archive, logger, timing, busy = busyLoop() }: CompactionOptions) {
		this.#archive = archive;
		this.#logger = logger;
		this.#timing = { ...TIMING, ...timing };
		this.#busy = busy;
		this.#running = this.#run();
	}

	/** Resolves when the fold under way has ended. */
	async close(): Promise<void> {
		this.#stop.abort();
		await this.#running;
	}

	async #run(): Promise<void> {
		while (await this.#rest(this.#timing.roundEvery)) {
			try {
				while (await this.#foldMany());
			} catch (error) {
				this.#logger.error({ err: error }, 'what to fold could not be asked');
			}
		}
	}

	/** Whether it folded anything, so that there may be more. */
	async #foldMany(): Promise<boolean> {
		let moved = false;
		if (this.#busy()) return false;
		for (const dialogue of await this.#archive.worthFolding(AT_ONCE)) {
			if (!(await this.#rest(this.#timing.pause)) || this.#busy()) return false;
			moved = (await this.#fold(dialogue)) || moved;
		}
		return moved;
	}

	async #fold(dialogue: number): Promise<boolean> {
		try {
			return (await this.#archive.fold(dialogue)) > 0;
		} catch (error) {
			this.#logger.error({ err: error, dialogue }, 'a dialogue could not be folded');
			return false;
		}
	}

	/** False when there is nothing more to begin. */
	async #rest(ms: number): Promise<boolean> {
		const { signal } = this.#stop;
		return pause(ms, true, { signal, ref: false }).catch(() => false);
	}
}

/** Looks at the time since it last looked. */
function busyLoop(): () => boolean {
	let before = performance.eventLoopUtilization();
	return () => {
		const now = performance.eventLoopUtilization();
		const { utilization } = performance.eventLoopUtilization(now, before);
		before = now;
		return utilization > BUSY;
	};
}
