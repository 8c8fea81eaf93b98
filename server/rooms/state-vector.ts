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

/** What an address gives as its state vector, in base64url; null where it gives none that can be read. */
export function vectorFrom(text: string | null): Uint8Array | null {
	if (text === null || !/^[\w-]+$/.test(text)) return null;
	try {
		return checkedVector(Uint8Array.from(Buffer.from(text, 'base64url'))); // a copy: it keeps no pool alive
	} catch {
		return null;
	}
}
