/** How long somebody is said to type after a key. */
export const TYPING_MS = 3_000;
const IDLE_MS = 60_000;

interface Movement {
	at: number;
	/** How often they have typed in the text where their caret is; null: it is nowhere. */
	edits: number | null;
	typedAt: number;
}

/** When each client last moved and typed; one that was there before anybody looked counts from then. */
export class Movements {
	readonly #of = new Map<number, Movement>();

	/** @param edits of its caret, as it tells of itself; a number that rises or begins anew. */
	moved(client: number, edits: number | null = null): void {
		const before = this.#of.get(client);
		const typed = edits !== null && edits > 0 && (before?.edits ?? edits) !== edits;
		const at = Date.now();
		this.#of.set(client, { at, edits, typedAt: typed ? at : (before?.typedAt ?? 0) });
	}

	left(client: number): void {
		this.#of.delete(client);
	}

	/** In milliseconds since the epoch. */
	last(client: number): number {
		const movement = this.#of.get(client);
		if (movement !== undefined) return movement.at;
		this.moved(client);
		return Date.now();
	}

	/** Nothing of theirs has moved for a minute. */
	idle(client: number): boolean {
		return Date.now() - this.last(client) > IDLE_MS;
	}

	typing(client: number): boolean {
		return Date.now() - (this.#of.get(client)?.typedAt ?? 0) < TYPING_MS;
	}
}
