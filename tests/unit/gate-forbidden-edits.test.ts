/** Edits of a rogue copy that the schema or the sender's rights do not allow. */
import { describe, test } from 'vitest';
import * as Y from 'yjs';
import { rate, ratingsOf } from '../../src/lib/document/ratings.ts';
import { turnText } from '../../src/lib/document/read-dialogue.ts';
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
} from '../../src/lib/document/roots.ts';
import type { DialogueState } from '../../src/lib/document/workflow.ts';
import { setState, setTogether } from '../../src/lib/document/write-dialogue.ts';
import type { RefusalCode } from '../../server/gate/refusal.ts';
import { ANN, beginExchange, OBS, openWorld, REV, updateOf, type World } from '../support/gate-world.ts';
import { expectRefused } from '../support/refused.ts';

const remark = (author: string, text = `by ${author}`) => ({ author, turn: 'b0', text, at: 1 });

/** Both have rated, chosen, commented and edited; a bot is writing `b2`. */
function busyWorld(): World {
	const world = openWorld();
	for (const user of [ANN, REV]) {
		world.edit(user, (doc) => {
			rate(doc, user, 'b0', 'helpful', { value: 3 });
			choicesOf(doc).get(user)?.set('b0', { best: 'c0', degree: 1 });
			commentsOf(doc).set(`by-${user}`, remark(user));
			turnText(doc, 'b0')?.insert(0, `${user}!`);
		});
	}
	world.edit(ANN, (doc) => {
		commentsOf(doc).set('gone', remark(ANN));
		draftOf(doc).insert(0, 'half a prompt');
	});
	world.edit(ANN, (doc) => {
		commentsOf(doc).delete('gone');
	});
	beginExchange(world.doc, 2);
	return world;
}

const turn = (doc: Y.Doc, id = 'b0'): Fields => turnsOf(doc).get(id) as Fields;
const text = (doc: Y.Doc, id = 'b0'): Y.Text => turnText(doc, id) as Y.Text;
const ratings = (doc: Y.Doc, user: string): Fields => raterMapsOf(doc).get(user) as Fields;
const map = (values: Record<string, unknown>): Fields => new Y.Map(Object.entries(values));

type Edit = [name: string, by: string, edit: (doc: Y.Doc) => void, code: RefusalCode];

function refuses(edits: Edit[], makeWorld: () => World = busyWorld): void {
	test.each(edits)('[GATE-2] refuses: %s', (_name, by, edit, code) => {
		const world = makeWorld();
		const update = updateOf(world.copyFor(by), edit);
		expectRefused(world, by, update, code);
	});
}

describe('the server’s own', () => {
	refuses([
		['write the state', ANN, (d) => dialogueOf(d).set('state', 'accepted'), 'denied'],
		['invite oneself', REV, (d) => dialogueOf(d).set('together', true), 'denied'],
		[
			'make oneself a member',
			OBS,
			(d) => dialogueOf(d).set('members', { [OBS]: { name: 'x', part: 'annotator' } }),
			'denied',
		],
		['delete the state', ANN, (d) => dialogueOf(d).delete('state'), 'denied'],
		['a field of the dialogue that there is not', ANN, (d) => dialogueOf(d).set('evil', 1), 'denied'],
		['write an original', ANN, (d) => candidatesOf(d).get('c0')?.set('original', 'forged'), 'denied'],
		['delete an original', REV, (d) => candidatesOf(d).get('c0')?.delete('original'), 'denied'],
		[
			'write in a bot’s stream',
			ANN,
			(d) => (candidatesOf(d).get('c2')?.get('text') as Y.Text).insert(0, 'x'),
			'denied',
		],
		['delete a bot’s stream', ANN, (d) => candidatesOf(d).get('c2')?.delete('text'), 'denied'],
		[
			'forge a candidate',
			REV,
			(d) => candidatesOf(d).set('c9', map({ turn: 'b0', original: 'forged' })),
			'denied',
		],
		[
			'replace a candidate',
			REV,
			(d) => candidatesOf(d).set('c0', map({ turn: 'b0', original: 'forged' })),
			'denied',
		],
		['delete a candidate', REV, (d) => candidatesOf(d).delete('c0'), 'denied'],
		['change the role of a turn', REV, (d) => turn(d).set('role', 'user'), 'denied'],
		['change the author of a turn', ANN, (d) => turn(d, 'p0').set('author', REV), 'denied'],
		['say who typed a prompt', ANN, (d) => turn(d, 'p0').set('typed', [[3, REV]]), 'denied'],
		['say who typed a response', REV, (d) => turn(d).set('typed', [[3, ANN]]), 'denied'],
		['end a response', ANN, (d) => turn(d, 'b2').set('state', 'ready'), 'denied'],
		['mark a turn replaced', ANN, (d) => turn(d).set('replaced', 'b1'), 'denied'],
		['move a turn', REV, (d) => turn(d).set('order', -1), 'denied'],
		['forge a turn', REV, (d) => turnsOf(d).set('t9', map({ role: 'bot', text: new Y.Text('x') })), 'denied'],
		['replace a turn', REV, (d) => turnsOf(d).set('b0', map({ role: 'bot' })), 'denied'],
		['delete a turn', ANN, (d) => turnsOf(d).delete('b0'), 'denied'],
		['replace a text by a text', ANN, (d) => turn(d).set('text', new Y.Text('mine')), 'denied'],
		['replace a text by a string', ANN, (d) => turn(d).set('text', 'mine'), 'shape'],
		['delete a text', ANN, (d) => turn(d).delete('text'), 'denied'],
		['a turn in place of a value', ANN, (d) => turn(d).set('state', new Y.Map()), 'denied'],
	]);
});

