/** A turn that a fingerprint has gone through, and where it stood then. */
export interface Heard {
	role: string;
	text: string;
	high: number;
	low: number;
}

/**
 * A number for the texts that came before an answer: the same as long as they are the same. 53 bits, so that two
 * conversations that differ agree once in 9,000,000,000,000,000 times; it keeps no secret and proves nothing.
 */
export class Fingerprint {
	#high = 0xdeadbeef;
	#low = 0x41c6ce57;
	readonly #known: Heard[] | undefined;
	#nth = 0;

	/** `known`: of the last time, kept up here; only what comes after the first change is worked through again. */
	constructor(known?: Heard[]) {
		this.#known = known;
	}

	/** One more turn; a bot is not told of empty ones. */
	add({ role, text }: { role: string; text: string }): void {
		if (text === '') return;
		const known = this.#known?.[this.#nth];
		if (known?.role === role && known.text === text) {
			this.#high = known.high;
			this.#low = known.low;
		} else {
			this.#work(role, text);
			// What was known behind this followed something else.
			this.#known?.splice(this.#nth, Infinity, { role, text, high: this.#high, low: this.#low });
		}
		this.#nth += 1;
	}

	#work(role: string, text: string): void {
		for (const part of [role, text, '\0'])
			for (let at = 0; at < part.length; at++) {
				const unit = part.charCodeAt(at);
				this.#high = Math.imul(this.#high ^ unit, 2_654_435_761);
				this.#low = Math.imul(this.#low ^ unit, 1_597_334_677);
			}
	}

	get value(): number {
		const [a, b] = [this.#high, this.#low];
		const high = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909);
		const low = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909);
		return 4_294_967_296 * (2_097_151 & low) + (high >>> 0);
	}
}
