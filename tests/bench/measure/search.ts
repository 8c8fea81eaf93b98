/** Two neighbours in a search are near enough when they differ by less. */
const NEAR = 1.11;
const STRIDE = 1.25;

/**
 * Looks for the largest number that passes: strides from `start` until one passes and one fails, then the
 * geometric middle between them.
 */
export class Search {
	/** The largest that has passed. */
	passed = 0;
	/** The smallest that has failed. */
	failed = Infinity;
	readonly #most: number;
	readonly #near: number;
	#next: number;

	constructor(start: number, most: number, near = NEAR) {
		this.#most = most;
		this.#near = near;
		this.#next = Math.min(Math.max(1, Math.round(start)), most);
	}

	/** What to try; null when it is found. */
	get next(): number | null {
		const { passed, failed } = this;
		if (passed >= this.#most || failed <= 1) return null;
		if (failed < Infinity && passed > 0 && (failed / passed <= this.#near || failed - passed <= 1))
			return null;
		return this.#next;
	}

	tried(n: number, pass: boolean): void {
		if (pass) this.passed = Math.max(this.passed, n);
		else this.failed = Math.min(this.failed, n);
		const { passed, failed } = this;
		if (failed === Infinity) this.#next = Math.min(this.#most, Math.ceil(passed * STRIDE));
		else if (passed === 0) this.#next = Math.max(1, Math.floor(failed / 2));
		else this.#next = Math.round(Math.sqrt(passed * failed));
	}
}
