import type * as Y from 'yjs';
import { draftRuns, type OwnerOf, type Run } from './authorship.ts';
import type { Typed } from './schema.ts';

/**
 * Who typed a prompt that is being sent, from the draft as it stands; undefined: all of it the sender. The server
 * writes the prompt anew, so it has to be said then. What the draft does not account for is its sender's.
 */
export function typedBy(draft: Y.Text, sent: string, sender: string, ownerOf: OwnerOf): Typed | undefined {
	const text = draft.toJSON();
	const [before, after] = [middleOf(text, sent), middleOf(sent, text)];
	const a = text.slice(before.from, before.to);
	const b = sent.slice(after.from, after.to);
	const head = sharedStart(a, b);
	const tail = sharedEnd(a, b, head);
	// It is the draft as somebody saw it a moment ago, or something else that happens to begin or end alike.
	if (2 * (head + tail) < b.length) return undefined;
	const runs = draftRuns(draft, ownerOf, sender);
	const parts = [
		[after.from, sender] as const,
		...cut(runs, before.from, before.from + head),
		[b.length - head - tail, sender] as const,
		...cut(runs, before.to - tail, before.to),
		[sent.length - after.to, sender] as const,
	];
	const typed: [number, string][] = [];
	for (const [length, id] of parts) {
		const last = typed.at(-1);
		if (last?.[1] === id) last[0] += length;
		else if (length > 0) typed.push([length, id]);
	}
	return typed.every(([, id]) => id === sender) ? undefined : typed;
}

/** `text` without the blanks around it that `other` does not have alike. */
function middleOf(text: string, other: string): { from: number; to: number } {
	const start = (one: string): string => one.slice(0, one.length - one.trimStart().length);
	const end = (one: string): string => one.slice(one.trimEnd().length);
	return {
		from: start(text) === start(other) ? 0 : start(text).length,
		to: end(text) === end(other) ? text.length : text.trimEnd().length,
	};
}

function cut(runs: readonly Run[], from: number, to: number): (readonly [length: number, id: string])[] {
	return runs.flatMap(({ offset, length, author }) => {
		const here = Math.min(to, offset + length) - Math.max(from, offset);
		return here > 0 && author.kind === 'person' ? [[here, author.id] as const] : [];
	});
}

/** How many UTF-16 units both begin with; no character is cut. */
function sharedStart(a: string, b: string): number {
	let count = 0;
	while (count < Math.min(a.length, b.length) && a[count] === b[count]) count++;
	return count > 0 && isHigh(a.charCodeAt(count - 1)) ? count - 1 : count;
}

/** How many units both end with, beyond the first `from` of either. */
function sharedEnd(a: string, b: string, from: number): number {
	let count = 0;
	while (count < Math.min(a.length, b.length) - from && a.at(-1 - count) === b.at(-1 - count)) count++;
	return count > 0 && isLow(a.charCodeAt(a.length - count)) ? count - 1 : count;
}

const isHigh = (unit: number): boolean => (unit & 0xfc00) === 0xd800;
const isLow = (unit: number): boolean => (unit & 0xfc00) === 0xdc00;
