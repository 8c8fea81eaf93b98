/** Values, keys and texts that the schema does not have, where their writer may write. */
import * as Y from 'yjs';
import { commentsOf, draftOf, raterMapsOf, resolvedOf } from '../../../src/lib/document/roots.ts';
import { ANN, REV } from '../gate-world.ts';
import { choices, edits, ratings, remark, text, type Attack, type Edit } from './attack.ts';

const LONG_NOTE = 'x'.repeat(10_001);
const STRANGE_KEYS = ['', 'a b', '../b0', '__proto__', 'x'.repeat(41), 'é', 'b0\n'];

const values = (
	where: string,
	put: (doc: Y.Doc, value: unknown) => void,
	bad: Record<string, unknown>,
): Edit[] =>
	Object.entries(bad).map(([what, value]) => [`${where}: ${what}`, ANN, (d) => put(d, value), 'bad-value']);
const keys = (where: string, bad: readonly string[], put: (doc: Y.Doc, key: string) => void): Edit[] =>
	bad.map((key) => [`${where} under ${JSON.stringify(key)}`, ANN, (d) => put(d, key), 'unknown-key']);

const RATINGS: Edit[] = [
	...values('a rating', (d, value) => ratings(d, ANN).set('b0/helpful', value), {
		'a number': 3,
		'a string': '3',
		nothing: null,
		'a list': [3],
		'no value': { why: 'so' },
		'another shape': { a: 1 },
		'a string inside': { value: '3' },
		'a fraction': { value: 2.5 },
		'not a number': { value: Number.NaN },
		'without end': { value: Infinity },
		'past the scale': { value: 6 },
		'below the scale': { value: -1 },
		'a flag in place of a point': { value: true },
		'an option in place of a point': { value: 'plain' },
		'a field of one’s own': { value: 3, by: REV },
		'a reason that is none': { value: 3, why: 1 },
		'a reason too long': { value: 1, why: LONG_NOTE },
	}),
	...values('a flag', (d, value) => ratings(d, ANN).set('b0/spam', value), {
		'a number': { value: 1 },
		'in words': { value: 'true' },
		nothing: { value: null },
		'no object': true,
		'a field of one’s own': { value: true, by: REV },
	}),
	...values('a choice of the rubric', (d, value) => ratings(d, ANN).set('b0/tone', value), {
		'an option that there is not': { value: 'cold' },
		'an option of another': { value: 'solved' },
		'no id': { value: 'a b' },
		'its place': { value: 0 },
		'yes or no': { value: true },
		'several options': { value: ['plain', 'warm'] },
		__proto__: { value: '__proto__' },
	}),
	...values('a rating of the dialogue', (d, value) => ratings(d, ANN).set('dialogue/goal', value), {
		'past the scale': { value: 6 },
		'yes or no': { value: true },
		'an option': { value: 'solved' },
	}),
	...Object.entries({
		'by no criterion of the rubric': 'b0/new',
		'of a response, by what is asked of the dialogue': 'b0/goal',
		'of the dialogue, by what is asked of a response': 'dialogue/helpful',
	}).map(([what, key]): Edit => [
		`a rating ${what}`,
		ANN,
		(d) => ratings(d, ANN).set(key, { value: 3 }),
		'bad-value',
	]),
	...keys(
		'a rating',
		['b0', 'b0/', '/helpful', 'b0/a/b', 'b0/a b', 'b0/__proto__', '__proto__/a', ...STRANGE_KEYS],
		(d, key) => ratings(d, ANN).set(key, { value: 3 }),
	),
	[
		'a rating that is a subdocument',
		ANN,
		(d) => ratings(d, ANN).set('b0/helpful', new Y.Doc()),
		'bad-content',
	],
	['a rating that is bytes', ANN, (d) => ratings(d, ANN).set('b0/helpful', new Uint8Array(4)), 'bad-content'],
	[
		'a value in place of a rater’s map',
		ANN,
		(d) => (raterMapsOf(d) as Y.Map<unknown>).set(ANN, { value: 1 }),
		'shape',
	],
];

