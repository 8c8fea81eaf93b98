/** How long it waits where no picture comes: a page that nobody sees draws none. */
const UNSEEN_MS = 200;

/** Has something run once after the next picture, however often it is asked for before. */
export class AfterPaint {
	readonly #run: () => void;
	#frame = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(run: () => void) {
		this.#run = run;
	}

	ask(): void {
		if (this.#timer !== undefined) return;
		this.#timer = setTimeout(this.#now, UNSEEN_MS);
		this.#frame = requestAnimationFrame(() => {
			clearTimeout(this.#timer);
			this.#timer = setTimeout(this.#now);
		});
	}

	/** What was asked for is not done any more. */
	forget(): void {
		cancelAnimationFrame(this.#frame);
		clearTimeout(this.#timer);
		this.#timer = undefined;
	}

	readonly #now = (): void => {
		this.forget();
		this.#run();
	};
}
