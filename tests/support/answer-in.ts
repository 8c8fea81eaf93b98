import type * as Y from 'yjs';
import { beginResponse, finishResponse, streamUpTo } from '#lib/document/write-dialogue.ts';

/** Adds a whole response to a prompt, or in the place of another. */
export function answerIn(doc: Y.Doc, turnId: string, parent: string, replaces?: string): void {
	const candidateId = `${turnId}-c`;
	const bot = { id: 1, name: 'Bot', practice: true };
	beginResponse(doc, { turnId, candidateId, parent, bot, ...(replaces && { replaces }) });
	streamUpTo(doc, candidateId, 'An answer');
	finishResponse(doc, { turnId, candidateId, state: 'ready' });
}
