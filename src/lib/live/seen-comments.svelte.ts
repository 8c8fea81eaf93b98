import { SvelteSet } from 'svelte/reactivity';
import { keepSeen, keptSeen } from './device-comments.ts';
import type { Place } from './device-database.ts';

/** Which comments I have looked at, on this device. */
export class SeenComments {
	readonly #place: Place;
	readonly #seen = new SvelteSet<string>();
	readonly #fresh = new SvelteSet<string>();
	/** Before it is known what was seen, nothing is called new. */
	#known = $state.raw(false);

	constructor(place: Place) {
		this.#place = place;
	}

	/** What earlier visits saw. */
	read(): void {
		for (const id of keptSeen(this.#place)) this.#seen.add(id);
		this.#known = true;
	}

	unseen(ids: readonly string[]): string[] {
		return this.#known ? ids.filter((id) => !this.#seen.has(id)) : [];
	}

	/** Whether it was new when it was last looked at, and is still being looked at. */
	isFresh(id: string): boolean {
		return this.#fresh.has(id);
	}

	/** `ids`: all that there are, before my eyes now. */
	see(ids: readonly string[]): void {
		const unseen = this.unseen(ids);
		if (unseen.length === 0) return;
		for (const id of unseen) {
			this.#seen.add(id);
			this.#fresh.add(id);
		}
		keepSeen(this.#place, ids);
	}

	/** Nobody looks any more. */
	lookAway(): void {
		this.#fresh.clear();
	}
}
