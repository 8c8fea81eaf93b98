/**
 * The document's shape, version 2: in version 1 each rating was a number, and resolving needed a right of its own.
 * Rows without `write` are the server's alone. Keys are ids, so that nobody's write can move another's; every value
 * that a client may write may be missing and then reads as its default.
 */
import { compilePolicy, type Access, type Node, type Reference, type Row } from './policy.ts';
import { fits, WHOLE, type Rubric } from './rubric.ts';

/** Changes with the rows, or with the meaning of a value. */
export const SCHEMA_VERSION = 2;

/** Longest turn or draft, in UTF-16 units. */
export const MAX_TEXT = 200_000;
/** Longest reason, quotation or comment, in UTF-16 units. */
const MAX_NOTE = 10_000;
/** The last millisecond of the year 9999: what is later no page can write as a date. */
const MAX_TIME = 253_402_300_799_999;

/** One value under `comments/:id`, written whole by its author. */
export interface Comment {
	author: string;
	/** The turn's id; absent: about the dialogue. */
	turn?: string;
	/** Which words of the turn's text: the relative positions of both ends, encoded. */
	anchor?: string;
	/** What stood there when the comment was made. */
	quote?: string;
	text: string;
	/** Milliseconds since 1970, by the author's clock: it may be wrong. */
	at: number;
	/** The comment that this one answers. */
	replyTo?: string;
}

/** One value under `choices/:user/:turn`. */
export interface Choice {
	/** A candidate's id, `tie` or `bad`. */
	best: string;
	/** By how much; 0: as good as equal. */
	degree: number;
}

/**
 * The value of a prompt's `turns/:turn/typed`, the server's: who typed what was sent, in its order, as UTF-16 units
 * and user. Absent: all of it the turn's author.
 */
export type Typed = readonly (readonly [length: number, user: string])[];

type Fields = Record<string, unknown>;
type Test = (value: unknown) => boolean;

const ID = /^[A-Za-z0-9_-]{1,40}$/;
const RATING_KEY = /^[A-Za-z0-9_-]{1,40}\/[A-Za-z0-9_-]{1,40}$/;

const string =
	(max: number): Test =>
	(v) =>
		typeof v === 'string' && v.length <= max;
const integer =
	(low: number, high: number): Test =>
	(v) =>
		Number.isInteger(v) && (v as number) >= low && (v as number) <= high;
const id: Test = (v) => typeof v === 'string' && ID.test(v) && v !== '__proto__';
const maybe =
	(test: Test): Test =>
	(v) =>
		v === undefined || v === null || test(v);
const boolean: Test = (v) => typeof v === 'boolean';

/** An object with these fields and no others. */
const record =
	(fields: Record<string, Test>): Test =>
	(v) => {
		if (typeof v !== 'object' || v === null || Array.isArray(v)) return false;
		const given = v as Fields;
		return (
			Object.keys(given).every((key) => Object.hasOwn(fields, key)) &&
			Object.entries(fields).every(([key, test]) => test(given[key]))
		);
	};

const point = integer(-1000, 1000);
const rating = record({ value: (v) => point(v) || boolean(v) || id(v), why: maybe(string(MAX_NOTE)) });
const choice = record({ best: id, degree: integer(0, 9) });
const comment = record({
	author: id,
	turn: maybe(id),
	anchor: maybe(string(1000)),
	quote: maybe(string(MAX_NOTE)),
	text: string(MAX_NOTE),
	at: integer(0, MAX_TIME),
	replyTo: maybe(id),
});
const ownComment = (v: unknown, a: Access): boolean => comment(v) && (v as Fields).author === a.userId;
/** A turn never goes, and a comment that its author deleted leaves its key: who answers it just then is not refused. */
const aboutWhat = (v: unknown): Reference[] => {
	const { turn, replyTo } = v as Comment;
	return [...(turn ? [['turns', turn] as const] : []), ...(replyTo ? [['comments', replyTo] as const] : [])];
};
const thatComment = (_value: unknown, { params }: Access): Reference[] => [
	['comments', params['comment'] ?? ''],
];

export const ROWS: readonly Row[] = [
	{ path: 'dialogue', kind: 'map' },
	{ path: 'dialogue/:field', kind: 'value' },
	{ path: 'turns', kind: 'map' },
	{ path: 'turns/:turn', kind: 'map', key: ID },
	{ path: 'turns/:turn/text', kind: 'text', write: 'edit', max: MAX_TEXT },
	{ path: 'turns/:turn/:field', kind: 'value' },
	{ path: 'candidates', kind: 'map' },
	{ path: 'candidates/:candidate', kind: 'map', key: ID },
	{ path: 'candidates/:candidate/text', kind: 'text' },
	{ path: 'candidates/:candidate/:field', kind: 'value' },
	{ path: 'draft', kind: 'text', write: 'draft', max: MAX_TEXT },
	{ path: 'choices', kind: 'map' },
	{ path: 'choices/:user', kind: 'map', key: ID, max: 2000 },
	{ path: 'choices/:user/:turn', kind: 'value', write: 'rate&@user', check: choice, key: ID },
	{ path: 'ratings', kind: 'map' },
	{ path: 'ratings/:user', kind: 'map', key: ID, max: 5000 },
	{ path: 'ratings/:user/:key', kind: 'value', write: 'rate&@user', check: rating, key: RATING_KEY },
	{ path: 'comments', kind: 'map', max: 5000 },
	{
		path: 'comments/:comment',
		kind: 'value',
		write: 'comment&@owner',
		check: ownComment,
		refers: aboutWhat,
		key: ID,
	},
	{ path: 'resolved', kind: 'map', max: 5000 },
	{
		path: 'resolved/:comment',
		kind: 'value',
		write: 'resolve | comment&@comments/:comment',
		check: boolean,
		refers: thatComment,
		key: ID,
	},
];

/** What a person gives for themselves. In a blind dialogue it lies in a document of their own. */
const isGiven = ({ path }: Row): boolean => /^(ratings|choices)(\/|$)/.test(path);

type Asking = Pick<Rubric, 'criteria'>;

/** Ratings by the rubric: of what it asks, of a response or of the whole, with a value that it knows. */
function rowsOf(rubric: Asking): Row[] {
	const asked = new Map(rubric.criteria.map((criterion) => [criterion.key, criterion]));
	const byRubric = (v: unknown, { params }: Access): boolean => {
		const [what, key = ''] = (params['key'] ?? '').split('/');
		const criterion = asked.get(key);
		return (
			rating(v) &&
			criterion !== undefined &&
			(criterion.level === 'dialogue') === (what === WHOLE) &&
			fits(criterion, (v as Fields)['value'])
		);
	};
	return ROWS.map((row) => (row.check === rating ? { ...row, check: byRubric } : row));
}

export interface Policies {
	/** Of a dialogue. */
	whole: Node;
	/** Of a blind dialogue: nobody has a place in it to rate. */
	blind: Node;
	/** Of one rater's document beside it: there is nothing else in it. */
	ratings: Node;
}

const compiled = new WeakMap<Asking, Policies>();

/** Who may write what, where people rate by this rubric. */
export function policiesFor(rubric: Asking): Policies {
	const known = compiled.get(rubric);
	if (known) return known;
	const rows = rowsOf(rubric);
	const policies = {
		whole: compilePolicy(rows),
		blind: compilePolicy(rows.filter((row) => !isGiven(row))),
		ratings: compilePolicy(rows.filter(isGiven)),
	};
	compiled.set(rubric, policies);
	return policies;
}
