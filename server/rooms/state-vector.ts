import * as Y from 'yjs';
import { Malformed } from '#lib/wire/reader.ts';
import { VECTOR_LIMIT } from './limits.ts';

/** The vector, once it is known to be one. Throws Malformed. */
export function checkedVector(vector: Uint8Array): Uint8Array {
	if (vector.length > VECTOR_LIMIT) throw new Malformed('state vector too large');
	try {
		Y.decodeStateVector(vector);
	} catch {
		throw new Malformed('state vector');
	}
	return vector;
}
