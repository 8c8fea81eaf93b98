import { SvelteMap } from 'svelte/reactivity';
import { allRatings, type AllRatings } from '../document/ratings.ts';
import type { Connection } from './connection.svelte.ts';
import { Live } from './live.svelte.ts';

/** One rater's document as this page has it open. */
class Ratings {
	readonly connection: Connection;
	/** When it was asked for. */
	readonly occasion: string;
	readonly #reading = $derived.by(() => {
		const { synced, doc, refusedDoc } = this.connection;
		if (synced) return new Live(doc, allRatings);
		return refusedDoc ? new Live(refusedDoc, allRatings) : null;
	});

	constructor(connection: Connection, occasion: string) {
		this.connection = connection;
		this.occasion = occasion;
	}

	/** What is given in it; null before it has come. */
	get given(): AllRatings | null {
		return this.#reading?.current ?? null;
	}
}

/** The rating documents of a blind dialogue that this page has open: one's own, and the others' that may be seen. */
export class RatingConnections {
	readonly #open: (rater: string) => Connection;
	#own: Ratings | null = $state.raw(null);
	readonly #others = new SvelteMap<string, Ratings>();

	constructor(open: (rater: string) => Connection) {
		this.#open = open;
	}

	/** Null for who does not rate. */
	get own(): Connection | null {
		return this.#own?.connection ?? null;
	}
	get ownGiven(): AllRatings | null {
		return this.#own?.given ?? null;
	}

	/** Opens one's own document, once. */
	rateAs(me: string): void {
		this.#own ??= new Ratings(this.#open(me), '');
	}

	/** What somebody else has given; null before it has come. */
	givenBy(rater: string): AllRatings | null {
		return this.#others.get(rater)?.given ?? null;
	}

	/**
	 * Has these people's documents open and no others. The server decides: what it refuses is asked for again when
	 * `occasion` has changed, which names all that its answer depends on.
	 */
	see(raters: readonly string[], occasion: string): void {
		for (const [rater, { connection, occasion: asked }] of this.#others) {
			const refused = connection.status.kind === 'closed' && asked !== occasion;
			if (raters.includes(rater) && !refused) continue;
			void connection.destroy();
			this.#others.delete(rater);
		}
		for (const rater of raters)
			if (!this.#others.has(rater)) this.#others.set(rater, new Ratings(this.#open(rater), occasion));
	}

	destroy(): void {
		void this.#own?.connection.destroy();
		for (const { connection } of this.#others.values()) void connection.destroy();
		this.#own = null;
		this.#others.clear();
	}
}
