/** What is looked through when words are asked for, and where they stand in it. */
import type { Span } from '../document/comment-anchor.ts';
import type { TurnView } from '../document/dialogue-view.ts';
import type { Thread } from '../document/read-comments.ts';
import { occurrences } from '../text/occurrences.ts';
import { isEdited, type Exchange } from './workspace-exchanges.ts';

/** A text, and how it is come by. `id`: of the turn, or of the comment. */
export type Place = { id: string; text: string } & (
	{ kind: 'text' | 'original'; exchange: Exchange } | { kind: 'comment'; thread: string }
);

export interface Match {
	readonly place: Place;
	readonly span: Span;
	/** Among those of its place, from 0. */
	readonly nth: number;
}

/** In the order of the page: the turns, and then what is said of them. */
export function placesIn(
	exchanges: readonly Exchange[],
	threads: readonly Thread[],
	originals: boolean,
): Place[] {
	const final = (exchange: Exchange, turn: TurnView | undefined): Place[] =>
		turn ? [{ kind: 'text', id: turn.id, text: turn.text, exchange }] : [];
	const original = (exchange: Exchange, turn: TurnView | undefined): Place[] =>
		originals && turn?.original !== undefined && isEdited(turn)
			? [{ kind: 'original', id: turn.id, text: turn.original, exchange }]
			: [];
	return [
		...exchanges.flatMap((exchange) => [
			...final(exchange, exchange.prompt),
			...final(exchange, exchange.response),
			...original(exchange, exchange.response),
		]),
		...threads.flatMap(({ id: thread, first, replies }) =>
			(first ? [first, ...replies] : replies).map(({ id, text }): Place => ({
				kind: 'comment',
				id,
				text,
				thread,
			})),
		),
	];
}

export const isAt = (place: Place, { kind, id }: Pick<Place, 'kind' | 'id'>): boolean =>
	place.kind === kind && place.id === id;

/** Finds again and again; a text that did not change is not looked through again for the same words. */
export function finder(): (places: readonly Place[], wanted: string) => Match[] {
	let known = new Map<string, { text: string; wanted: string; spans: Span[] }>();
	return (places, wanted) => {
		const now: typeof known = new Map();
		const matches = places.flatMap((place) => {
			const { kind, id, text } = place;
			const before = known.get(`${kind} ${id}`);
			const found =
				before?.text === text && before.wanted === wanted
					? before
					: { text, wanted, spans: occurrences(text, wanted) };
			now.set(`${kind} ${id}`, found);
			return found.spans.map((span, nth): Match => ({ place, span, nth }));
		});
		known = now;
		return matches;
	};
}

/** The first match at or behind a place, else around the end the first of all. @returns -1 where there are none. */
export function firstFrom(
	places: readonly Place[],
	matches: readonly Match[],
	start: number,
	from: number,
): number {
	const orders = new Map(places.map((place, order) => [place, order]));
	const next = matches.findIndex(({ place, span }) => {
		const order = orders.get(place) ?? 0;
		return order > start || (order === start && span.from >= from);
	});
	return next < 0 && matches.length > 0 ? 0 : next;
}
