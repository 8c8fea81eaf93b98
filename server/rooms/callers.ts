import type { Limits } from './limits.ts';
import { Bucket, Rate } from './rate.ts';

/** What one user has open and has asked for, over all rooms. */
interface Caller {
	peers: number;
	knocks: Bucket;
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

	/** Whether a socket of theirs may come in now. Who is turned away owes nothing for it. */
	knock(userId: number): boolean {
		const { knocks } = this.#of(userId);
		const now = performance.now();
		return knocks.take(0, now) === 0 && knocks.take(1, now) === 0;
	}

	/** Null when the user has as many peers as one may. */
	come(userId: number): Dues | null {
		const caller = this.#of(userId);
		if (caller.peers >= this.#limits.peersAUser) return null;
		caller.peers++;
		const own = new Rate(this.#limits.peerRate, performance.now());
		return { rates: [own, caller.rate], work: caller.work };
	}

	#of(userId: number): Caller {
		const known = this.#users.get(userId);
		if (known !== undefined) return known;
		const { userKnocks, userRate, userWork } = this.#limits;
		const now = performance.now();
		const caller: Caller = {
			peers: 0,
			knocks: new Bucket(userKnocks, now),
			rate: new Rate(userRate, now),
			work: new Bucket(userWork, now),
		};
		this.#users.set(userId, caller);
		return caller;
	}

	/** What they owe is kept: who leaves and comes again still owes it. There are no more of these than accounts. */
	go(userId: number): void {
		const caller = this.#users.get(userId);
		if (caller !== undefined) caller.peers--;
	}
}
