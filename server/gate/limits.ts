/** What is read of one update before it is given up. */
export interface DecodeLimits {
	bytes: number;
	structs: number;
	clients: number;
	deleteRanges: number;
	/** Of all values, those inside of others too. */
	values: number;
	keyLength: number;
	valueDepth: number;
	clock: number;
}

/** What carries an update: one transaction of a page, or its answer to our step 1, which may be weeks of work. */
export type Carrier = 'update' | 'step 2';

export type UpdateLimits = DecodeLimits & {
	/** Of work that the update itself asks for. */
	steps: number;
};

export type GateLimits = Readonly<Record<Carrier, UpdateLimits>> & {
	/** Bytes that a document may grow to. */
	documentBytes: number;
};

const COMMON = { clients: 20_000, keyLength: 128, valueDepth: 4, clock: 2 ** 31 };

/**
 * An update holds the longest text that there may be (200,000 UTF-16 units, 600 KB in Chinese) and then some. Its
 * structs are those that an undo brings back at once.
 */
export const LIMITS: GateLimits = {
	update: {
		...COMMON,
		bytes: 1 << 20,
		structs: 20_000,
		deleteRanges: 20_000,
		values: 50_000,
		steps: 2_000_000,
	},
	'step 2': {
		...COMMON,
		bytes: 4 << 20,
		structs: 100_000,
		deleteRanges: 100_000,
		values: 400_000,
		steps: 10_000_000,
	},
	documentBytes: 16 << 20,
};
