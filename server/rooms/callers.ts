import type { Limits } from './limits.ts';
import { Bucket, Rate } from './rate.ts';

/** What one user has open and has asked for, over all rooms. */
interface Caller {
	peers: number;
	rate: Rate;
	work: Bucket;
}

/** What a new peer may send, itself and with all others of its user, and what all of these may cost. */
export interface Dues {
	rates: readonly Rate[];
	work: Bucket;
}

/** What the peers of this node share: a bound for each user, and one for all that waits to be applied. */
export class Callers {
	readonly #limits: Limits;
	readonly #users = new Map<number, Caller>();
	/** Bytes of all peers that wait to be applied. */
	waiting = 0;

	constructor(limits: Limits) {
		this.#limits = limits;
	}

	/** So much waits that nobody is read ahead of. */
	get full(): boolean {
		return this.waiting > this.#limits.waiting;
	}

	/** Null when the user has as many peers as one may. */
	come(userId: number): Dues | null {
		const { peersAUser, peerRate, userRate, userWork } = this.#limits;
		const now = performance.now();
		let caller = this.#users.get(userId);
		if (caller === undefined) {
			caller = { peers: 0, rate: new Rate(userRate, now), work: new Bucket(userWork, now) };
			this.#users.set(userId, caller);
		}
		if (caller.peers >= peersAUser) return null;
		caller.peers++;
		return { rates: [new Rate(peerRate, now), caller.rate], work: caller.work };
	}

	/** What they owe is kept: who leaves and comes again still owes it. There are no more of these than accounts. */
	go(userId: number): void {
		const caller = this.#users.get(userId);
		if (caller !== undefined) caller.peers--;
	}
}
