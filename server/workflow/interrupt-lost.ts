import type { Summary } from '#lib/document/summary.ts';
import { interruptGenerating } from '#lib/document/write-dialogue.ts';
import type { Context } from './context.ts';

const SERVER = 0;

/** What was being written when its server went down will never end by itself: its turn, or its slot, says so. */
export function interruptLost({ hub, generations, logger }: Context, id: number, summary: Summary): void {
	if (!summary.generating) return;
	hub
		.write(id, SERVER, (at) => interruptGenerating(at, (candidateId) => !generations.has(candidateId)))
		.catch((error: unknown) =>
			logger.warn({ err: error, dialogue: id }, 'a lost response could not be marked'),
		);
}
