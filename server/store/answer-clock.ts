const LOOK_EVERY = 1000;

interface Waiting {
	since: number;
	giveUp: () => void;
}

/**
 * Gives up on what is not answered within `ms`, found up to a second later; 0: never. One clock for all that wait:
 * with a timer for each V8 keeps what a query holds, its parameters above all, until a full collection.
 */
export class AnswerClock {
	readonly #ms: number;
	readonly #waiting = new Set<Waiting>();
	#clock: NodeJS.Timeout | null = null;

	constructor(ms: number) {
		this.#ms = ms;
	}

	/** What `ask` calls back with. Rejects with its error, or when it has not called in time. */
	answer<T>(ask: (callback: (error: Error | null, answer: T) => void) => void): Promise<T> {
		return new Promise((resolve, reject) => {
			const waiting: Waiting = {
				since: performance.now(),
				giveUp: () => reject(new Error('the database did not answer')),
			};
			this.#waiting.add(waiting);
			if (this.#ms > 0) this.#clock ??= setInterval(() => this.#look(), LOOK_EVERY).unref();
			ask((error, answer) => {
				this.#waiting.delete(waiting);
				if (error) reject(error);
				else resolve(answer);
			});
		});
	}

	#look(): void {
		for (const waiting of this.#waiting) {
			if (performance.now() - waiting.since < this.#ms) continue;
			this.#waiting.delete(waiting);
			waiting.giveUp();
		}
	}

	stop(): void {
		if (this.#clock !== null) clearInterval(this.#clock);
	}
}