describe('in another’s name', () => {
	refuses([
		['rate as another', ANN, (d) => ratings(d, REV).set('b1/helpful', { value: 1 }), 'denied'],
		['change another’s rating', ANN, (d) => ratings(d, REV).set('b0/helpful', { value: 1 }), 'denied'],
		['delete another’s rating', ANN, (d) => ratings(d, REV).delete('b0/helpful'), 'denied'],
		['delete another’s ratings', REV, (d) => raterMapsOf(d).delete(ANN), 'denied'],
		['replace another’s ratings', REV, (d) => raterMapsOf(d).set(ANN, new Y.Map()), 'denied'],
		['delete one’s own ratings whole', ANN, (d) => raterMapsOf(d).delete(ANN), 'denied'],
		['choose as another', ANN, (d) => choicesOf(d).get(REV)?.set('b1', { best: 'c1', degree: 1 }), 'denied'],
		['delete another’s choice', REV, (d) => choicesOf(d).get(ANN)?.delete('b0'), 'denied'],
		['comment as another', ANN, (d) => commentsOf(d).set('new', remark(REV)), 'bad-value'],
		['comment as nobody', ANN, (d) => commentsOf(d).set('new', { text: 'x', at: 1 }), 'bad-value'],
		['edit another’s comment', REV, (d) => commentsOf(d).set(`by-${ANN}`, remark(ANN, 'changed')), 'denied'],
		['take over a comment', REV, (d) => commentsOf(d).set(`by-${ANN}`, remark(REV)), 'denied'],
		['delete another’s comment', REV, (d) => commentsOf(d).delete(`by-${ANN}`), 'denied'],
		[
			'take the id of a comment that its author deleted',
			REV,
			(d) => commentsOf(d).set('gone', remark(REV)),
			'denied',
		],
	]);
});

