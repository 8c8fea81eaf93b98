import * as Y from 'yjs';

/** Deleted UTF-16 units of one text that a copy keeps; more than that is let go. */
const KEPT = 100_000;

/**
 * For `new Y.Doc({ gcFilter })`: keeps what was deleted from the texts that people edit. Undo writes it anew, and
 * only who still has it can tell that nothing new was written. Bounded, whatever is typed and deleted.
 */
export function keepingDeletedText(): (item: Y.Item) => boolean {
	const kept = new WeakMap<object, number>();
	return ({ content, parent, length }) => {
		// Strings stand in texts alone. A root is known as one only once somebody has asked for it.
		const edited =
			content instanceof Y.ContentString && parent instanceof Y.AbstractType && !parent._item?.deleted;
		if (!edited) return true;
		const sum = (kept.get(parent) ?? 0) + length;
		if (sum > KEPT) return true;
		kept.set(parent, sum);
		return false;
	};
}
