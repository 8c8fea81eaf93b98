/** A small seeded generator: the same seed gives the same run. */
export interface Random {
	/** In [0, 1). */
	next(): number;
	/** In 0 … below. */
	int(below: number): number;
	chance(probability: number): boolean;
	pick<T>(from: readonly T[]): T;
}

export function random(seed: number): Random {
	let state = seed >>> 0;
	const next = (): number => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = state;
		mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
	const int = (below: number): number => Math.floor(next() * below);
	return {
		next,
		int,
		chance: (probability) => next() < probability,
		pick: (from) => {
			if (from.length === 0) throw new Error('nothing to pick from');
			return from[int(from.length)] as (typeof from)[number];
		},
	};
}
