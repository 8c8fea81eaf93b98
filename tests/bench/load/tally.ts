import { Histogram } from './histogram.ts';

/** What one load has sent and seen. Times count only for what was sent while the window was open. */
export class Tally {
	sent = 0;
	received = 0;
	/** Told to who had it already: the sender itself, or somebody twice. */
	repeated = 0;
	/** Updates that came before those that precede them. */
	gaps = 0;
	/** Sockets that were closed from the other side. */
	dropped = 0;
	presenceSent = 0;
	/** Fewer than were sent times listeners: of several that wait for one listener, servers may send the newest. */
	presenceReceived = 0;
	update = new Histogram();
	presence = new Histogram();
	/** How late the generator itself was. */
	lag = new Histogram();
	#from = Infinity;
	#until = Infinity;

	open(): void {
		this.update = new Histogram();
		this.presence = new Histogram();
		this.lag = new Histogram();
		this.#from = performance.now();
		this.#until = Infinity;
	}
	/** What was sent before still counts when it comes. */
	close(): number {
		this.#until = performance.now();
		return this.#until - this.#from;
	}
	forget(): void {
		this.#from = this.#until = Infinity;
	}

	updateCame(sentAt: number, at: number): void {
		this.received++;
		if (sentAt >= this.#from && sentAt < this.#until) this.update.add(at - sentAt);
	}
	presenceCame(sentAt: number, at: number): void {
		this.presenceReceived++;
		if (sentAt >= this.#from && sentAt < this.#until) this.presence.add(at - sentAt);
	}
	acted(due: number, at: number): void {
		if (at >= this.#from && at < this.#until) this.lag.add(at - due);
	}

	get counts() {
		const { sent, received, gaps, dropped, repeated, presenceSent, presenceReceived } = this;
		return { sent, received, gaps, dropped, repeated, presenceSent, presenceReceived };
	}
}
