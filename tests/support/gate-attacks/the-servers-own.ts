/** Edits of what only the server writes. */
import * as Y from 'yjs';
import {
	candidatesOf,
	choicesOf,
	commentsOf,
	dialogueOf,
	draftOf,
	raterMapsOf,
	resolvedOf,
	turnsOf,
	type Fields,
} from '../../../src/lib/document/roots.ts';
import { ANN, OBS, REV } from '../gate-world.ts';
import { edits, map, text, turn, type Attack, type Edit } from './attack.ts';

const members = (doc: Y.Doc): Record<string, Record<string, unknown>> =>
	dialogueOf(doc).get('members') as Record<string, Record<string, unknown>>;
const asMember = (doc: Y.Doc, user: string, change: Record<string, unknown>): void => {
	dialogueOf(doc).set('members', { ...members(doc), [user]: { ...members(doc)[user], ...change } });
};

/** Every field that the server writes, written and taken away. */
function fieldsOf(where: string, at: (doc: Y.Doc) => Fields, values: Record<string, unknown>): Edit[] {
	return Object.entries(values).flatMap(([field, value]): Edit[] => [
		[`write ${where}/${field}`, ANN, (doc) => at(doc).set(field, value), 'denied'],
		[`put a map at ${where}/${field}`, REV, (doc) => at(doc).set(field, new Y.Map()), 'denied'],
		[
			`delete ${where}/${field}`,
			REV,
			(doc) => {
				if (!at(doc).has(field)) at(doc).set(field, value); // a tombstone where nothing stood
				at(doc).delete(field);
			},
			'denied',
		],
	]);
}

const DIALOGUE: Edit[] = [
	...fieldsOf('dialogue', dialogueOf, {
		schema: 2,
		topic: 2,
		state: 'accepted',
		together: false,
		members: {},
		evil: 1,
	}),
	['invite oneself', REV, (d) => dialogueOf(d).set('together', true), 'denied'],
	['a state that there is not', ANN, (d) => dialogueOf(d).set('state', 'owned'), 'denied'],
	['make oneself the annotator', OBS, (d) => asMember(d, OBS, { part: 'annotator' }), 'denied'],
	['take another’s part', REV, (d) => asMember(d, REV, { part: 'annotator' }), 'denied'],
	['take another’s colour', ANN, (d) => asMember(d, ANN, { color: members(d)[REV]?.['color'] }), 'denied'],
	['take another’s name', ANN, (d) => asMember(d, ANN, { name: `name of ${REV}` }), 'denied'],
	['rename another', ANN, (d) => asMember(d, REV, { name: 'x' }), 'denied'],
	['bring in a stranger', ANN, (d) => asMember(d, '99', { name: 'x', part: 'reviewer', color: 1 }), 'denied'],
	['send another away', REV, (d) => dialogueOf(d).set('members', { [REV]: members(d)[REV] }), 'denied'],
	['a text in place of the dialogue', ANN, (d) => d.getText('dialogue').insert(0, 'x'), 'shape'],
];

const TURNS: Edit[] = [
	...fieldsOf('turns/b0', turn, {
		order: -1,
		role: 'user',
		author: ANN,
		state: 'failed',
		parent: 'p1',
		heard: 1,
		left: 'b1',
		typed: [[3, ANN]],
		candidate: 'c1',
		replaced: 'b1',
		fault: 'refused',
		evil: 1,
	}),
	['change the author of a prompt', ANN, (d) => turn(d, 'p0').set('author', REV), 'denied'],
	['end a response', ANN, (d) => turn(d, 'b2').set('state', 'ready'), 'denied'],
	['forge a turn', REV, (d) => turnsOf(d).set('t9', map({ role: 'bot', text: new Y.Text('x') })), 'denied'],
	['replace a turn', REV, (d) => turnsOf(d).set('b0', map({ role: 'bot' })), 'denied'],
	['a value in place of a turn', REV, (d) => (turnsOf(d) as Y.Map<unknown>).set('b0', 'x'), 'shape'],
	['delete a turn', ANN, (d) => turnsOf(d).delete('b0'), 'denied'],
	['delete all turns', REV, (d) => turnsOf(d).clear(), 'denied'],
	['replace a text by a text', ANN, (d) => turn(d).set('text', new Y.Text('mine')), 'denied'],
	['replace a text by a string', ANN, (d) => turn(d).set('text', 'mine'), 'shape'],
	['delete a text', ANN, (d) => turn(d).delete('text'), 'denied'],
	['a second text in a turn', ANN, (d) => turn(d).set('text2', new Y.Text('mine')), 'denied'],
	['a list in place of the turns', ANN, (d) => d.getArray('turns').push(['x']), 'shape'],
	[
		'a list item in a map',
		ANN,
		(d) =>
			Y.transact(d, (transaction) => {
				const id = Y.createID(d.clientID, Y.getState(d.store, d.clientID));
				new Y.Item(id, null, null, null, null, turnsOf(d), null, new Y.ContentAny(['x'])).integrate(
					transaction,
					0,
				);
			}),
		'shape',
	],
	[
		'a forbidden edit beside an allowed one',
		ANN,
		(d) => {
			text(d).insert(0, 'fine');
			turn(d).set('author', ANN);
		},
		'denied',
	],
];

