import { AWARENESS, DURABLE, STEP_1, STEP_2, SYNC, UPDATE } from '#lib/wire/message-kinds.ts';
import type { Contender } from '../servers/contender.ts';
import type { Seat } from '../servers/door.ts';
import {
	AUTH,
	authFrame,
	prefixFor,
	presenceFrame,
	SYNC_REPLY,
	syncFrame,
	type Dialect,
} from '../wire/messages.ts';
import { RawSocket } from '../wire/raw-socket.ts';
import { Cursor } from '../wire/varint.ts';

const NOTHING = Uint8Array.of(0, 0);
const EMPTY_VECTOR = Uint8Array.of(0);
const GRANTED = 2;
/** As stock providers do; Hocuspocus drops who says nothing for a minute. */
const PRESENCE_EVERY = 15_000;
const QUIET_PRESENCE = '{"n":0,"user":{"name":"Watcher","color":"#888888"}}';

export interface Place {
	dialogue: number;
	seat: Seat;
	/** The Yjs client id that it writes and shows itself under. */
	client: number;
}

/** The bytes are the socket's: read at once. */
export interface Ears {
	update?(bytes: Buffer, from: number, to: number): void;
	presence?(bytes: Buffer, from: number): void;
	/** Of the frames sent on this socket so many are on disk. */
	durable?(frames: number): void;
	close?(): void;
}

/** What a client that comes back has: its document, and that as a state vector. */
export interface Held {
	state: Uint8Array;
	vector: Uint8Array;
}

const cursor = new Cursor();

/** One socket of a dialogue: the handshake of its server's dialect, then messages as they are. */
export class Participant {
	/** Rejects with why there was no handshake. */
	readonly ready: Promise<void>;
	/** When the answer to its step 1 was there. */
	syncedAt = NaN;
	/** Frames sent. */
	sent = 0;
	readonly prefix: Uint8Array;
	readonly client: number;
	readonly #dialect: Dialect;
	readonly #ears: Ears;
	readonly #held: Held | undefined;
	readonly #socket: RawSocket;
	readonly #arrived = Promise.withResolvers<void>();
	#renewals = 0;
	#renewing: NodeJS.Timeout | undefined;

	constructor(contender: Contender, { dialogue, seat, client }: Place, ears: Ears = {}, held?: Held) {
		const { door, port } = contender;
		this.#dialect = contender.kind.dialect;
		this.client = client;
		this.#ears = ears;
		this.#held = held;
		this.prefix = prefixFor(this.#dialect, door.nameOf(dialogue));
		this.ready = this.#arrived.promise;
		this.ready.catch(() => undefined); // who gives up on it need not say so
		const path = door.path(dialogue, client, this.#vector);
		this.#socket = new RawSocket(port, path, door.headers(dialogue, seat), {
			open: () => this.#greet(),
			message: (bytes, from, to) => this.#hear(bytes, from, to),
			close: (why) => {
				clearInterval(this.#renewing);
				this.#arrived.reject(why ?? new Error('closed'));
				ears.close?.();
			},
		});
	}

	get #vector(): Uint8Array {
		return this.#held?.vector ?? EMPTY_VECTOR;
	}

	get closed(): boolean {
		return this.#socket.closed;
	}

	/** False when the socket has enough for now. */
	say(frame: Buffer): boolean {
		this.sent++;
		return this.#socket.write(frame);
	}

	update(update: Uint8Array): boolean {
		return this.say(syncFrame(this.prefix, UPDATE, update));
	}

	drained(): Promise<void> {
		return this.#socket.drained();
	}

	/** From now on, shows that it is here. */
	keepPresent(): void {
		const show = () =>
			void this.say(presenceFrame(this.prefix, this.client, ++this.#renewals, QUIET_PRESENCE));
		show();
		this.#renewing = setInterval(show, PRESENCE_EVERY);
	}

	cutOff(): void {
		this.#socket.cutOff();
	}

	#greet(): void {
		if (this.#dialect === 'none') this.#synced();
		else if (this.#dialect === 'hocuspocus') this.say(authFrame(this.prefix));
		else this.#ask();
	}

	#ask(): void {
		this.say(syncFrame(this.prefix, STEP_1, this.#vector));
	}

	#synced(): void {
		this.syncedAt = performance.now();
		this.#arrived.resolve();
	}

	#hear(bytes: Buffer, from: number, to: number): void {
		cursor.over(bytes, from + this.prefix.length);
		const kind = cursor.uint();
		if (kind === SYNC || (kind === SYNC_REPLY && this.#dialect === 'hocuspocus')) {
			const step = cursor.uint();
			const length = cursor.uint();
			if (step === STEP_1) this.#answer(length > 1);
			else this.#ears.update?.(bytes, cursor.at, cursor.at + length);
			if (step === STEP_2 && Number.isNaN(this.syncedAt)) this.#synced();
		} else if (kind === AWARENESS) {
			cursor.uint();
			this.#ears.presence?.(bytes, cursor.at);
		} else if (kind === DURABLE) this.#ears.durable?.(cursor.uint());
		else if (kind === AUTH && this.#dialect === 'hocuspocus') {
			if (cursor.uint() === GRANTED) this.#ask();
			else this.#arrived.reject(new Error(`not let in: ${bytes.toString('latin1', from, to)}`));
		}
	}

	/** The server's step 1: it lacks all that this one holds, or nothing. */
	#answer(hasDocument: boolean): void {
		if (this.#dialect === 'none') return;
		const state = hasDocument ? undefined : this.#held?.state;
		this.say(syncFrame(this.prefix, STEP_2, state ?? NOTHING));
	}
}