describe('out of shape', () => {
	refuses([
		['a rating that is a number', ANN, (d) => ratings(d, ANN).set('b0/helpful', 3), 'bad-value'],
		['a rating that is a list', ANN, (d) => ratings(d, ANN).set('b0/helpful', [3]), 'bad-value'],
		['a rating with a fraction', ANN, (d) => ratings(d, ANN).set('b0/helpful', { value: 2.5 }), 'bad-value'],
		[
			'a rating with a field of one’s own',
			ANN,
			(d) => ratings(d, ANN).set('b0/helpful', { value: 3, by: REV }),
			'bad-value',
		],
		[
			'a reason too long',
			ANN,
			(d) => ratings(d, ANN).set('b0/helpful', { value: 1, why: 'x'.repeat(10_001) }),
			'bad-value',
		],
		['a rating that is a map', ANN, (d) => ratings(d, ANN).set('b0/helpful', new Y.Map()), 'denied'],
		['a rating of no criterion', ANN, (d) => ratings(d, ANN).set('b0', { value: 3 }), 'unknown-key'],
		[
			'a rating under a strange key',
			ANN,
			(d) => ratings(d, ANN).set('__proto__', { value: 3 }),
			'unknown-key',
		],
		['a choice by no degree', ANN, (d) => choicesOf(d).get(ANN)?.set('b0', { best: 'c0' }), 'bad-value'],
		[
			'a choice of no candidate',
			ANN,
			(d) => choicesOf(d).get(ANN)?.set('b0', { best: '', degree: 1 }),
			'bad-value',
		],
		['a comment that is a map', ANN, (d) => commentsOf(d).set('new', map(remark(ANN))), 'denied'],
		['a comment that is a list', ANN, (d) => commentsOf(d).set('new', new Y.Array()), 'denied'],
		['a comment that is XML', ANN, (d) => commentsOf(d).set('new', new Y.XmlElement('p')), 'bad-content'],
		[
			'a comment too long',
			ANN,
			(d) => commentsOf(d).set('new', remark(ANN, 'x'.repeat(10_001))),
			'bad-value',
		],
		['a comment under a strange id', ANN, (d) => commentsOf(d).set('a b', remark(ANN)), 'unknown-key'],
		['resolved, but how', ANN, (d) => resolvedOf(d).set('c', 'yes'), 'bad-value'],
		['another root', ANN, (d) => d.getMap('evil').set('a', 1), 'unknown-root'],
		['an attribute of a text', ANN, (d) => text(d).setAttribute('a', 1), 'shape'],
		['a format', ANN, (d) => text(d).format(0, 3, { bold: true }), 'bad-content'],
		['an embed', ANN, (d) => text(d).insertEmbed(0, { image: 'x' }), 'bad-content'],
		['a map in a text', ANN, (d) => text(d).insertEmbed(0, new Y.Map()), 'shape'],
		['a subdocument', ANN, (d) => ratings(d, ANN).set('b0/helpful', new Y.Doc()), 'bad-content'],
		['bytes', ANN, (d) => ratings(d, ANN).set('b0/helpful', new Uint8Array(4)), 'bad-content'],
		['a text too long', ANN, (d) => text(d).insert(0, 'x'.repeat(200_000)), 'limit'],
		[
			'a draft too long, in pieces',
			ANN,
			(d) => void [1, 2, 3].map((n) => draftOf(d).insert(n, 'x'.repeat(70_000))),
			'limit',
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
	]);
});

describe('not now, not them', () => {
	const edit = (d: Y.Doc): void => text(d).insert(0, 'x');
	const everything: [name: string, edit: (doc: Y.Doc) => void][] = [
		['edit', edit],
		['delete text', (d) => text(d).delete(0, 1)],
		['draft', (d) => draftOf(d).insert(0, 'x')],
		['comment', (d) => commentsOf(d).set('new', remark(OBS))],
		['resolve', (d) => resolvedOf(d).set(`by-${ANN}`, true)],
		['rate as the annotator', (d) => ratings(d, ANN).set('b0/helpful', { value: 1 })],
		['make a ratings map', (d) => raterMapsOf(d).set(OBS, new Y.Map())],
	];
	refuses(everything.map(([name, change]) => [`an observer: ${name}`, OBS, change, 'denied']));

	const settled: DialogueState[] = ['submitted', 'accepted', 'skipped', 'discarded'];
	for (const state of settled) {
		refuses(
			[ANN, REV].map((user) => [`edit in ${state} by ${user}`, user, edit, 'denied']),
			() => {
				const world = busyWorld();
				setState(world.doc, state);
				return world;
			},
		);
	}

	const notTogether = (state: DialogueState) => (): World => {
		const world = busyWorld();
		setState(world.doc, state);
		setTogether(world.doc, false);
		return world;
	};
	refuses(
		[
			['the reviewer edits uninvited', REV, edit, 'denied'],
			['the reviewer drafts uninvited', REV, (d) => draftOf(d).insert(0, 'x'), 'denied'],
			['the reviewer rates uninvited', REV, (d) => ratings(d, REV).set('b1/helpful', { value: 1 }), 'denied'],
		],
		notTogether('in_progress'),
	);
	refuses(
		[
			['the annotator edits in review uninvited', ANN, edit, 'denied'],
			['the annotator rates in review uninvited', ANN, (d) => ratings(d, ANN).delete('b0/helpful'), 'denied'],
			['the annotator resolves in review uninvited', ANN, (d) => resolvedOf(d).set('c', true), 'denied'],
			['the reviewer drafts in review', REV, (d) => draftOf(d).insert(0, 'x'), 'denied'],
		],
		notTogether('in_review'),
	);
});

test('[GATE-2] the ground of these attacks is legitimate', ({ expect }) => {
	const { doc } = busyWorld();
	expect(Object.keys(ratingsOf(doc, 'b0')).sort()).toEqual([ANN, REV]);
	expect([...commentsOf(doc).keys()].sort()).toEqual([`by-${ANN}`, `by-${REV}`]);
	expect(text(doc).toJSON()).toContain(`${REV}!${ANN}!`);
});