const CHOICES: Edit[] = [
	...values('a choice', (d, value) => choices(d, ANN).set('b0', value), {
		'a string': 'c0',
		nothing: null,
		'no candidate': { degree: 1 },
		'an empty candidate': { best: '', degree: 1 },
		'a candidate that is no id': { best: 'a b', degree: 1 },
		'a candidate __proto__': { best: '__proto__', degree: 1 },
		'a candidate too long': { best: 'c'.repeat(41), degree: 1 },
		'a list of candidates': { best: ['c0', 'c1'], degree: 1 },
		'no degree': { best: 'c0' },
		'a degree below none': { best: 'c0', degree: -1 },
		'a degree past the most': { best: 'c0', degree: 10 },
		'a fraction of a degree': { best: 'c0', degree: 0.5 },
		'a degree in words': { best: 'c0', degree: 'much' },
		'a field of one’s own': { best: 'c0', degree: 1, by: REV },
	}),
	...keys('a choice', STRANGE_KEYS, (d, key) => choices(d, ANN).set(key, { best: 'c0', degree: 1 })),
];

const comment = (d: Y.Doc, change: Record<string, unknown>): unknown =>
	commentsOf(d).set('new', { ...remark(ANN), ...change });

const COMMENTS: Edit[] = [
	...values('a comment', (d, value) => commentsOf(d).set('new', value), {
		'a string': 'x',
		nothing: null,
		'a list': [remark(ANN)],
		'no text': { author: ANN, at: 1 },
		'no time': { author: ANN, text: 'x' },
	}),
	...values('a comment', (d, change) => comment(d, change as Record<string, unknown>), {
		'a text that is none': { text: 1 },
		'a text too long': { text: LONG_NOTE },
		'a turn that is no id': { turn: 'a b' },
		'a turn that is a number': { turn: 0 },
		'an anchor that is none': { anchor: { client: 1 } },
		'an anchor too long': { anchor: 'x'.repeat(1001) },
		'a quotation that is none': { quote: ['q'] },
		'a quotation too long': { quote: LONG_NOTE },
		'a time before all': { at: -1 },
		'a time in words': { at: 'now' },
		'a fraction of a time': { at: 1.5 },
		'a time that is no number': { at: Number.NaN },
		'a time without end': { at: Infinity },
		'a time that no date can show': { at: Number.MAX_SAFE_INTEGER },
		'an answer to no id': { replyTo: 'a b' },
		'an answer to several': { replyTo: [`by-${REV}`] },
		'a field of one’s own': { resolved: true },
		'a field __proto__': JSON.parse('{"__proto__":{"author":"2"}}') as unknown,
	}),
	['a comment on a turn that there is not', ANN, (d) => comment(d, { turn: 'b9' }), 'dangling'],
	['a comment on a candidate', ANN, (d) => comment(d, { turn: 'c0' }), 'dangling'],
	['an answer to what there is not', ANN, (d) => comment(d, { replyTo: 'none' }), 'dangling'],
	['an answer to a turn', ANN, (d) => comment(d, { replyTo: 'b0' }), 'dangling'],
	...keys('a comment', STRANGE_KEYS, (d, key) => commentsOf(d).set(key, remark(ANN))),
];

const RESOLVED: Edit[] = [
	...values('resolved', (d, value) => resolvedOf(d).set(`by-${ANN}`, value), {
		'in words': 'yes',
		'a number': 1,
		nothing: null,
		'more than yes or no': { by: ANN },
	}),
	['resolve what there is not', ANN, (d) => resolvedOf(d).set('none', true), 'dangling'],
	['resolve a turn', ANN, (d) => resolvedOf(d).set('b0', true), 'dangling'],
	...keys('resolved', STRANGE_KEYS, (d, key) => resolvedOf(d).set(key, true)),
];

const TEXTS: Edit[] = [
	...Object.entries({ 'a turn': text, 'the draft': draftOf }).flatMap(([what, of]): Edit[] => [
		[`an attribute of ${what}`, ANN, (d) => of(d).setAttribute('a', 1), 'shape'],
		[`a format in ${what}`, ANN, (d) => of(d).format(0, 3, { bold: true }), 'bad-content'],
		[`bold text in ${what}`, ANN, (d) => of(d).insert(0, 'x', { bold: true }), 'bad-content'],
		[`an embed in ${what}`, ANN, (d) => of(d).insertEmbed(0, { image: 'x' }), 'bad-content'],
		[`a map in ${what}`, ANN, (d) => of(d).insertEmbed(0, new Y.Map()), 'shape'],
		[`${what}, too long`, ANN, (d) => of(d).insert(0, 'x'.repeat(200_001)), 'limit'],
		[
			`${what}, too long in pieces`,
			ANN,
			(d) => void [1, 2, 3].map((n) => of(d).insert(n, 'x'.repeat(70_000))),
			'limit',
		],
	]),
];

export const OUT_OF_SHAPE: readonly Attack[] = edits([
	...RATINGS,
	...CHOICES,
	...COMMENTS,
	...RESOLVED,
	...TEXTS,
]);
