import { random } from '../../support/random.ts';
import { presenceFrame, typedFrame, type Id } from '../wire/messages.ts';
import type { Participant } from './participant.ts';

const REMEMBERED = 4096;
const SENTENCE =
	'when the reader looks at this answer it should be plain why the second step follows from the first one ';
const TOKENS = ['the ', 'and ', 'of a', ' ste', 'p is', 'ing ', 'tion', 'er, '];

const ids = random(99);
/** A Yjs client id that nobody has. */
export const newClientId = (): number => 1 + ids.int(0xffff_fffe);

/** Where somebody types: right of `left`, left of `right`, and so after `index` characters of turn `turn`. */
export interface Anchor {
	turn: number;
	index: number;
	left: Id;
	/** Null: at the end. */
	right: Id | null;
}

/** Types in one place, always behind what it typed before, and shows where it is. */
export class Typist {
	readonly client = newClientId();
	/** Characters at once. */
	readonly unit: number;
	readonly anchor: Anchor;
	/** Characters typed. */
	clock = 0;
	typed = '';
	/** Of `clock`, when the window closed. */
	mark = 0;
	/** Of `clock`: on disk, as the server says. */
	acked = 0;
	readonly #name: string;
	readonly #typedAt = new Float64Array(REMEMBERED);
	/** How many frames its socket had sent with it. */
	readonly #framesBy = new Float64Array(REMEMBERED);
	readonly #shownAt = new Float64Array(REMEMBERED);
	#shown = 0;

	constructor(name: string, unit: 1 | 4, anchor: Anchor) {
		this.#name = name;
		this.unit = unit;
		this.anchor = anchor;
	}

	type(as: Participant): void {
		const { client, clock, unit, anchor } = this;
		const nth = clock / unit;
		const text = (unit === 1 ? SENTENCE[nth % SENTENCE.length] : TOKENS[nth % TOKENS.length]) ?? '';
		const left = clock === 0 ? anchor.left : { client, clock: clock - 1 };
		const frame = typedFrame(as.prefix, { client, clock }, left, anchor.right, text);
		this.#typedAt[nth % REMEMBERED] = performance.now();
		this.clock += unit;
		this.typed += text;
		as.say(frame);
		this.#framesBy[nth % REMEMBERED] = as.sent;
	}

	/** Sends its newest presence, some 330 bytes; `n` comes first, where servers that stamp a name leave it. */
	show(as: Participant): void {
		const { client } = this;
		const n = ++this.#shown;
		const position = `{"type":null,"tname":null,"item":{"client":${client},"clock":${100_000 + n}},"assoc":0}`;
		const user = `{"id":"u-${client % 1000}","name":"${this.#name}","color":"#30bced","role":"annotator"}`;
		const cursor = `{"turn":"turn-${this.anchor.turn}","anchor":${position},"head":${position}}`;
		this.#shownAt[n % REMEMBERED] = performance.now();
		as.say(presenceFrame(as.prefix, client, n, `{"n":${n},"user":${user},"cursor":${cursor}}`));
	}

	/** The first `frames` of its socket are on disk. */
	durable(frames: number): void {
		while (this.acked < this.clock && this.#at(this.#framesBy, this.acked) <= frames) this.acked += this.unit;
	}

	typedAt(clock: number): number {
		return this.#at(this.#typedAt, clock);
	}
	shownAt(n: number): number {
		return this.#shownAt[n % REMEMBERED] ?? NaN;
	}

	#at(remembered: Float64Array, clock: number): number {
		return remembered[(clock / this.unit) % REMEMBERED] ?? NaN;
	}
}
