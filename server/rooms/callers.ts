import { PEERS_A_USER, USER_RATE, WAITING_LIMIT } from './limits.ts';
import { Rate } from './rate.ts';

/** What one user has open, over all rooms. */
interface Caller {
	peers: number;
	rate: Rate;
}

/** What the peers of this node share: a bound for each user, and one for all that waits to be applied. */
export class Callers {
	readonly #users = new Map<number, Caller>();
	/** Bytes of all peers that wait to be applied. */
	waiting = 0;

	/** So much waits that nobody is read ahead of. */
	get full(): boolean {
		return this.waiting > WAITING_LIMIT;
	}

	/** A new peer's share of its user's rate; null when the user has as many peers as one may. */
	come(userId: number): Rate | null {
		let caller = this.#users.get(userId);
		if (caller === undefined) {
			caller = { peers: 0, rate: new Rate(USER_RATE, performance.now()) };
			this.#users.set(userId, caller);
		}
		if (caller.peers >= PEERS_A_USER) return null;
		caller.peers++;
		return caller.rate;
	}

	go(userId: number): void {
		const caller = this.#users.get(userId);
		if (caller !== undefined && --caller.peers === 0) this.#users.delete(userId);
	}
}
