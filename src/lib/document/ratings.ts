/**
 * Ratings in a document: one map a person, keyed `turn/criterion`, or `dialogue/criterion` of the dialogue as a whole.
 * A dialogue's own document holds everybody's; of a blind dialogue each rater's document holds their own. Choices lie
 * beside them, and are read with them.
 */
import * as Y from 'yjs';
import { allChoices, type TurnChoices } from './choices.ts';
import type { DialogueView, TurnView } from './dialogue-view.ts';
import { raterMapsOf, type Fields } from './roots.ts';
import { WHOLE, type Rating } from './rubric.ts';

/** user → criterion → rating. */
export type TurnRatings = Record<string, Record<string, Rating>>;

function ratingFrom(value: unknown): Rating | null {
	if (typeof value !== 'object' || value === null) return null;
	const { value: given, why } = value as { value?: unknown; why?: unknown };
	if (typeof given !== 'number' && typeof given !== 'boolean' && typeof given !== 'string') return null;
	return typeof why === 'string' && why !== '' ? { value: given, why } : { value: given };
}

/** What people gave in a document. Who gave nothing is left out. */
export interface AllRatings {
	/** turn, or WHOLE → user → criterion → rating. */
	ratings: Map<string, TurnRatings>;
	/** turn → user → choice. */
	choices: Map<string, TurnChoices>;
}

export const NOTHING_GIVEN: AllRatings = { ratings: new Map(), choices: new Map() };

export const allRatings = (doc: Y.Doc): AllRatings => ({
	ratings: turnRatings(doc),
	choices: allChoices(doc),
});

/** The ratings of all turns, and of the whole, in one pass. */
function turnRatings(doc: Y.Doc): Map<string, TurnRatings> {
	const turns = new Map<string, TurnRatings>();
	raterMapsOf(doc).forEach((given: Fields, user) => {
		given.forEach((value, key) => {
			const slash = key.indexOf('/');
			const rating = ratingFrom(value);
			if (slash < 0 || rating === null) return;
			const turn = key.slice(0, slash);
			let ratings = turns.get(turn);
			if (ratings === undefined) turns.set(turn, (ratings = {}));
			(ratings[user] ??= {})[key.slice(slash + 1)] = rating;
		});
	});
	return turns;
}

/** A blind dialogue with what these raters' documents hold for it. */
export function withRatings<T extends Pick<DialogueView, 'turns' | 'ratings'>>(
	view: T,
	all: readonly AllRatings[],
): T {
	const givenFor = (id: string): TurnRatings =>
		Object.assign({}, ...all.map(({ ratings }) => ratings.get(id))) as TurnRatings;
	const rated = (turn: TurnView): TurnView => {
		const { choice } = turn;
		const chosen = (id: string): TurnChoices =>
			Object.assign({}, ...all.map(({ choices }) => choices.get(id))) as TurnChoices;
		return {
			...turn,
			ratings: givenFor(turn.id),
			...(choice && { choice: { ...choice, given: chosen(choice.id) } }),
			earlier: turn.earlier.map(rated),
			followers: turn.followers.map(rated),
		};
	};
	return { ...view, turns: view.turns.map(rated), ratings: givenFor(WHOLE) };
}

/** What one person gave, as it stands in a dialogue that was read before. */
export function ratingsBy(
	{ turns, ratings: whole }: Pick<DialogueView, 'turns' | 'ratings'>,
	userId: string,
): AllRatings {
	const given: AllRatings = { ratings: new Map(), choices: new Map() };
	if (whole[userId]) given.ratings.set(WHOLE, { [userId]: whole[userId] });
	const look = ({ id, ratings, choice, earlier, followers }: TurnView): void => {
		const own = ratings[userId];
		if (own) given.ratings.set(id, { [userId]: own });
		const chosen = choice?.given[userId];
		if (choice && chosen) given.choices.set(choice.id, { [userId]: chosen });
		for (const off of [...earlier, ...followers]) look(off);
	};
	turns.forEach(look);
	return given;
}

export function ratingsOf(doc: Y.Doc, turnId: string): TurnRatings {
	return turnRatings(doc).get(turnId) ?? {};
}

/**
 * Sets or, with null, removes a person's own rating. False when the server has made no ratings map for
 * them (observers have none): nothing was written.
 */
export function rate(
	doc: Y.Doc,
	userId: number | string,
	turnId: string,
	criterion: string,
	rating: Rating | null,
): boolean {
	const mine = raterMapsOf(doc).get(String(userId));
	if (mine === undefined) return false;
	const key = `${turnId}/${criterion}`;
	doc.transact(() => {
		if (rating !== null) mine.set(key, rating);
		else if (mine.has(key)) mine.delete(key);
	});
	return true;
}
