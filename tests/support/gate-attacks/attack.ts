/** An update that must be refused whole, and the world in which somebody hands it in. */
import * as Y from 'yjs';
import type { RefusalCode } from '../../../server/gate/refusal.ts';
import { rate } from '../../../src/lib/document/ratings.ts';
import { turnText } from '../../../src/lib/document/read-dialogue.ts';
import {
	choicesOf,
	commentsOf,
	draftOf,
	raterMapsOf,
	resolvedOf,
	turnsOf,
	type Fields,
} from '../../../src/lib/document/roots.ts';
import { ANN, beginExchange, openWorld, REV, updateOf, type World } from '../gate-world.ts';
import { openGround, type Forgery } from './ground.ts';

export interface Attack {
	name: string;
	by: string;
	code: RefusalCode;
	prepare: () => { world: World; update: Uint8Array };
}

/** An edit of a rogue page, which asks nobody whether it may. */
export type Edit = [name: string, by: string, edit: (doc: Y.Doc) => void, code: RefusalCode];

export const remark = (author: string, text = `by ${author}`) => ({ author, turn: 'b0', text, at: 1 });
export const turn = (doc: Y.Doc, id = 'b0'): Fields => turnsOf(doc).get(id) as Fields;
export const text = (doc: Y.Doc, id = 'b0'): Y.Text => turnText(doc, id) as Y.Text;
export const ratings = (doc: Y.Doc, user: string): Fields => raterMapsOf(doc).get(user) as Fields;
export const choices = (doc: Y.Doc, user: string): Fields => choicesOf(doc).get(user) as Fields;
export const map = (values: Record<string, unknown>): Fields => new Y.Map(Object.entries(values));

/** Both have rated, chosen, commented, resolved and edited; a bot is writing `b2`. */
export function busyWorld(): World {
	const world = openWorld();
	for (const user of [ANN, REV]) {
		world.edit(user, (doc) => {
			rate(doc, user, 'b0', 'helpful', { value: 3 });
			choices(doc, user).set('b0', { best: 'c0', degree: 1 });
			commentsOf(doc).set(`by-${user}`, remark(user));
			resolvedOf(doc).set(`by-${user}`, false);
			text(doc).insert(0, `${user}!`);
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

export const edits = (list: readonly Edit[], open: () => World = busyWorld): Attack[] =>
	list.map(([name, by, edit, code]) => ({
		name,
		by,
		code,
		prepare: () => {
			const world = open();
			return { world, update: updateOf(world.copyFor(by), edit) };
		},
	}));

export const forgeries = (list: readonly Forgery[]): Attack[] =>
	list.map(([name, by, code, make]) => ({
		name,
		by,
		code,
		prepare: () => {
			const world = openGround();
			return { world, update: make(world) };
		},
	}));
