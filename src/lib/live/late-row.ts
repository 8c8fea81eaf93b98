import * as Y from 'yjs';
import { lateChanges, type LateChange } from './late-changes.ts';
import type { LateRow } from './shelf.ts';
import { typedIn } from './typed-text.ts';

interface Given {
	/** The rule, as the server calls it. */
	reason: string;
	user: string;
	/** What the server has. */
	known: Uint8Array[];
	refused: Uint8Array[];
	/** What the refused updates may build on beside that. */
	all: Uint8Array[];
}

/** What is to be handed back of what was refused; null where nothing of it can be seen. */
export function lateRow({ reason, user, known, refused, all }: Given): LateRow | null {
	const base = new Y.Doc();
	for (const update of known) Y.applyUpdate(base, update);
	let update = Y.mergeUpdates(refused);
	let look = lateChanges(base, update, user);
	if (!look.whole) look = lateChanges(base, (update = Y.mergeUpdates(all)), user);
	base.destroy();
	const changes: LateChange[] = look.changes;
	const typed = look.whole ? '' : typedIn(update);
	if (typed !== '') changes.push({ kind: 'typed', key: 'typed', n: null, text: typed });
	return changes.length === 0 ? null : { at: Date.now(), reason, update, changes, done: [] };
}

/** Something typed that never got into a document. */
export function typedRow(text: string): LateRow {
	const change: LateChange = { kind: 'typed', key: 'typed', n: null, text };
	return { at: Date.now(), reason: '', update: null, changes: [change], done: [] };
}
