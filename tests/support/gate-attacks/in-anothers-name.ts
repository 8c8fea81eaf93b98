/** Edits of what is somebody else's. */
import { choicesOf, commentsOf, raterMapsOf } from '../../../src/lib/document/roots.ts';
import * as Y from 'yjs';
import { ANN, OBS, REV, RITA } from '../gate-world.ts';
import { choices, edits, ratings, remark, type Attack } from './attack.ts';

export const IN_ANOTHERS_NAME: readonly Attack[] = edits([
	['rate as another', ANN, (d) => ratings(d, REV).set('b1/helpful', { value: 1 }), 'denied'],
	[
		'rate as another who has not rated',
		ANN,
		(d) => ratings(d, RITA).set('b1/helpful', { value: 1 }),
		'denied',
	],
	[
		'rate as another of one’s own role',
		RITA,
		(d) => ratings(d, REV).set('b0/helpful', { value: 1 }),
		'denied',
	],
	['change another’s rating', ANN, (d) => ratings(d, REV).set('b0/helpful', { value: 1 }), 'denied'],
	[
		'give a reason for another',
		ANN,
		(d) => ratings(d, REV).set('b0/helpful', { value: 3, why: 'x' }),
		'denied',
	],
	['delete another’s rating', ANN, (d) => ratings(d, REV).delete('b0/helpful'), 'denied'],
	['delete all of another’s ratings', ANN, (d) => ratings(d, REV).clear(), 'denied'],
	['delete another’s ratings', REV, (d) => raterMapsOf(d).delete(ANN), 'denied'],
	['replace another’s ratings', REV, (d) => raterMapsOf(d).set(ANN, new Y.Map()), 'denied'],
	['rate as the annotator', OBS, (d) => ratings(d, ANN).set('b0/helpful', { value: 1 }), 'denied'],
	['choose as another', ANN, (d) => choices(d, REV).set('b1', { best: 'c1', degree: 1 }), 'denied'],
	['change another’s choice', ANN, (d) => choices(d, REV).set('b0', { best: 'bad', degree: 1 }), 'denied'],
	['delete another’s choice', REV, (d) => choices(d, ANN).delete('b0'), 'denied'],
	['delete another’s choices', REV, (d) => choicesOf(d).delete(ANN), 'denied'],
	['replace another’s choices', REV, (d) => choicesOf(d).set(ANN, new Y.Map()), 'denied'],
	['comment as another', ANN, (d) => commentsOf(d).set('new', remark(REV)), 'bad-value'],
	['comment as a stranger', ANN, (d) => commentsOf(d).set('new', remark('99')), 'bad-value'],
	['comment as the bot', ANN, (d) => commentsOf(d).set('new', remark('bot:9')), 'bad-value'],
	['comment as nobody', ANN, (d) => commentsOf(d).set('new', { text: 'x', at: 1 }), 'bad-value'],
	['comment as the server', ANN, (d) => commentsOf(d).set('new', remark('')), 'bad-value'],
	[
		'comment under one’s id as a number',
		ANN,
		(d) => commentsOf(d).set('new', { ...remark(ANN), author: Number(ANN) }),
		'bad-value',
	],
	['hand one’s own comment to another', ANN, (d) => commentsOf(d).set(`by-${ANN}`, remark(REV)), 'bad-value'],
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
