import { Refusal } from './refusal.ts';

/**
 * What judging and applying an update costs, in steps. A step is what passes for a tenth of a microsecond on the
 * machine that these were measured on (`npm run bench -- gate`): counted, so that a verdict never depends on a clock.
 */
export const COST = {
	/** A struct that is read, placed and applied. */
	struct: 20,
	/** A delete range, and each item that one deletes. */
	deletion: 10,
	/** An item that stands between a new one and its origins: passed here, and by Yjs, which looks longer. */
	passed: 2,
	/** A struct that is looked at for what its maker knew, or for whether it is deleted. */
	looked: 1,
	/** A struct of the document that is copied or encoded. */
	copied: 6,
	/** A piece of a rehearsal. */
	slice: 400,
} as const;

/** Past so many structs of a client an insertion in their middle no longer stays in the processor's cache. */
const FEW = 32_768;

/** Cutting an item in two, of a client with so many structs: those behind it move up. */
export const costOfCut = (structs: number): number => 10 + (structs > FEW ? structs >> 6 : structs >> 9);

/** Counts the steps that one update takes. */
export class Effort {
	readonly #limit: number;
	#own = 0;
	/** All steps so far. */
	steps = 0;

	/** `limit`: of what the update itself asks for. */
	constructor(limit: number) {
		this.#limit = limit;
	}

	/** Throws Refusal when the update asks for more than it may. */
	spend(steps: number): void {
		this.steps += steps;
		this.#own += steps;
		if (this.#own > this.#limit) throw new Refusal('limit', 'too much work');
	}

	/** What the document's size makes of it: no fault of the update, but its sender's to pay for. */
	charge(steps: number): void {
		this.steps += steps;
	}
}
