import { setTimeout as pause } from 'node:timers/promises';
import type { Bot, Prompting } from './bot.ts';
import { practiceAnswer } from './practice-answer.ts';

/** A bot that needs no model and no network: for trying the product, for onboarding, for tests. Milliseconds a chunk. */
export function practiceBot({ pace = 25 }: { pace?: number } = {}): Bot {
	return { answer: (prompting, signal) => answer(prompting, pace, signal) };
}

async function* answer(prompting: Prompting, pace: number, signal: AbortSignal) {
	for (const chunk of pieces(practiceAnswer(prompting))) {
		if (pace > 0) await pause(pace, undefined, { signal }).catch(() => undefined); // rejects only by the signal
		if (signal.aborted) return;
		yield chunk;
	}
}

/** A word with the space before it, or up to three characters where words are not spaced. */
function pieces(text: string): string[] {
	return text.match(/\s*(?:[\p{Script=Latin}\d’'-]+|[^\p{Script=Latin}\s]{1,3}|\s)/gu) ?? [];
}
