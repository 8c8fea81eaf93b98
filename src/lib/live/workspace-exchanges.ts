import { isRateable, isRated } from '../document/progress.ts';
import type { TurnView } from '../document/dialogue-view.ts';
import type { Rubric } from '../document/rubric.ts';

/** What the page calls a turn: a prompt, and the bot's answer to it. */
export interface Exchange {
	/** From 1. */
	n: number;
	/** The id of its first turn: stays while the answer comes and is generated again. */
	id: string;
	prompt?: TurnView;
	response?: TurnView;
}

/** Where an exchange stands for the person whose ratings are looked at. */
export type Standing = 'unanswered' | 'generating' | 'failed' | 'open' | 'done' | 'edited' | 'read';

/** @param before exchanges of an earlier read; those that did not change are given back as the same objects. */
export function exchangesOf(turns: readonly TurnView[], before: readonly Exchange[] = []): Exchange[] {
	const exchanges: Exchange[] = [];
	for (const turn of turns) {
		const last = exchanges.at(-1);
		if (turn.role === 'user') exchanges.push({ n: exchanges.length + 1, id: turn.id, prompt: turn });
		else if (last && !last.response) last.response = turn;
		else exchanges.push({ n: exchanges.length + 1, id: turn.id, response: turn });
	}
	return exchanges.map((exchange, i) => {
		const old = before[i];
		return old &&
			old.id === exchange.id &&
			old.prompt === exchange.prompt &&
			old.response === exchange.response
			? old
			: exchange;
	});
}

/** turn → the exchange that it is in, also off the line: an earlier answer, or what had followed one. */
export function exchangesByTurn(exchanges: readonly Exchange[]): Map<string, Exchange> {
	const found = new Map<string, Exchange>();
	const add = (turn: TurnView | undefined, exchange: Exchange): void => {
		if (!turn) return;
		found.set(turn.id, exchange);
		for (const off of [...turn.earlier, ...turn.followers]) add(off, exchange);
	};
	for (const exchange of exchanges)
		for (const turn of [exchange.prompt, exchange.response]) add(turn, exchange);
	return found;
}

export function isEdited(turn: TurnView | undefined): boolean {
	return turn?.original !== undefined && turn.state !== 'generating' && turn.text !== turn.original;
}

/** @param rater null: nobody's ratings count, the page is only read. */
export function standingOf({ response }: Exchange, rubric: Rubric, rater: string | null): Standing {
	if (!response) return 'unanswered';
	if (response.state === 'generating') return 'generating';
	if (!isRateable(response)) return response.state === 'failed' ? 'failed' : 'unanswered';
	if (rater === null) return 'read';
	if (!isRated(response, rubric, rater)) return 'open';
	return isEdited(response) ? 'edited' : 'done';
}

const HAN = /\p{Script=Han}/u;

/** Words; of Han text its characters, as its readers count. */
export function countWords(text: string): number {
	let count = 0;
	for (const { segment, isWordLike } of new Intl.Segmenter('en', { granularity: 'word' }).segment(text))
		if (isWordLike) count += HAN.test(segment) ? [...segment].length : 1;
	return count;
}
