/** Two clocks on one answer: the silence between two pieces, and the whole. Either aborts `signal`. Milliseconds. */
export class Patience {
	readonly #out = new AbortController();
	readonly #silence: number;
	readonly #whole: NodeJS.Timeout;
	#quiet: NodeJS.Timeout;

	constructor({ silence, whole }: { silence: number; whole: number }) {
		this.#silence = silence;
		this.#whole = setTimeout(() => this.#out.abort(), whole);
		this.#quiet = setTimeout(() => this.#out.abort(), silence);
	}

	get signal(): AbortSignal {
		return this.#out.signal;
	}

	pause(): void {
		clearTimeout(this.#quiet);
	}

	/** The silence is counted from now. */
	resume(): void {
		clearTimeout(this.#quiet);
		this.#quiet = setTimeout(() => this.#out.abort(), this.#silence);
	}

	/** Both clocks stop for good. */
	end(): void {
		clearTimeout(this.#quiet);
		clearTimeout(this.#whole);
	}
}
