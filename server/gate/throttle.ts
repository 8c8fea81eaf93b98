/** Milliseconds since the epoch, or since anything: only differences count. */
export type Clock = () => number;

const FREE_TRIES = 5;
const FIRST_DELAY_MS = 2_000;
const LONGEST_DELAY_MS = 5 * 60_000;
/** Failures this long past are forgotten. */
const MEMORY_MS = 30 * 60_000;

/**
 * Counts failed tries by key (an email, an address) and says how long to wait before the next: nothing up to
 * the fifth, then 2 s, doubling up to 5 min. Remembers the `capacity` keys that failed last, so that a flood of
 * made-up keys costs bounded memory.
 */
export class Throttle {
	readonly #now: Clock;
	readonly #capacity: number;
	/** Least recent failure first. */
	readonly #failures = new Map<string, { count: number; last: number }>();

	constructor({ now = Date.now, capacity = 10_000 }: { now?: Clock; capacity?: number } = {}) {
		this.#now = now;
		this.#capacity = capacity;
	}

	/** Whole seconds until the next try is looked at: the longest wait of these keys, 0 for none. */
	wait(keys: readonly string[]): number {
		return Math.max(0, ...keys.map((key) => this.#waitOf(key)));
	}

	failed(keys: readonly string[]): void {
		for (const key of keys) {
			const count = (this.#recall(key)?.count ?? 0) + 1;
			this.#failures.delete(key);
			this.#failures.set(key, { count, last: this.#now() });
		}
		for (const oldest of this.#failures.keys()) {
			if (this.#failures.size <= this.#capacity) break;
			this.#failures.delete(oldest);
		}
	}

	forget(key: string): void {
		this.#failures.delete(key);
	}

	#waitOf(key: string): number {
		const known = this.#recall(key);
		if (!known || known.count < FREE_TRIES) return 0;
		const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (known.count - FREE_TRIES));
		return Math.max(0, Math.ceil((known.last + delay - this.#now()) / 1000));
	}

	#recall(key: string): { count: number; last: number } | undefined {
		const known = this.#failures.get(key);
		return known && this.#now() - known.last < MEMORY_MS ? known : undefined;
	}
}
