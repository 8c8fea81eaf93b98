import * as Y from 'yjs';
import { NoSuchDialogue, unpackUpdates, type UpdateLog } from '../store/update-log.ts';

/** A dialogue as the log has it. */
export interface Opened {
	doc: Y.Doc;
	/** The newest row in `doc`. */
	head: number;
	/** The newest row of the stored snapshot. */
	kept: number;
	/** Yjs client id → user id. */
	clients: Map<number, number>;
}

/** Reads a dialogue from its snapshot and the rows after it. Throws NoSuchDialogue. */
export async function openDialogue(log: UpdateLog, dialogue: number): Promise<Opened> {
	const [stored, clients] = await Promise.all([log.load(dialogue), log.clientsOf(dialogue)]);
	if (stored === null) throw new NoSuchDialogue(dialogue);
	const doc = new Y.Doc();
	doc.transact(() => {
		if (stored.state !== null) Y.applyUpdate(doc, stored.state);
		for (const row of stored.tail) for (const update of unpackUpdates(row.body)) Y.applyUpdate(doc, update);
	});
	return { doc, head: stored.head, kept: stored.seq, clients };
}
