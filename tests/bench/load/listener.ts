import { updateRanges } from '../wire/update-ranges.ts';
import { Cursor } from '../wire/varint.ts';
import type { Ears } from './participant.ts';
import type { Tally } from './tally.ts';
import type { Typist } from './typist.ts';

const cursor = new Cursor();
const STATE_HEAD = '{"n":'.length;
const BRACE = '{'.charCodeAt(0);
const ZERO = '0'.charCodeAt(0);

/** Counts what one participant hears of a dialogue's typists. Updates are known by (client, clock): merged ones count right. */
export class Listener implements Ears {
	/** Of `typists`, the one at this socket; −1: none is. */
	self = -1;
	readonly #typists: readonly Typist[];
	readonly #tally: Tally;
	readonly #heard: number[] = [];
	readonly #shown: number[] = [];
	readonly #onClose: () => void;
	readonly #range = (client: number, from: number, to: number): void => this.#came(client, from, to);

	constructor(typists: readonly Typist[], tally: Tally, onClose: () => void) {
		this.#typists = typists;
		this.#tally = tally;
		this.#onClose = onClose;
	}

	update(bytes: Buffer, from: number, to: number): void {
		updateRanges(bytes, from, to, this.#range);
	}

	presence(bytes: Buffer, from: number): void {
		cursor.over(bytes, from);
		for (let entries = cursor.uint(); entries > 0; entries--) {
			const client = cursor.uint();
			cursor.uint(); // the clock: a server may count anew
			const length = cursor.uint();
			const at = cursor.at;
			cursor.at += length;
			if (bytes[at] !== BRACE) continue; // gone
			const nth = this.#typists.findIndex((typist) => typist.client === client);
			if (nth >= 0 && nth !== this.self) this.#showed(nth, numberAt(bytes, at + STATE_HEAD));
		}
	}

	durable(frames: number): void {
		this.#typists[this.self]?.durable(frames);
	}

	close(): void {
		this.#onClose();
	}

	/** Updates that it has not heard, of those typed before the marks, or of all. */
	missing(of: 'marked' | 'all'): number {
		return this.#typists.reduce((sum, typist, nth) => {
			if (nth === this.self) return sum;
			const typed = of === 'marked' ? typist.mark : typist.clock;
			return sum + Math.max(0, typed - (this.#heard[nth] ?? 0)) / typist.unit;
		}, 0);
	}

	#came(client: number, from: number, to: number): void {
		const nth = this.#typists.findIndex((typist) => typist.client === client);
		const typist = this.#typists[nth];
		if (typist === undefined) return; // the document, before anybody typed here
		let heard = this.#heard[nth] ?? 0;
		if (nth === this.self || to <= heard) {
			this.#tally.repeated++;
			return;
		}
		if (from > heard) {
			this.#tally.gaps++;
			heard = from;
		}
		const now = performance.now();
		for (; heard < to; heard += typist.unit) this.#tally.updateCame(typist.typedAt(heard), now);
		this.#heard[nth] = to;
	}

	#showed(nth: number, n: number): void {
		const typist = this.#typists[nth];
		if (typist === undefined || n <= (this.#shown[nth] ?? 0)) return;
		this.#shown[nth] = n;
		this.#tally.presenceCame(typist.shownAt(n), performance.now());
	}
}

function numberAt(bytes: Buffer, at: number): number {
	let value = 0;
	for (; ; at++) {
		const digit = (bytes[at] ?? 0) - ZERO;
		if (digit < 0 || digit > 9) return value;
		value = value * 10 + digit;
	}
}
