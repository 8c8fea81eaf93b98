/** What was read is not what it claims to be: it ends early, or a number is out of range. */
export class Malformed extends Error {}

/**
 * Reads bytes from untrusted hands, in place. Never reads past the end of `bytes`, whatever buffer lies behind it,
 * and takes time in proportion to what is there. Throws Malformed.
 */
export class Reader {
	readonly #bytes: Uint8Array;
	#at = 0;
	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
	}

	get done(): boolean {
		return this.#at === this.#bytes.length;
	}

	/** A variable length unsigned integer, at most 2^53 − 1. */
	uint(): number {
		let value = 0;
		for (let factor = 1; factor <= 2 ** 49; factor *= 128) {
			const byte = this.#bytes[this.#at++];
			if (byte === undefined) throw new Malformed('ends within a number');
			value += (byte & 127) * factor;
			if (byte < 128) {
				if (value > Number.MAX_SAFE_INTEGER) break;
				return value;
			}
		}
		throw new Malformed('number too large');
	}

	/** As many bytes as the number before them says; a view, not a copy. */
	block(): Uint8Array {
		const length = this.uint();
		const end = this.#at + length;
		if (end > this.#bytes.length) throw new Malformed('ends within a block');
		const block = this.#bytes.subarray(this.#at, end);
		this.#at = end;
		return block;
	}
}
