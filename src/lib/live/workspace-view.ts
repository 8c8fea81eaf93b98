import type { DialogueView, TurnView } from '../document/dialogue-view.ts';

/** Takes a view again and again; turns that did not change stay the same objects, so what shows them stands still. */
export function steadily(): (view: DialogueView) => DialogueView {
	let known = new Map<string, TurnView>();
	return (view) => {
		const turns = view.turns.map((turn) => {
			const before = known.get(turn.id);
			return before && same(before, turn) ? before : turn;
		});
		known = new Map(turns.map((turn) => [turn.id, turn]));
		return { ...view, turns };
	};
}

function same(a: unknown, b: unknown): boolean {
	if (Object.is(a, b)) return true;
	if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
	const left = Object.entries(a);
	const right = b as Record<string, unknown>;
	return left.length === Object.keys(right).length && left.every(([key, value]) => same(value, right[key]));
}
