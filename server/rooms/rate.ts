/** What may come in a burst and every second after that. */
export interface RateLimit {
	frames: { burst: number; perSecond: number };
	bytes: { burst: number; perSecond: number };
}

/** Two token buckets. What is taken beyond them is owed: who owes waits. */
export class Rate {
	readonly #limit: RateLimit;
	#frames: number;
	#bytes: number;
	#at: number;

	constructor(limit: RateLimit, now: number) {
		this.#limit = limit;
		this.#frames = limit.frames.burst;
		this.#bytes = limit.bytes.burst;
		this.#at = now;
	}

	/** Takes a frame of so many bytes; answers for how many milliseconds to read no further. */
	take(bytes: number, now: number): number {
		const { frames, bytes: volume } = this.#limit;
		const seconds = (now - this.#at) / 1000;
		this.#at = now;
		this.#frames = Math.min(frames.burst, this.#frames + seconds * frames.perSecond) - 1;
		this.#bytes = Math.min(volume.burst, this.#bytes + seconds * volume.perSecond) - bytes;
		if (this.#frames >= 0 && this.#bytes >= 0) return 0;
		return 1000 * Math.max(-this.#frames / frames.perSecond, -this.#bytes / volume.perSecond);
	}
}
