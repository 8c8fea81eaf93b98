/** Well-formed updates that claim what is not so: authors, places, neighbours. */
import * as Y from 'yjs';
import { dialogueOf, draftOf } from '../../../src/lib/document/roots.ts';
import {
	candidate,
	firstOf,
	fresh,
	type Forgery,
	type Ground,
	going,
	holderOf,
	idOf,
	midOf,
	mine,
	refOf,
	stateOf,
	textOf,
	turn,
	valueOf,
} from './ground.ts';
import { ANN, REV } from '../gate-world.ts';
import { handmade } from '../handmade-update.ts';

const x = 'x';

/** A rating that an undo has brought back together with the one that it had replaced. */
function severalValues(w: Ground): number {
	const client = w.freshId(ANN);
	const any = [{ value: 1 }, { value: 2 }];
	w.receive(
		ANN,
		handmade({ structs: [[client, 0, [{ parent: holderOf(mine(w)), key: 'b1/helpful', any }]]] }),
	);
	return client;
}

export const CLAIMS: readonly Forgery[] = [
	[
		'a struct under another’s client id',
		ANN,
		'forged-client',
		(w) => going(w, REV, [{ origin: firstOf(textOf(w)), string: x }]),
	],
	[
		'a struct under the server’s client id',
		ANN,
		'unbound-client',
		(w) =>
			handmade({
				structs: [[w.doc.clientID, stateOf(w, w.doc.clientID), [{ origin: firstOf(textOf(w)), string: x }]]],
			}),
	],
	[
		'a struct under nobody’s client id',
		ANN,
		'unbound-client',
		(w) => handmade({ structs: [[4242, 0, [{ origin: firstOf(textOf(w)), string: x }]]] }),
	],
	[
		'collected structs under another’s id: it would silence them',
		ANN,
		'forged-client',
		(w) => going(w, REV, [{ gc: 1000 }]),
	],
	[
		'origins in two texts',
		ANN,
		'split-parent',
		(w) => fresh(w, ANN, [{ origin: firstOf(draftOf(w.doc)), right: firstOf(textOf(w)), string: x }]),
	],
	[
		'origins in a text and in a key',
		ANN,
		'split-parent',
		(w) =>
			fresh(w, ANN, [{ origin: firstOf(textOf(w)), right: valueOf(candidate(w), 'original'), string: x }]),
	],
	[
		'origins in a text and in what is gone',
		ANN,
		'split-parent',
		(w) => {
			const gone = [...w.doc.store.clients.values()].flat().find((struct) => struct instanceof Y.GC);
			if (gone === undefined) throw new Error('nothing is gone');
			return fresh(w, ANN, [
				{ origin: firstOf(textOf(w)), right: [gone.id.client, gone.id.clock], string: x },
			]);
		},
	],
	[
		'a key inherited from the left',
		ANN,
		'denied',
		(w) => fresh(w, ANN, [{ origin: valueOf(candidate(w), 'original'), any: ['forged'] }]),
	],
	[
		'a key inherited from the right',
		ANN,
		'shape',
		(w) => fresh(w, ANN, [{ right: valueOf(candidate(w), 'original'), any: ['forged'] }]),
	],
	[
		'known clocks claimed elsewhere',
		ANN,
		'shape',
		(w) =>
			handmade({
				structs: [
					[
						idOf(w, ANN),
						0,
						[
							{
								parent: holderOf(candidate(w)),
								key: 'original',
								any: Array.from({ length: stateOf(w, idOf(w, ANN)) + 1 }, () => 'forged'),
							},
						],
					],
				],
			}),
	],
	[
		'a tombstone for an original',
		ANN,
		'denied',
		(w) => fresh(w, ANN, [{ origin: valueOf(candidate(w), 'original'), deleted: 1 }]),
	],
	['a tombstone for a turn', ANN, 'denied', (w) => fresh(w, ANN, [{ root: 'turns', key: 'b0', deleted: 1 }])],
	[
		'a tombstone for another’s comment',
		REV,
		'denied',
		(w) => fresh(w, REV, [{ root: 'comments', key: `by-${ANN}`, deleted: 1 }]),
	],
	[
		'a comment on top of another’s',
		REV,
		'denied',
		(w) => fresh(w, REV, [{ root: 'comments', key: `by-${ANN}`, any: [{ author: REV, text: x, at: 1 }] }]),
	],
	[
		'deletion of all that the server wrote',
		REV,
		'denied',
		(w) => handmade({ deletes: [[w.doc.clientID, [[0, stateOf(w, w.doc.clientID)]]]] }),
	],
	[
		'deletion of an original',
		REV,
		'denied',
		(w) => {
			const [client, clock] = valueOf(candidate(w), 'original');
			return handmade({ deletes: [[client, [[clock, 1]]]] });
		},
	],
	[
		'a parent that is no type',
		ANN,
		'parent-not-type',
		(w) => fresh(w, ANN, [{ parent: firstOf(textOf(w)), key: 'a', any: [1] }]),
	],
	[
		'a parent that the update brings',
		ANN,
		'parent-not-type',
		(w) => {
			const client = w.freshId(ANN);
			return handmade({
				structs: [
					[
						client,
						0,
						[
							{ parent: holderOf(mine(w)), key: 'b1/helpful', any: [{ value: 1 }] },
							{ parent: [client, 0], key: 'a', any: [1] },
						],
					],
				],
			});
		},
	],
	[
		'children of a type in another section',
		ANN,
		'denied',
		(w) => {
			const [a, b] = [w.freshId(ANN), w.freshId(ANN)];
			return handmade({
				structs: [
					[a, 0, [{ parent: [b, 0], key: 'author', any: [REV] }]],
					[b, 0, [{ root: 'comments', key: 'new', type: 1 }]],
				],
			});
		},
	],
	['text under a map', ANN, 'shape', (w) => fresh(w, ANN, [{ parent: holderOf(mine(w)), string: x }])],
	[
		'a key under a text',
		ANN,
		'shape',
		(w) => fresh(w, ANN, [{ parent: holderOf(textOf(w)), key: 'k', any: [1] }]),
	],
	['values in a text', ANN, 'shape', (w) => fresh(w, ANN, [{ origin: firstOf(textOf(w)), any: [1] }])],
	[
		'a string for a key',
		ANN,
		'shape',
		(w) => fresh(w, ANN, [{ parent: holderOf(mine(w)), key: 'b1/helpful', string: '3' }]),
	],
	['an unknown root', ANN, 'unknown-root', (w) => fresh(w, ANN, [{ root: 'evil', key: 'a', any: [1] }])],
	[
		'the state, by the root’s name',
		ANN,
		'denied',
		(w) => fresh(w, ANN, [{ root: 'dialogue', key: 'state', any: ['accepted'] }]),
	],
	[
		'the state, from the left',
		ANN,
		'denied',
		(w) => fresh(w, ANN, [{ origin: valueOf(dialogueOf(w.doc), 'state'), any: ['accepted'] }]),
	],
	[
		'a turn’s author, beneath its holder',
		ANN,
		'denied',
		(w) => fresh(w, ANN, [{ parent: holderOf(turn(w)), key: 'author', any: [REV] }]),
	],
	[
		'neighbours that its maker knew not to be neighbours',
		ANN,
		'unsound',
		(w) => {
			return fresh(w, ANN, [{ origin: firstOf(textOf(w)), right: midOf(w), string: x }]);
		},
	],
	[
		'the same, behind a struct that is right',
		ANN,
		'unsound',
		(w) => {
			const text = textOf(w);
			return fresh(w, ANN, [
				{ right: firstOf(text), string: x },
				{ origin: firstOf(text), right: midOf(w), string: x },
			]);
		},
	],
	[
		'neighbours with something between them that it knew by their other ends',
		ANN,
		'unsound',
		(w) => {
			const [client, clock] = midOf(w);
			w.edit(REV, (doc) => textOf({ ...w, doc })?.insert(8, 'split'));
			return fresh(w, ANN, [{ right: [client, clock + 10], string: x }]);
		},
	],
	[
		'neighbours in the middle of what it knew as one',
		ANN,
		'unsound',
		(w) => {
			const [client, clock] = midOf(w);
			return fresh(w, ANN, [{ origin: [client, clock], right: [client, clock + 2], string: x }]);
		},
	],
	[
		'neighbours with its own earlier text between them',
		ANN,
		'unsound',
		(w) => {
			const own = textOf(w)?._start?.right;
			if (own?.id.client !== idOf(w, ANN)) throw new Error('not where it should be');
			return going(w, ANN, [{ origin: firstOf(textOf(w), 1), right: refOf(own.right), string: x }]);
		},
	],
	[
		'several values for one key, one of which stays',
		ANN,
		'shape',
		(w) => {
			const client = w.freshId(ANN);
			const any = [{ value: 1 }, { value: 2 }];
			return handmade({
				structs: [[client, 0, [{ parent: holderOf(mine(w)), key: 'b1/helpful', any }]]],
				deletes: [[client, [[0, 1]]]],
			});
		},
	],
	[
		'several values for one key, and another in between',
		ANN,
		'shape',
		(w) => {
			const client = w.freshId(ANN);
			const any = [{ value: 1 }, { value: 2 }];
			return handmade({
				structs: [
					[
						client,
						0,
						[
							{ parent: holderOf(mine(w)), key: 'b1/helpful', any },
							{ origin: [client, 0], any: [{ value: 3 }] },
						],
					],
				],
			});
		},
	],
	[
		'a value between several that are there',
		ANN,
		'shape',
		(w) => {
			const client = severalValues(w);
			return fresh(w, ANN, [{ origin: [client, 0], any: [{ value: 3 }] }]);
		},
	],
	[
		'deletion of one of several values that are there',
		ANN,
		'shape',
		(w) => handmade({ deletes: [[severalValues(w), [[1, 1]]]] }),
	],
	[
		'several values for one key, one of which may not be',
		ANN,
		'bad-value',
		(w) =>
			fresh(w, ANN, [{ parent: holderOf(mine(w)), key: 'b1/helpful', any: [{ value: 'x' }, { value: 2 }] }]),
	],
	[
		'the first value of a key that it had written before',
		ANN,
		'unsound',
		(w) => going(w, ANN, [{ parent: holderOf(mine(w)), key: 'b0/helpful', any: [{ value: 5 }] }]),
	],
	[
		'the same, behind a struct that is right',
		ANN,
		'unsound',
		(w) =>
			going(w, ANN, [
				{ right: firstOf(textOf(w)), string: x },
				{ parent: holderOf(mine(w)), key: 'b0/helpful', any: [{ value: 5 }] },
			]),
	],
	[
		'two texts at the very same place by one maker',
		ANN,
		'unsound',
		(w) =>
			fresh(w, ANN, [
				{ right: firstOf(textOf(w)), string: x },
				{ right: firstOf(textOf(w)), string: x },
			]),
	],
	[
		'a text within what was known as one, behind a struct that is right',
		ANN,
		'unsound',
		(w) => {
			const [client, clock] = midOf(w);
			return fresh(w, ANN, [
				{ right: firstOf(textOf(w)), string: x },
				{ origin: [client, clock], right: [client, clock + 2], string: x },
			]);
		},
	],
];
