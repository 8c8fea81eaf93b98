import { ChangeSet, type ChangeSpec, EditorSelection, Text, type Transaction } from '@codemirror/state';
import type * as Y from 'yjs';

export function changesOfDelta(delta: Y.YTextEvent['delta'], length: number): ChangeSet {
	const changes: ChangeSpec[] = [];
	let position = 0;
	for (const part of delta) {
		if (part.retain !== undefined) position += part.retain;
		else if (part.delete !== undefined) changes.push({ from: position, to: (position += part.delete) });
		else if (typeof part.insert === 'string') changes.push({ from: position, insert: lines(part.insert) });
	}
	return ChangeSet.of(changes, length);
}

/**
 * The same edit with nothing replaced by itself (what a cancelled composition leaves), and with whole code
 * points only. CodeMirror's own diff splits surrogate pairs; Yjs turns each half into U+FFFD, but only on
 * the machine that splits, so that the copies differ for good.
 */
export function tightened(edit: ChangeSet, before: Text): ChangeSet {
	const changes: ChangeSpec[] = [];
	edit.iterChanges((from, to, _newFrom, _newTo, insert) => {
		let inserted = insert.toString();
		const pairAtFrom = pairAround(before, from);
		if (pairAtFrom) {
			from -= 1;
			inserted = pairAtFrom.charAt(0) + inserted;
		}
		const pairAtTo = pairAround(before, to);
		if (pairAtTo) {
			to += 1;
			inserted += pairAtTo.charAt(1);
		}
		const removed = before.sliceString(from, to);
		const [head, tail] = sharedEnds(removed, inserted);
		const text = inserted.slice(head, inserted.length - tail);
		if (text || head + tail < removed.length) {
			changes.push({ from: from + head, to: to - tail, insert: lines(text) });
		}
	});
	return ChangeSet.of(changes, before.length);
}

/** The change that makes `after` of `before`, as one stretch. */
export function stretchBetween(before: Text, after: Text): ChangeSet {
	return tightened(ChangeSet.of({ from: 0, to: before.length, insert: after }, before.length), before);
}

/** The parts of `edit` that touch no line of `range`, and those that do; both lead from `base`. */
export function splitAtLines(
	edit: ChangeSet,
	base: Text,
	range: { from: number; to: number },
): [elsewhere: ChangeSet, onLines: ChangeSet] {
	const lineStart = base.lineAt(range.from).from;
	const lineEnd = base.lineAt(range.to).to;
	const elsewhere: ChangeSpec[] = [];
	const onLines: ChangeSpec[] = [];
	edit.iterChanges((from, to, _newFrom, _newTo, insert) => {
		(to < lineStart || from > lineEnd ? elsewhere : onLines).push({ from, to, insert });
	});
	return [ChangeSet.of(elsewhere, base.length), ChangeSet.of(onLines, base.length)];
}

/**
 * CodeMirror maps a selection whose text is replaced to a range that ends before it starts, and throws at the
 * next key. The selection such a transaction should have; null if its own is sound (setting one ends a composition).
 */
export function uprightSelection({ newSelection }: Transaction): EditorSelection | null {
	if (newSelection.ranges.every(({ from, to }) => from <= to)) return null;
	const ranges = newSelection.ranges.map((range) =>
		range.from <= range.to ? range : EditorSelection.cursor(range.to),
	);
	return EditorSelection.create(ranges, newSelection.mainIndex);
}

/** Not `state.toText`: only \n breaks a line here. */
export function lines(text: string): Text {
	return Text.of(text.split('\n'));
}

const isHigh = (unit: number): boolean => (unit & 0xfc00) === 0xd800;
const isLow = (unit: number): boolean => (unit & 0xfc00) === 0xdc00;

/** The surrogate pair that `position` would split. */
function pairAround(text: Text, position: number): string | null {
	const around = text.sliceString(Math.max(0, position - 1), position + 1);
	return around.length === 2 && isHigh(around.charCodeAt(0)) && isLow(around.charCodeAt(1)) ? around : null;
}

/** How many code units both texts begin and end with, whole code points only, without overlap. */
function sharedEnds(a: string, b: string): [head: number, tail: number] {
	const shorter = Math.min(a.length, b.length);
	let head = 0;
	while (head < shorter && a[head] === b[head]) head++;
	if (head > 0 && isHigh(a.charCodeAt(head - 1))) head--;
	let tail = 0;
	while (tail < shorter - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
	if (tail > 0 && isLow(a.charCodeAt(a.length - tail))) tail--;
	return [head, tail];
}
