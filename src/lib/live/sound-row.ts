import * as Y from 'yjs';
import type { Row } from './shelf.ts';

/** Whether a document can read what was kept. */
export function isSound({ update }: Row): boolean {
	const doc = new Y.Doc();
	try {
		Y.applyUpdate(doc, update);
		return true;
	} catch {
		return false;
	} finally {
		doc.destroy();
	}
}
