/** Updates that no Yjs would write, that leave gaps, or that are made to cost. */
import * as encoding from 'lib0/encoding';
import {
	candidate,
	firstOf,
	fresh,
	type Forgery,
	going,
	holderOf,
	idOf,
	mine,
	stateOf,
	textOf,
} from './ground.ts';
import { ANN } from '../gate-world.ts';
import { handmade } from '../handmade-update.ts';

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
const x = 'x';

export const BYTES: readonly Forgery[] = [
	[
		'a second section for one client',
		ANN,
		'malformed',
		(w) => {
			const [client, clock] = [idOf(w, ANN), stateOf(w, idOf(w, ANN))];
			return handmade({
				structs: [
					[client, clock, [{ origin: firstOf(textOf(w)), string: x }]],
					[client, clock, [{ parent: holderOf(candidate(w)), key: 'original', any: ['forged'] }]],
				],
			});
		},
	],
	[
		'deletion of what is yet to come',
		ANN,
		'pending',
		(w) => handmade({ deletes: [[w.doc.clientID, [[stateOf(w, w.doc.clientID), 1000]]]] }),
	],
	[
		'a gap before the first struct',
		ANN,
		'pending',
		(w) => going(w, ANN, [{ origin: firstOf(textOf(w)), string: x }], 5),
	],
	['a skip', ANN, 'pending', (w) => going(w, ANN, [{ skip: 3 }, { origin: firstOf(textOf(w)), string: x }])],
	[
		'a skip that one of Yjs’s parsers takes for an item',
		ANN,
		'pending',
		(w) =>
			going(w, ANN, [
				{ skip: 3, info: 10 | 32 },
				{ origin: firstOf(textOf(w)), string: x },
			]),
	],
	['an unknown origin', ANN, 'pending', (w) => fresh(w, ANN, [{ origin: [777, 5], string: x }])],
	['an unknown right origin', ANN, 'pending', (w) => fresh(w, ANN, [{ right: [777, 5], string: x }])],
	['an unknown parent', ANN, 'pending', (w) => fresh(w, ANN, [{ parent: [777, 5], key: 'k', any: [1] }])],
	[
		'an origin in itself',
		ANN,
		'pending',
		(w) => {
			const client = w.freshId(ANN);
			return handmade({ structs: [[client, 0, [{ origin: [client, 0], string: x }]]] });
		},
	],
	[
		'origins in a circle',
		ANN,
		'pending',
		(w) => {
			const [a, b] = [w.freshId(ANN), w.freshId(ANN)];
			return handmade({
				structs: [
					[a, 0, [{ origin: [b, 0], string: x }]],
					[b, 0, [{ origin: [a, 0], string: x }]],
				],
			});
		},
	],
	['an empty string', ANN, 'malformed', (w) => fresh(w, ANN, [{ origin: firstOf(textOf(w)), string: '' }])],
	[
		'no values',
		ANN,
		'malformed',
		(w) => fresh(w, ANN, [{ parent: holderOf(mine(w)), key: 'b0/new', any: [] }]),
	],
	['an empty collected range', ANN, 'malformed', (w) => fresh(w, ANN, [{ gc: 0 }])],
	['an empty section', ANN, 'malformed', (w) => fresh(w, ANN, [])],
	['2^52 collected structs', ANN, 'limit', (w) => fresh(w, ANN, [{ gc: 2 ** 52 }])],
	[
		'2^52 deleted characters',
		ANN,
		'limit',
		(w) => fresh(w, ANN, [{ origin: firstOf(textOf(w)), deleted: 2 ** 52 }]),
	],
	[
		'a header that claims 2^25 structs',
		ANN,
		'malformed',
		(w) => {
			const encoder = encoding.createEncoder();
			for (const n of [1, 2 ** 25, w.freshId(ANN), 0]) encoding.writeVarUint(encoder, n);
			return encoding.toUint8Array(encoder);
		},
	],
	[
		'a header that claims 2^25 clients',
		ANN,
		'limit',
		() => {
			const encoder = encoding.createEncoder();
			encoding.writeVarUint(encoder, 2 ** 25);
			return encoding.toUint8Array(encoder);
		},
	],
	[
		'bytes after the end',
		ANN,
		'malformed',
		(w) =>
			handmade({
				structs: [[w.freshId(ANN), 0, [{ origin: firstOf(textOf(w)), string: x }]]],
				tail: [1, 2, 3],
			}),
	],
	['nothing', ANN, 'malformed', () => new Uint8Array()],
	[
		'delete ranges that overlap',
		ANN,
		'malformed',
		(w) =>
			handmade({
				deletes: [
					[
						idOf(w, ANN),
						[
							[0, 4],
							[2, 4],
						],
					],
				],
			}),
	],
	['an empty delete section', ANN, 'malformed', (w) => handmade({ deletes: [[idOf(w, ANN), []]] })],
	['an empty delete range', ANN, 'malformed', (w) => handmade({ deletes: [[idOf(w, ANN), [[0, 0]]]] })],
	[
		'two delete sections for one client',
		ANN,
		'malformed',
		(w) =>
			handmade({
				deletes: [
					[idOf(w, ANN), [[0, 1]]],
					[idOf(w, ANN), [[1, 1]]],
				],
			}),
	],
	[
		'an unknown kind of content',
		ANN,
		'bad-content',
		(w) => fresh(w, ANN, [{ info: 17 | 128, origin: firstOf(textOf(w)) }]),
	],
	[
		'a value nested 5000 deep',
		ANN,
		'limit',
		(w) => fresh(w, ANN, [{ parent: holderOf(mine(w)), key: 'b0/new', any: [nested(5000)] }]),
	],
	[
		'__proto__ in a value',
		ANN,
		'bad-value',
		(w) =>
			fresh(w, ANN, [
				{ parent: holderOf(mine(w)), key: 'b0/new', any: [JSON.parse('{"__proto__":{"value":1}}')] },
			]),
	],
	[
		'a key of 129 characters',
		ANN,
		'limit',
		(w) => fresh(w, ANN, [{ parent: holderOf(mine(w)), key: 'k'.repeat(129), any: [{ value: 1 }] }]),
	],
	[
		'a bigint',
		ANN,
		'bad-value',
		(w) => fresh(w, ANN, [{ parent: holderOf(mine(w)), key: 'b0/new', any: [1n] }]),
	],
	[
		'more ratings than there is room for',
		ANN,
		'limit',
		(w) =>
			fresh(
				w,
				ANN,
				Array.from({ length: 5001 }, (_, i) => ({
					parent: holderOf(mine(w)),
					key: `b${i}/helpful`,
					any: [{ value: 1 }],
				})),
			),
	],
];
