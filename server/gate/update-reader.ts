import { Refusal } from './refusal.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads lib0's primitives from untrusted bytes: never past the end, never allocating more than was read. */
export class UpdateReader {
	readonly #bytes: Uint8Array;
	#at = 0;
	/** Values that may still come. */
	#values: number;

	/** `values`: how many it reads, those inside of others too. */
	constructor(bytes: Uint8Array, values: number) {
		this.#bytes = bytes;
		this.#values = values;
	}

	get position(): number {
		return this.#at;
	}

	get atEnd(): boolean {
		return this.#at === this.#bytes.length;
	}

	byte(): number {
		const byte = this.#bytes[this.#at++];
		if (byte === undefined) throw new Refusal('malformed', 'unexpected end');
		return byte;
	}

	uint(): number {
		let value = 0;
		let scale = 1;
		for (;;) {
			const byte = this.byte();
			value += (byte & 127) * scale;
			if (value > Number.MAX_SAFE_INTEGER) throw new Refusal('malformed', 'integer out of range');
			if (byte < 128) return value;
			scale *= 128;
		}
	}

	string(): string {
		const bytes = this.#take(this.uint());
		if (bytes.length <= 16) {
			// short ASCII is cheaper without a TextDecoder call
			let text = '';
			for (const byte of bytes) {
				if (byte >= 128) return this.#decode(bytes);
				text += String.fromCharCode(byte);
			}
			return text;
		}
		return this.#decode(bytes);
	}

	/** A JSON-like value; bigints, binaries and unknown tags are refused. */
	any(depth: number): unknown {
		if (this.#values-- === 0) throw new Refusal('limit', 'too many values');
		const tag = this.byte();
		switch (tag) {
			case 127:
				return undefined;
			case 126:
				return null;
			case 125:
				return this.#int();
			case 124:
				return this.#view(4).getFloat32(0, false);
			case 123:
				return this.#view(8).getFloat64(0, false);
			case 121:
				return false;
			case 120:
				return true;
			case 119:
				return this.string();
			case 118:
				return this.#object(depth);
			case 117:
				return this.#array(depth);
			default:
				throw new Refusal('bad-value', `value tag ${tag}`);
		}
	}

	#object(depth: number): Record<string, unknown> {
		if (depth === 0) throw new Refusal('limit', 'value nested too deep');
		const size = this.uint();
		const object = Object.create(null) as Record<string, unknown>;
		for (let i = 0; i < size; i++) {
			const key = this.string();
			if (key === '__proto__') throw new Refusal('bad-value', '__proto__ key');
			object[key] = this.any(depth - 1);
		}
		return object;
	}

	#array(depth: number): unknown[] {
		if (depth === 0) throw new Refusal('limit', 'value nested too deep');
		const size = this.uint();
		const array: unknown[] = [];
		for (let i = 0; i < size; i++) array.push(this.any(depth - 1));
		return array;
	}

	#int(): number {
		let byte = this.byte();
		const sign = (byte & 64) !== 0 ? -1 : 1;
		let value = byte & 63;
		let scale = 64;
		while (byte >= 128) {
			byte = this.byte();
			value += (byte & 127) * scale;
			scale *= 128;
			if (value > Number.MAX_SAFE_INTEGER) throw new Refusal('malformed', 'integer out of range');
		}
		return sign * value;
	}

	#view(size: number): DataView {
		const bytes = this.#take(size);
		return new DataView(bytes.buffer, bytes.byteOffset, size);
	}

	#take(size: number): Uint8Array {
		if (size > this.#bytes.length - this.#at) throw new Refusal('malformed', 'length beyond the end');
		return this.#bytes.subarray(this.#at, (this.#at += size));
	}

	#decode(bytes: Uint8Array): string {
		try {
			return utf8.decode(bytes);
		} catch {
			throw new Refusal('malformed', 'not UTF-8');
		}
	}
}
