/** How long it waits where no picture comes: a page that nobody sees draws none. */
const UNSEEN_MS = 200;
/** What is asked for meanwhile still belongs to the same picture, so often. */
const ROUNDS = 2;

/**
 * Has something run once after the next picture, however often it is asked for before. All that waits for one
 * picture runs in one task: what they change is shown at once.
 */
export class AfterPaint {
	static readonly #waiting = new Set<AfterPaint>();
	static #frame = 0;
	static #timer: ReturnType<typeof setTimeout> | undefined;
	readonly #run: () => void;

	constructor(run: () => void) {
		this.#run = run;
	}

	ask(): void {
		AfterPaint.#waiting.add(this);
		if (AfterPaint.#timer !== undefined) return;
		AfterPaint.#timer = setTimeout(AfterPaint.#now, UNSEEN_MS);
		AfterPaint.#frame = requestAnimationFrame(() => {
			clearTimeout(AfterPaint.#timer);
			AfterPaint.#timer = setTimeout(AfterPaint.#now);
		});
	}

	/** What was asked for is not done any more. */
	forget(): void {
		AfterPaint.#waiting.delete(this);
	}

	static readonly #now = (): void => {
		cancelAnimationFrame(AfterPaint.#frame);
		for (let round = 0; round < ROUNDS; round++) {
			for (const one of [...AfterPaint.#waiting]) if (AfterPaint.#waiting.delete(one)) one.#runAlone();
		}
		AfterPaint.#timer = undefined;
		for (const one of AfterPaint.#waiting) one.ask();
	};

	/** The others run, too, where it throws. */
	#runAlone(): void {
		try {
			this.#run();
		} catch (error) {
			reportError(error);
		}
	}
}
