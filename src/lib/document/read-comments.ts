/** Comments as plain data. Tolerant, as the rest of the reading: clients write them. */
import type * as Y from 'yjs';
import { spansIn, type Span } from './comment-anchor.ts';
import { turnText, visibleTurnIds } from './read-dialogue.ts';
import { commentsOf, resolvedOf, turnsOf } from './roots.ts';
import type { Comment } from './schema.ts';

/** What a thread speaks of. */
export type Subject =
	| { kind: 'dialogue' }
	| { kind: 'turn'; turn: string }
	/** Words of the turn's text, where they stand now, and as they were. */
	| { kind: 'span'; turn: string; from: number; to: number; quote: string }
	/** Words that were deleted. */
	| { kind: 'gone'; turn: string; quote: string }
	/** A turn that is off the line, another answer being in its place, or words of it. */
	| { kind: 'earlier'; turn: string; quote: string };

export interface CommentView {
	id: string;
	author: string;
	text: string;
	/** By the author's clock. */
	at: number;
}

export interface Thread {
	/** Of its first comment. */
	id: string;
	/** Who began it; null where its first comment is gone. */
	author: string | null;
	subject: Subject;
	/** Null: its author deleted it, and it had been answered. */
	first: CommentView | null;
	replies: CommentView[];
	resolved: boolean;
}

/** Every thread with something to read in it, in the order of the turns and of their texts. */
export function readComments(doc: Y.Doc): Thread[] {
	const comments = new Map<string, Comment>();
	commentsOf(doc).forEach((value, id) => {
		const comment = commentFrom(value);
		if (comment !== null) comments.set(id, comment);
	});
	if (comments.size === 0) return [];
	const threads = new Map<string, { first: Comment | undefined; replies: [string, Comment][] }>();
	const rootOf = rootsIn(comments);
	for (const [id, comment] of comments) {
		const root = rootOf(id);
		let thread = threads.get(root);
		if (!thread) threads.set(root, (thread = { first: comments.get(root), replies: [] }));
		if (id !== root && comment.text !== '') thread.replies.push([id, comment]);
	}
	const about = subjectsIn(doc);
	const found: Thread[] = [];
	for (const [id, { first, replies }] of threads) {
		const told = first ?? replies[0]?.[1];
		if (told === undefined || ((first?.text ?? '') === '' && replies.length === 0)) continue;
		found.push({
			id,
			author: first?.author ?? null,
			subject: about(told),
			first: first && first.text !== '' ? viewOf(id, first) : null,
			replies: replies.map(([reply, comment]) => viewOf(reply, comment)).sort(byTime),
			resolved: resolvedOf(doc).get(id) === true,
		});
	}
	return found.sort(inPlace(visibleTurnIds(doc)));
}

function commentFrom(value: unknown): Comment | null {
	if (typeof value !== 'object' || value === null) return null;
	const { author, text, at, turn, anchor, quote, replyTo } = value as Record<string, unknown>;
	if (typeof author !== 'string' || typeof text !== 'string') return null;
	return {
		author,
		text,
		at: typeof at === 'number' ? at : 0,
		...(typeof turn === 'string' && { turn }),
		...(typeof anchor === 'string' && { anchor }),
		...(typeof quote === 'string' && { quote }),
		...(typeof replyTo === 'string' && { replyTo }),
	};
}

const viewOf = (id: string, { author, text, at }: Comment): CommentView => ({ id, author, text, at });

/** The comment that a thread began with, there or deleted; of a circle always the same one. */
function rootsIn(comments: ReadonlyMap<string, Comment>): (id: string) => string {
	const known = new Map<string, string>();
	return (id) => {
		const path = new Set([id]);
		let root = id;
		for (;;) {
			const before = known.get(root);
			if (before !== undefined) {
				root = before;
				break;
			}
			const up = comments.get(root)?.replyTo;
			if (up === undefined) break;
			if (path.has(up)) {
				const steps = [...path];
				root = steps.slice(steps.indexOf(up)).sort()[0] ?? up;
				break;
			}
			path.add((root = up));
		}
		for (const step of path) known.set(step, root);
		return root;
	};
}

function subjectsIn(doc: Y.Doc): (comment: Comment) => Subject {
	const line = new Set(visibleTurnIds(doc));
	const finders = new Map<string, (anchor: string) => Span | null>();
	const spanIn = (turn: string, anchor: string): Span | null => {
		const known = finders.get(turn);
		if (known) return known(anchor);
		const text = turnText(doc, turn);
		const find = text ? spansIn(text) : () => null;
		finders.set(turn, find);
		return find(anchor);
	};
	return ({ turn, anchor, quote = '' }) => {
		if (turn === undefined || !turnsOf(doc).has(turn)) return { kind: 'dialogue' };
		if (!line.has(turn)) return { kind: 'earlier', turn, quote };
		if (anchor === undefined) return { kind: 'turn', turn };
		const span = spanIn(turn, anchor);
		return span ? { kind: 'span', turn, ...span, quote } : { kind: 'gone', turn, quote };
	};
}

const byTime = (a: CommentView, b: CommentView): number => a.at - b.at || (a.id < b.id ? -1 : 1);

function inPlace(line: readonly string[]): (a: Thread, b: Thread) => number {
	const numbers = new Map(line.map((turn, n) => [turn, n]));
	const turnOf = ({ subject }: Thread): number =>
		subject.kind === 'dialogue' ? -1 : (numbers.get(subject.turn) ?? line.length);
	const startOf = ({ subject }: Thread): number => (subject.kind === 'span' ? subject.from : -1);
	const timeOf = ({ first, replies }: Thread): number => (first ?? replies[0])?.at ?? 0;
	return (a, b) =>
		turnOf(a) - turnOf(b) || startOf(a) - startOf(b) || timeOf(a) - timeOf(b) || (a.id < b.id ? -1 : 1);
}
