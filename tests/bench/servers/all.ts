import { PEERS } from './peers.ts';
import { PRODUCT } from './product.ts';
import type { Kind } from './kind.ts';

export const SERVERS: ReadonlyMap<string, Kind> = new Map<string, Kind>(
	Object.entries({ product: PRODUCT, ...PEERS }),
);
