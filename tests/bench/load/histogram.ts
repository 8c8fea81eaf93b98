const PER_MS = 10;
const LONGEST = 10_000;

export interface Quantiles {
	count: number;
	p50: number;
	p95: number;
	p99: number;
	max: number;
}

/** Milliseconds, in tenths. */
export class Histogram {
	readonly #buckets = new Uint32Array(LONGEST * PER_MS + 1);
	#count = 0;
	#max = 0;

	add(ms: number): void {
		const bucket = Math.floor(Math.min(LONGEST, Math.max(0, ms)) * PER_MS);
		this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
		this.#count++;
		if (ms > this.#max) this.#max = ms;
	}

	quantile(share: number): number {
		let left = Math.ceil(this.#count * share);
		for (const [bucket, count] of this.#buckets.entries()) {
			left -= count;
			if (left <= 0) return Math.min((bucket + 1) / PER_MS, this.#max);
		}
		return this.#max;
	}

	get quantiles(): Quantiles {
		const round = (ms: number): number => Math.round(ms * PER_MS) / PER_MS;
		const at = (share: number): number => round(this.quantile(share));
		return { count: this.#count, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: round(this.#max) };
	}
}
