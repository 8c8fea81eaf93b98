import type { BotFault } from '#lib/document/dialogue-view.ts';

/** What a bot is asked. The last entry of `history` is the prompt; answers in it are Final texts. */
export interface Prompting {
	/** Empty: the bot gets no system message. */
	system: string;
	topic: { title: string; brief: string; language: string };
	history: { role: 'user' | 'assistant'; content: string }[];
	/** 0 for the first answer to a prompt, one more for each regeneration or further candidate. */
	attempt: number;
}

/**
 * A prompt in, a stream of text out. Every chunk is non-empty, well-formed UTF-16 whose only line break is \n.
 * Ends without an error when the answer is complete or `signal` aborts; throws BotFailure otherwise, and then
 * what was yielded before stands.
 */
export interface Bot {
	answer(prompting: Prompting, signal: AbortSignal): AsyncIterable<string>;
}

/** Why a bot gave no whole answer. Neither `message` nor `detail` ever holds a key. */
export class BotFailure extends Error {
	override readonly name = 'BotFailure';
	readonly fault: BotFault;
	/** What the other side said: a status, its own words, a code of the network. Shown to leads of any language. */
	readonly detail: string;
	constructor(fault: BotFault, message: string, detail = '') {
		super(message);
		this.fault = fault;
		this.detail = detail;
	}
}

/** No answer is longer, in UTF-16 units: as much as a turn's text may hold. A longer one ends here, complete. */
export const MAX_ANSWER = 200_000;
