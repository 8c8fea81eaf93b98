/** Where comments, written and being written, belong: in the list beside the dialogue and in its texts. */
import type { Span } from '../document/comment-anchor.ts';
import type { Thread } from '../document/read-comments.ts';
import type { CommentMark } from '../text/comment-marks.ts';
import type { Draft } from './comment-drafts.svelte.ts';
import type { Exchange } from './workspace-exchanges.ts';

export type NewDraft = Extract<Draft, { kind: 'new' }>;

/** What is said of one turn; of the dialogue where there is none. */
export interface Group {
	exchange: Exchange | undefined;
	threads: Thread[];
	drafts: NewDraft[];
}

/** In the order of the turns. `places`: by turn. */
export function groupsOf(
	threads: readonly Thread[],
	drafts: readonly Draft[],
	places: ReadonlyMap<string, Exchange>,
): Group[] {
	const groups = new Map<number, Group>();
	const at = (turn: string | undefined): Group => {
		const exchange = turn === undefined ? undefined : places.get(turn);
		const n = exchange?.n ?? 0;
		let group = groups.get(n);
		if (!group) groups.set(n, (group = { exchange, threads: [], drafts: [] }));
		return group;
	};
	for (const thread of threads)
		at(thread.subject.kind === 'dialogue' ? undefined : thread.subject.turn).threads.push(thread);
	for (const draft of drafts) if (draft.kind === 'new') at(draft.turn).drafts.push(draft);
	return [...groups].sort(([a], [b]) => a - b).map(([, group]) => group);
}

/** Replies and changes to what is not there any more: what was typed is. */
export function leftOver(drafts: readonly Draft[], threads: readonly Thread[]): Draft[] {
	return drafts.filter((draft) => {
		if (draft.kind === 'new') return false;
		if (draft.kind === 'reply') return !threads.some(({ id }) => id === draft.thread);
		return !threads.some(({ first, replies }) => [first, ...replies].some((one) => one?.id === draft.id));
	});
}

/** By turn: the words that threads speak of, and comments that are being written. `active`: what is pointed at. */
export function marksOf(
	threads: readonly Thread[],
	drafts: readonly Draft[],
	spanOf: (draft: NewDraft) => Span | null,
	active: string | null,
): ReadonlyMap<string, CommentMark[]> {
	const marks = new Map<string, CommentMark[]>();
	const add = (turn: string, mark: CommentMark): void => {
		const known = marks.get(turn);
		if (known) known.push(mark);
		else marks.set(turn, [mark]);
	};
	for (const { id, subject } of threads)
		if (subject.kind === 'span')
			add(subject.turn, { id, from: subject.from, to: subject.to, on: id === active });
	for (const draft of drafts) {
		const span = draft.kind === 'new' ? spanOf(draft) : null;
		if (span && draft.kind === 'new') add(draft.turn, { id: draft.id, ...span, on: true });
	}
	return marks;
}
