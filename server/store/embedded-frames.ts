/** Client messages that belong together, up to and including one that asks the engine for an answer. */
export type Batch = {
	bytes: Uint8Array<ArrayBuffer>;
	/** Whether PostgreSQL would end its answer with ReadyForQuery; PGlite ends every answer with one. */
	endsReady: boolean;
};

const TERMINATE = 'X';
const ASKS = new Map([
	['S', true], // Sync
	['Q', true], // Query
	['H', false], // Flush
	['F', true], // FunctionCall
]);

/**
 * Cuts what a PostgreSQL client writes into batches. Messages are held until one asks for an answer: PGlite
 * answers each call, and would answer half a conversation with a ReadyForQuery that the client never asked
 * for. Terminate is dropped: it would end the engine, not the connection.
 */
export class Frames {
	#held: Buffer = Buffer.alloc(0);
	#started = false; // the first message of a connection has no type byte

	push(chunk: Uint8Array): Batch[] {
		this.#held = Buffer.concat([this.#held, chunk]);
		const batches: Batch[] = [];
		let at = 0;
		for (;;) {
			const header = this.#started ? 1 : 0;
			if (this.#held.length < at + header + 4) break;
			const end = at + header + this.#held.readInt32BE(at + header);
			if (this.#held.length < end) break;
			const type = this.#started ? String.fromCharCode(this.#held[at] ?? 0) : 'startup';
			const endsReady = type === 'startup' ? true : ASKS.get(type);
			if (type === TERMINATE) {
				this.#held = Buffer.alloc(0);
				return batches;
			}
			this.#started = true;
			at = end;
			if (endsReady === undefined) continue;
			batches.push({ bytes: new Uint8Array(this.#held.subarray(0, end)), endsReady });
			this.#held = this.#held.subarray(end);
			at = 0;
		}
		return batches;
	}
}

const READY_FOR_QUERY = 'Z'.charCodeAt(0);
const READY_LENGTH = 6;

/** The answer without the ReadyForQuery that PGlite adds where none was asked for. */
export function withoutStrayReady(answer: Buffer, { endsReady }: Pick<Batch, 'endsReady'>): Buffer {
	const ready = answer.length - READY_LENGTH;
	const stray =
		!endsReady && ready >= 0 && answer[ready] === READY_FOR_QUERY && answer.readInt32BE(ready + 1) === 5;
	return stray ? answer.subarray(0, ready) : answer;
}
