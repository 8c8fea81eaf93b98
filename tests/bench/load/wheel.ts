import { random } from '../../support/random.ts';

const SLOTS = 2048;
const fate = random(41);

interface Deed {
	due: number;
	/** Milliseconds on average; each time up to half of `jitter` less or more. */
	period: number;
	jitter: number;
	/** False: never again. */
	act: (due: number) => boolean;
}

/** Does things at their times, whether or not what they wait for has come: an open loop, from one timer. */
export class Wheel {
	readonly #slots = Array.from({ length: SLOTS }, (): Deed[] => []);
	#at = Math.floor(performance.now());
	readonly #timer = setInterval(() => this.#turn(), 1);

	every(period: number, jitter: number, act: Deed['act']): void {
		this.#put({ due: performance.now() + fate.next() * period, period, jitter, act });
	}

	stop(): void {
		clearInterval(this.#timer);
	}

	#put(deed: Deed): void {
		this.#slots[Math.max(this.#at + 1, Math.floor(deed.due)) % SLOTS]?.push(deed);
	}

	#turn(): void {
		const now = Math.floor(performance.now());
		while (this.#at < now) {
			const slot = ++this.#at % SLOTS;
			const due = this.#slots[slot] ?? [];
			if (due.length === 0) continue;
			this.#slots[slot] = [];
			for (const deed of due) {
				if (!deed.act(deed.due)) continue;
				deed.due += deed.period * (1 - deed.jitter / 2 + deed.jitter * fate.next());
				this.#put(deed);
			}
		}
	}
}