const original = (d: Y.Doc, id = 'c0'): Fields => candidatesOf(d).get(id) as Fields;

const CANDIDATES: Edit[] = [
	...fieldsOf('candidates/c0', original, {
		turn: 'b1',
		bot: 1,
		botName: 'GPT',
		practice: false,
		slot: 1,
		state: 'stopped',
		original: 'forged',
		evil: 1,
	}),
	['give a candidate its text back', ANN, (d) => original(d).set('text', new Y.Text('forged')), 'denied'],
	['write an original before its time', ANN, (d) => original(d, 'c2').set('original', 'forged'), 'denied'],
	['write in a bot’s stream', ANN, (d) => (original(d, 'c2').get('text') as Y.Text).insert(0, 'x'), 'denied'],
	['delete a bot’s stream', ANN, (d) => original(d, 'c2').delete('text'), 'denied'],
	['forge a candidate', REV, (d) => candidatesOf(d).set('c9', map({ original: 'forged' })), 'denied'],
	['replace a candidate', REV, (d) => candidatesOf(d).set('c0', map({ original: 'forged' })), 'denied'],
	['delete a candidate', REV, (d) => candidatesOf(d).delete('c0'), 'denied'],
];

const CONTAINERS: Edit[] = [
	['delete one’s own ratings whole', ANN, (d) => raterMapsOf(d).delete(ANN), 'denied'],
	['replace one’s own ratings', ANN, (d) => raterMapsOf(d).set(ANN, map({ 'b0/x': { value: 1 } })), 'denied'],
	['make a ratings map', OBS, (d) => raterMapsOf(d).set(OBS, new Y.Map()), 'denied'],
	['make a ratings map for a stranger', ANN, (d) => raterMapsOf(d).set('99', new Y.Map()), 'denied'],
	['delete one’s own choices whole', ANN, (d) => choicesOf(d).delete(ANN), 'denied'],
	['replace one’s own choices', ANN, (d) => choicesOf(d).set(ANN, new Y.Map()), 'denied'],
	['make a choices map', OBS, (d) => choicesOf(d).set(OBS, new Y.Map()), 'denied'],
	['a text in place of the comments', ANN, (d) => d.getText('comments').insert(0, 'x'), 'shape'],
	['a text in place of what is resolved', ANN, (d) => d.getText('resolved').insert(0, 'x'), 'shape'],
	['a map in place of the draft', ANN, (d) => d.getMap('draft').set('k', 1), 'shape'],
	['a list in place of the draft', ANN, (d) => d.getArray('draft').push([1]), 'shape'],
	['another root', ANN, (d) => d.getMap('evil').set('a', 1), 'unknown-root'],
	['another root that is a text', ANN, (d) => d.getText('evil').insert(0, 'x'), 'unknown-root'],
	['a root without a name', ANN, (d) => d.getMap('').set('a', 1), 'unknown-root'],
	['a root __proto__', ANN, (d) => d.getMap('__proto__').set('a', 1), 'unknown-root'],
	['a comment that is a map', ANN, (d) => commentsOf(d).set('new', map({ author: ANN })), 'denied'],
	['a comment that is a text', ANN, (d) => commentsOf(d).set('new', new Y.Text('x')), 'denied'],
	['a comment that is a list', ANN, (d) => commentsOf(d).set('new', new Y.Array()), 'denied'],
	['a comment that is XML', ANN, (d) => commentsOf(d).set('new', new Y.XmlElement('p')), 'bad-content'],
	['a resolved mark that is a map', ANN, (d) => resolvedOf(d).set(`by-${ANN}`, new Y.Map()), 'denied'],
	['a choice that is a map', ANN, (d) => choicesOf(d).get(ANN)?.set('b0', new Y.Map()), 'denied'],
	['a rating that is a map', ANN, (d) => raterMapsOf(d).get(ANN)?.set('b0/helpful', new Y.Map()), 'denied'],
	[
		'maps in maps in one’s own ratings',
		ANN,
		(d) =>
			raterMapsOf(d)
				.get(ANN)
				?.set('b0/helpful', map({ a: new Y.Map() })),
		'denied',
	],
	['an attribute of the draft', ANN, (d) => draftOf(d).setAttribute('a', 1), 'shape'],
];

export const THE_SERVERS_OWN: readonly Attack[] = edits([
	...DIALOGUE,
	...TURNS,
	...CANDIDATES,
	...CONTAINERS,
]);
