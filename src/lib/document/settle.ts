import type * as Y from 'yjs';
import { groupOf, type Slot } from './candidates.ts';
import { turnsOf, type Fields } from './roots.ts';

/**
 * Within a transaction: brings the turns that have several answers in line with these. While one of these is being
 * written each of the turns is, so that nothing is sent or submitted meanwhile; then a turn ended as the answer that
 * it was made from, and one that is made from none has failed if all of them have.
 */
export function settle(doc: Y.Doc, group: string, slots: readonly Slot[]): void {
	const states = slots.map(([, candidate]) => candidate.get('state'));
	const writing = states.includes('generating');
	const failed = states.every((state) => state === 'failed') ? slots[0]?.[1] : undefined;
	turnsOf(doc).forEach((turn, id) => {
		if (groupOf(turn, id) !== group) return;
		const from = turn.get('candidate');
		const own =
			slots.find(([candidate]) => candidate === from)?.[1] ?? (from === undefined ? failed : undefined);
		put(turn, 'state', writing ? 'generating' : (own?.get('state') ?? 'ready'));
		put(turn, 'fault', writing ? undefined : own?.get('fault'));
	});
}

/** Writes nothing where it is so already. */
function put(turn: Fields, field: string, value: unknown): void {
	if (turn.get(field) === value) return;
	if (value === undefined) turn.delete(field);
	else turn.set(field, value);
}
