import type { DialogueView, TurnView } from '../document/dialogue-view.ts';

/** Takes a view again and again; turns that did not change stay the same objects, so what shows them stands still. */
export function steadily(): (view: DialogueView) => DialogueView {
	const steady = steadyList<TurnView>();
	return (view) => ({ ...view, turns: steady(view.turns) });
}

/** Takes a list again and again; what did not change in it stays the same object, and so does an unchanged list. */
export function steadyList<T extends { id: string }>(): (items: readonly T[]) => T[] {
	let last: T[] = [];
	let known = new Map<string, T>();
	return (items) => {
		const now = items.map((item) => {
			const before = known.get(item.id);
			return before && same(before, item) ? before : item;
		});
		known = new Map(now.map((item) => [item.id, item]));
		return (last = now.length === last.length && now.every((item, i) => item === last[i]) ? last : now);
	};
}

function same(a: unknown, b: unknown): boolean {
	if (Object.is(a, b)) return true;
	if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
	const left = Object.entries(a);
	const right = b as Record<string, unknown>;
	return left.length === Object.keys(right).length && left.every(([key, value]) => same(value, right[key]));
}
