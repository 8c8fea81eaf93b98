/** How much may come in a burst, and how much every second after that. */
export interface Allowed {
	burst: number;
	perSecond: number;
}

/** A token bucket. What is taken beyond it is owed. */
export class Bucket {
	readonly #allowed: Allowed;
	#left: number;
	#at: number;

	constructor(allowed: Allowed, now: number) {
		this.#allowed = allowed;
		this.#left = allowed.burst;
		this.#at = now;
	}

	/** For how many milliseconds something is still owed once `amount` is taken. */
	take(amount: number, now: number): number {
		const { burst, perSecond } = this.#allowed;
		this.#left = Math.min(burst, this.#left + ((now - this.#at) / 1000) * perSecond) - amount;
		this.#at = now;
		return this.#left >= 0 ? 0 : (-1000 * this.#left) / perSecond;
	}
}

/** What a socket may send. */
export interface RateLimit {
	frames: Allowed;
	bytes: Allowed;
}

/** Two buckets: who owes from one of them waits. */
export class Rate {
	readonly #frames: Bucket;
	readonly #bytes: Bucket;

	constructor({ frames, bytes }: RateLimit, now: number) {
		this.#frames = new Bucket(frames, now);
		this.#bytes = new Bucket(bytes, now);
	}

	/** Takes a frame of so many bytes; answers for how many milliseconds to read no further. */
	take(bytes: number, now: number): number {
		return Math.max(this.#frames.take(1, now), this.#bytes.take(bytes, now));
	}
}
