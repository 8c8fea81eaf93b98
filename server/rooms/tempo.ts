import { performance } from 'node:perf_hooks';

/** The longest pace, in milliseconds: a beat's own work is added to it until a peer is told. */
const SLOWEST = 64;
/** Shares of the event loop's time: above the first beats move apart, above the second fast, below the third closer. */
const STRAINED = 0.75;
const OVERRUN = 0.9;
const EASY = 0.6;
const MEASURE_EVERY = 100;
/** The least time between two beats of whatever lane, once they are apart at all. */
const APART = 10;
export const MOST_LANES = 4;
/** In milliseconds. Few rooms gain nothing by fewer beats: what strains the loop is then inside of one of them. */
const PACE_A_ROOM = 2;

/**
 * How far apart the beats of one room are: not at all while there is little to do; and as far as is needed, and no
 * further, for the loop to keep some air when there is much. It moves by steps, since what it measures follows it.
 */
export class Tempo {
	#pace = 0;
	/** The most rooms that one beat cut since it was last measured. */
	#most = 0;
	#measured = performance.now();
	#utilization = performance.eventLoopUtilization();

	/** A beat cut so many rooms. */
	took(rooms: number): void {
		this.#most = Math.max(this.#most, rooms);
	}

	/** Milliseconds between the beginnings of two beats of a lane. */
	get pace(): number {
		const now = performance.now();
		if (now - this.#measured > MEASURE_EVERY) {
			const utilization = performance.eventLoopUtilization();
			const share = performance.eventLoopUtilization(utilization, this.#utilization).utilization;
			if (share > OVERRUN) this.#pace = Math.min(SLOWEST, this.#pace * 1.6 + 4);
			else if (share > STRAINED) this.#pace = Math.min(SLOWEST, this.#pace * 1.25 + 1);
			else if (share < EASY) this.#pace = Math.max(0, this.#pace * 0.9 - 0.5);
			this.#pace = Math.min(this.#pace, PACE_A_ROOM * this.#most);
			this.#most = 0;
			this.#utilization = utilization;
			this.#measured = now;
		}
		return this.#pace;
	}

	/** Into how many lanes rooms are spread that beat in turn. */
	get lanes(): number {
		return Math.min(MOST_LANES, Math.max(1, Math.floor(this.pace / APART)));
	}

	/** Milliseconds until lane `index` has its turn. */
	untilTurn(index: number): number {
		const { pace, lanes } = this;
		if (pace < 1) return 0;
		const phase = (pace * (index % lanes)) / lanes;
		return pace - ((performance.now() - phase) % pace);
	}
}
