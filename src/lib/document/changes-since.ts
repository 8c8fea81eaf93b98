import type { TurnView } from './dialogue-view.ts';

export const WHATS = ['new', 'text', 'rating', 'choice', 'state'] as const;
/** In what a turn differs from what somebody saw of it. */
export type What = (typeof WHATS)[number];

export interface TurnChange {
	turn: string;
	what: What[];
	/** The text as they saw it, where that changed. */
	before?: string;
}

/** What others changed in a dialogue since somebody looked. */
export interface ChangesSince {
	items: TurnChange[];
	/** Something was written since, and its history is longer than is gone through for this: nothing is told. */
	tooLong: boolean;
}

/** What others have done to a turn since. What somebody gives for themselves tells by itself whose it is. */
export interface Touched {
	text: boolean;
	state: boolean;
}

/** What others changed in a turn since `me` saw it as `seen`; null: nothing. A change that was taken back is none. */
export function changeOf(
	seen: TurnView | undefined,
	now: TurnView,
	touched: Touched,
	me: string,
): TurnChange | null {
	if (seen === undefined) return now.author === me ? null : { turn: now.id, what: ['new'] };
	// Half of an answer is nothing to compare with.
	if (seen.state === 'generating') return now.state === 'generating' ? null : { turn: now.id, what: ['new'] };
	const what: What[] = [];
	if (touched.text && seen.text !== now.text) what.push('text');
	if (givenBy(others(seen.ratings, me)) !== givenBy(others(now.ratings, me))) what.push('rating');
	const [before, after] = [seen.choice?.given ?? {}, now.choice?.given ?? {}];
	if (givenBy(others(before, me)) !== givenBy(others(after, me))) what.push('choice');
	if (touched.state && (seen.state !== now.state || seen.fault !== now.fault)) what.push('state');
	if (what.length === 0) return null;
	return { turn: now.id, what, ...(what.includes('text') && { before: seen.text }) };
}

const others = (given: Record<string, object>, me: string): [string, object][] =>
	Object.entries(given).filter(([user]) => user !== me);

/** Independent of the order in which it was given. */
const givenBy = (given: [string, object][]): string =>
	JSON.stringify(
		given
			.map(([user, value]) => [user, Object.entries(value).sort(byKey)] as const)
			.sort(([a], [b]) => (a < b ? -1 : 1)),
	);
const byKey = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);
