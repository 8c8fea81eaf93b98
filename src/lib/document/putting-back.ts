import { uint32 } from 'lib0/random';
import * as Y from 'yjs';

const ids = new WeakMap<Y.Doc, number>();

/**
 * The client id under which this copy writes what undo and redo put back. Under the id of what is typed, both could
 * grow together into one insertion, and nobody could tell any more what of it was there before.
 */
export function puttingBackId(doc: Y.Doc): number {
	let id = ids.get(doc);
	if (id === undefined) {
		do id = uint32();
		while (id === doc.clientID || Y.getState(doc.store, id) > 0);
		ids.set(doc, id);
	}
	return id;
}

/** Runs `undo`, which undoes or redoes. */
export function puttingBack<T>(doc: Y.Doc, undo: () => T): T {
	const { clientID } = doc;
	doc.clientID = puttingBackId(doc);
	try {
		return undo();
	} finally {
		doc.clientID = clientID;
	}
}
