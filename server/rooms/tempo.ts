import { performance } from 'node:perf_hooks';

/** The longest pause between the beginnings of two beats, in milliseconds. */
const SLOWEST = 40;
/** Shares of the event loop's time: below the first beats follow at once, from the second on they are slowest. */
const CALM = 0.4;
const BUSY = 0.8;
const MEASURE_EVERY = 250;

/** How soon the next beat may begin: at once while there is little to do, later and so with more in it when busy. */
export class Tempo {
	#began = 0;
	#pace = 0;
	#measured = performance.now();
	#utilization = performance.eventLoopUtilization();

	begin(): void {
		this.#began = performance.now();
	}

	/** Milliseconds from now. */
	wait(): number {
		const now = performance.now();
		if (now - this.#measured > MEASURE_EVERY) {
			const utilization = performance.eventLoopUtilization();
			const share = performance.eventLoopUtilization(utilization, this.#utilization).utilization;
			this.#pace = SLOWEST * Math.min(1, Math.max(0, (share - CALM) / (BUSY - CALM)));
			this.#utilization = utilization;
			this.#measured = now;
		}
		return this.#began + this.#pace - now;
	}
}
