import type * as Y from 'yjs';
import { readDialogue } from '#lib/document/read-dialogue.ts';
import type { Summary } from '#lib/document/summary.ts';
import { interruptGenerating } from '#lib/document/write-dialogue.ts';
import type { Context } from './context.ts';

const SERVER = 0;

/** A response that was being written when its server went down will never end by itself: its turn says so. */
export function interruptLost({ hub, generations, logger }: Context, id: number, summary: Summary): void {
	if (!summary.generating) return;
	const lost = (at: Y.Doc): boolean =>
		readDialogue(at).turns.some((turn) => turn.state === 'generating' && !generations.has(turn.id));
	hub
		.write(id, SERVER, (at) => {
			if (lost(at)) interruptGenerating(at);
		})
		.catch((error: unknown) =>
			logger.warn({ err: error, dialogue: id }, 'a lost response could not be marked'),
		);
}
