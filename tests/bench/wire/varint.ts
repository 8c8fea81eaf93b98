/** lib0's variable length integers, in place: the generator reads and writes some hundred thousand a second. */

export function sizeOf(value: number): number {
	let size = 1;
	for (; value > 127; value = Math.floor(value / 128)) size++;
	return size;
}

/** @returns where the next one goes. */
export function put(bytes: Uint8Array, at: number, value: number): number {
	for (; value > 127; value = Math.floor(value / 128)) bytes[at++] = 128 | (value % 128);
	bytes[at++] = value;
	return at;
}

export class Cursor {
	#bytes: Uint8Array = new Uint8Array(0);
	at = 0;

	over(bytes: Uint8Array, at: number): this {
		this.#bytes = bytes;
		this.at = at;
		return this;
	}

	byte(): number {
		return this.#bytes[this.at++] ?? 0;
	}

	uint(): number {
		let byte = this.byte();
		if (byte < 128) return byte;
		let value = byte & 127;
		for (let factor = 128; byte > 127; factor *= 128) {
			byte = this.byte();
			value += (byte & 127) * factor;
		}
		return value;
	}

	/** Passes over a block with its length before it. */
	block(): void {
		const length = this.uint();
		this.at += length;
	}
}
