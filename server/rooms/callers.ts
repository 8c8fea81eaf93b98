import type { Limits } from './limits.ts';
import { Rate } from './rate.ts';

/** What one user has open, over all rooms. */
interface Caller {
	peers: number;
	rate: Rate;
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

	/** The rates of a new peer, its own and its user's; null when the user has as many peers as one may. */
	come(userId: number): Rate[] | null {
		const { peersAUser, peerRate, userRate } = this.#limits;
		const now = performance.now();
		let caller = this.#users.get(userId);
		if (caller === undefined) this.#users.set(userId, (caller = { peers: 0, rate: new Rate(userRate, now) }));
		if (caller.peers >= peersAUser) return null;
		caller.peers++;
		return [new Rate(peerRate, now), caller.rate];
	}

	go(userId: number): void {
		const caller = this.#users.get(userId);
		if (caller !== undefined && --caller.peers === 0) this.#users.delete(userId);
	}
}
