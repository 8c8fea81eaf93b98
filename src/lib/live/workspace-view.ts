import type * as Y from 'yjs';
import type { DialogueView, TurnView } from '../document/dialogue-view.ts';
import { readDialogue } from '../document/read-dialogue.ts';

/** Reads a document again and again; turns that did not change stay the same objects, so their views stand still. */
export function steadyReader(): (doc: Y.Doc) => DialogueView {
	let known = new Map<string, TurnView>();
	return (doc) => {
		const view = readDialogue(doc);
		view.turns = view.turns.map((turn) => {
			const before = known.get(turn.id);
			return before && same(before, turn) ? before : turn;
		});
		known = new Map(view.turns.map((turn) => [turn.id, turn]));
		return view;
	};
}

function same(a: unknown, b: unknown): boolean {
	if (Object.is(a, b)) return true;
	if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
	const left = Object.entries(a);
	const right = b as Record<string, unknown>;
	return left.length === Object.keys(right).length && left.every(([key, value]) => same(value, right[key]));
}
