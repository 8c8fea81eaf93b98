/** When each client last moved; one that was there before anybody looked counts from then. */
export class Movements {
	readonly #at = new Map<number, number>();

	moved(client: number): void {
		this.#at.set(client, Date.now());
	}

	left(client: number): void {
		this.#at.delete(client);
	}

	/** In milliseconds since the epoch. */
	last(client: number): number {
		const at = this.#at.get(client);
		if (at !== undefined) return at;
		this.moved(client);
		return Date.now();
	}
}
