import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { lateTexts } from '../../src/lib/live/late-text.ts';

function dialogue(draft: string, turn: string): Y.Doc {
	const doc = new Y.Doc();
	doc.getText('draft').insert(0, draft);
	const fields = doc.getMap<Y.Map<unknown>>('turns').set('t1', new Y.Map<unknown>());
	fields.set('text', new Y.Text(turn));
	doc.getMap('ratings').set('7', new Y.Map());
	return doc;
}

test('[LIVE-6] what was refused comes back: texts that differ, new comments, reasons for a rating', () => {
	const current = dialogue('', 'The answer.');
	const refused = new Y.Doc();
	Y.applyUpdate(refused, Y.encodeStateAsUpdate(current));
	refused.getText('draft').insert(0, 'Next, please');
	(refused.getMap<Y.Map<Y.Text>>('turns').get('t1')?.get('text') as Y.Text).insert(4, 'right ');
	refused.getMap('comments').set('c1', { turn: 't1', text: 'Says who?' });
	refused.getMap<Y.Map<unknown>>('ratings').get('7')?.set('t1/helpful', { value: 2, why: 'Too short' });
	expect(lateTexts(refused, current)).toEqual([
		{ turn: 't1', text: 'The right answer.' },
		{ turn: 't1', text: 'Too short' },
		{ turn: null, text: 'Next, please' },
		{ turn: 't1', text: 'Says who?' },
	]);
});

test('[LIVE-6] reasons come back from a document that holds nothing but ratings', () => {
	const [current, refused] = [new Y.Doc(), new Y.Doc()];
	for (const doc of [current, refused]) doc.getMap('ratings').set('7', new Y.Map());
	refused.getMap<Y.Map<unknown>>('ratings').get('7')?.set('t1/helpful', { value: 2, why: 'Too short' });
	expect(lateTexts(refused, current)).toEqual([{ turn: 't1', text: 'Too short' }]);
});

test('[LIVE-6] what arrived after all does not come back', () => {
	const current = dialogue('Next', 'The answer.');
	const refused = new Y.Doc();
	Y.applyUpdate(refused, Y.encodeStateAsUpdate(current));
	current.getMap('comments').set('c2', { turn: 't1', text: 'Of somebody else' });
	expect(lateTexts(refused, current)).toEqual([]);
});
