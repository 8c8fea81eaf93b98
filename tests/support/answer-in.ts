import type * as Y from 'yjs';
import { beginResponse, finishResponse, streamUpTo } from '#lib/document/write-dialogue.ts';

/** Adds a whole response to a prompt. */
export function answerIn(doc: Y.Doc, turnId: string, parent: string): void {
	const candidateId = `${turnId}-c`;
	beginResponse(doc, { turnId, candidateId, parent, bot: { id: 1, name: 'Bot', practice: true } });
	streamUpTo(doc, candidateId, 'An answer');
	finishResponse(doc, { turnId, candidateId, state: 'ready' });
}
