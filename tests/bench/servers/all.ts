import { PEERS } from './peers.ts';
import { PRODUCT, UNGATED } from './product.ts';
import type { Kind } from './kind.ts';

/** Those that the report compares. */
const COMPARED: Readonly<Record<string, Kind>> = { product: PRODUCT, ...PEERS };

export const COMPARED_NAMES: readonly string[] = Object.keys(COMPARED);

export const SERVERS: ReadonlyMap<string, Kind> = new Map(Object.entries({ ...COMPARED, ungated: UNGATED }));
