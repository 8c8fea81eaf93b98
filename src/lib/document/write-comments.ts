/** What a person's own page writes of comments; the gate knows the same rules. */
import type * as Y from 'yjs';
import { anchorOf, type Span } from './comment-anchor.ts';
import { childOf } from './policy.ts';
import { turnText } from './read-dialogue.ts';
import { commentsOf, resolvedOf } from './roots.ts';
import { policiesFor, type Comment } from './schema.ts';
import type { Right } from './workflow.ts';

/** Longest quotation, in UTF-16 units: it reminds of the words, and need not be all of them. */
const MAX_QUOTE = 500;

/** Who may resolve is the same whatever people rate by. */
const policy = policiesFor({ criteria: [] }).whole;

/** Words of a turn to be commented on; undefined where there are none. */
export function quoted(
	doc: Y.Doc,
	turn: string,
	{ from, to }: Span,
): Required<Pick<Comment, 'turn' | 'anchor' | 'quote'>> | undefined {
	const text = turnText(doc, turn);
	const words = text?.toJSON().slice(from, to) ?? '';
	if (text === undefined || words.trim() === '') return undefined;
	const start = from + (words.length - words.trimStart().length);
	const span = { from: start, to: start + words.trim().length };
	return { turn, anchor: anchorOf(text, span), quote: shortened(words.trim()) };
}

function shortened(words: string): string {
	if (words.length <= MAX_QUOTE) return words;
	const kept = words.slice(0, MAX_QUOTE - 1);
	return `${kept.isWellFormed() ? kept : kept.slice(0, -1)}…`;
}

export function addComment(doc: Y.Doc, id: string, comment: Comment): void {
	commentsOf(doc).set(id, comment);
}

/** Writes one's own comment anew. Nothing where it is gone. */
export function rewordComment(doc: Y.Doc, id: string, text: string): void {
	const comment = commentsOf(doc).get(id) as Comment | undefined;
	if (comment) commentsOf(doc).set(id, { ...comment, text });
}

/** Takes one's own comment back; one that was answered stays as the place of its replies. */
export function deleteComment(doc: Y.Doc, id: string): void {
	const answered = [...commentsOf(doc).values()].some((one) => (one as Comment).replyTo === id);
	if (answered) rewordComment(doc, id, '');
	else if (commentsOf(doc).has(id)) commentsOf(doc).delete(id);
}

/** Whether `userId` may resolve and reopen a thread that `author` began, by the table that the gate asks. */
export function mayResolve(
	userId: string,
	rights: ReadonlySet<Right>,
	{ id, author }: { id: string; author: string | null },
): boolean {
	const resolved = childOf(policy, 'resolved');
	const place = resolved && childOf(resolved, id);
	const asked = { userId, rights, params: { comment: id }, owner: null, ownerOf: () => author };
	return place?.mayWrite(asked) ?? false;
}

export function resolveThread(doc: Y.Doc, id: string, resolved: boolean): void {
	if (resolved) resolvedOf(doc).set(id, true);
	else if (resolvedOf(doc).has(id)) resolvedOf(doc).delete(id);
}
