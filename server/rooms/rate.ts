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
	/** Readings of the socket, however little each brings: who drips is read in larger pieces. */
	readings: Allowed;
	bytes: Allowed;
	messages: Allowed;
}

/** Who owes from one of its buckets waits. */
export class Rate {
	readonly #readings: Bucket;
	readonly #bytes: Bucket;
	readonly #messages: Bucket;

	constructor({ readings, bytes, messages }: RateLimit, now: number) {
		this.#readings = new Bucket(readings, now);
		this.#bytes = new Bucket(bytes, now);
		this.#messages = new Bucket(messages, now);
	}

	/** So many bytes were read at once; answers for how many milliseconds to read no further. */
	read(bytes: number, now: number): number {
		return Math.max(this.#readings.take(1, now), this.#bytes.take(bytes, now));
	}

	/** Messages, or what costs as much; answers as `read` does. */
	hear(messages: number, now: number): number {
		return this.#messages.take(messages, now);
	}
}
