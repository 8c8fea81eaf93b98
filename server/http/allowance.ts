/** Token buckets by key, in bounded memory: who is not seen for a while starts full again. */
export class Allowance {
	readonly #burst: number;
	readonly #perSecond: number;
	readonly #most: number;
	readonly #buckets = new Map<string, { left: number; at: number }>();

	constructor({ burst, perSecond, most = 10_000 }: { burst: number; perSecond: number; most?: number }) {
		this.#burst = burst;
		this.#perSecond = perSecond;
		this.#most = most;
	}

	/** Takes one; answers how many seconds to wait when there is none, else 0. */
	take(key: string, now = performance.now()): number {
		const bucket = this.#buckets.get(key) ?? { left: this.#burst, at: now };
		const left = Math.min(this.#burst, bucket.left + ((now - bucket.at) / 1000) * this.#perSecond);
		this.#buckets.delete(key);
		this.#buckets.set(key, { left: left < 1 ? left : left - 1, at: now });
		if (this.#buckets.size > this.#most) this.#forgetOldest();
		return left < 1 ? Math.ceil((1 - left) / this.#perSecond) : 0;
	}

	#forgetOldest(): void {
		for (const key of this.#buckets.keys()) {
			this.#buckets.delete(key);
			return;
		}
	}
}
