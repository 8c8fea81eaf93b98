import { performance } from 'node:perf_hooks';

/** The longest pause between the beginnings of two beats of a lane, in milliseconds. */
const SLOWEST = 70;
/** Shares of the event loop's time: below the first beats follow at once, from the second on they are slowest. */
const CALM = 0.4;
const BUSY = 0.95;
const MEASURE_EVERY = 250;

/** How far apart beats are: none while there is little to do, more and so with more in each when busy. */
export class Tempo {
	#pace = 0;
	#measured = performance.now();
	#utilization = performance.eventLoopUtilization();

	/** Milliseconds between the beginnings of two beats. */
	get pace(): number {
		const now = performance.now();
		if (now - this.#measured > MEASURE_EVERY) {
			const utilization = performance.eventLoopUtilization();
			const share = performance.eventLoopUtilization(utilization, this.#utilization).utilization;
			this.#pace = SLOWEST * Math.min(1, Math.max(0, (share - CALM) / (BUSY - CALM)));
			this.#utilization = utilization;
			this.#measured = now;
		}
		return this.#pace;
	}

	/** Milliseconds until the lane that stands at `phase`, 0 to 1, of the pace has its turn. */
	untilTurn(phase: number): number {
		const { pace } = this;
		if (pace < 1) return 0;
		const into = (performance.now() - phase * pace) % pace;
		return pace - into;
	}
}
