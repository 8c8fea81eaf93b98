/** A document with some life in it, and the means to forge updates to it. */
import * as Y from 'yjs';
import { rate } from '../../../src/lib/document/ratings.ts';
import { turnText } from '../../../src/lib/document/read-dialogue.ts';
import { candidatesOf, commentsOf, draftOf, raterMapsOf, turnsOf } from '../../../src/lib/document/roots.ts';
import type { RefusalCode } from '../../../server/gate/refusal.ts';
import { ANN, openWorld, REV, type World } from '../gate-world.ts';
import { handmade, type HandmadeStruct, type Ref } from '../handmade-update.ts';

export type Forgery = [name: string, by: string, code: RefusalCode, make: (w: Ground) => Uint8Array];

export interface Ground extends World {
	/** Client ids that have written. */
	ids: Record<string, number>;
}

export function openGround(): Ground {
	const world = openWorld();
	const ids: Record<string, number> = {};
	for (const user of [ANN, REV]) {
		const copy = world.copyFor(user);
		ids[user] = copy.clientID;
		world.edit(
			user,
			(doc) => {
				rate(doc, user, 'b0', 'helpful', { value: 3 });
				commentsOf(doc).set(`by-${user}`, { author: user, text: 'x', at: 1 });
				turnText(doc, 'b1')?.insert(0, `${user}!`);
			},
			copy,
		);
	}
	world.edit(ANN, (doc) => draftOf(doc).insert(0, 'draft'));
	return { ...world, ids };
}

export const refOf = (item: Y.Item | null | undefined): Ref => {
	if (!item) throw new Error('no such item');
	return [item.id.client, item.id.clock];
};
export type AnyType = Y.AbstractType<unknown>;
export const holderOf = (type: unknown): Ref => refOf((type as AnyType)._item);
/** The first character, or the one `after` it in the same item. */
export const firstOf = (type: unknown, after = 0): Ref => {
	const [client, clock] = refOf((type as AnyType)._start);
	return [client, clock + after];
};
export const valueOf = (type: unknown, key: string): Ref => refOf((type as AnyType)._map.get(key));

/** Within what the bot said: who knows this character knows those before it. */
export const midOf = (w: Ground): Ref => {
	let item = textOf(w)?._start;
	while (item && item.id.client !== w.doc.clientID) item = item.right;
	const [client, clock] = refOf(item);
	return [client, clock + 4];
};

export const textOf = (w: Ground, id = 'b1') => turnText(w.doc, id);
export const turn = (w: Ground) => turnsOf(w.doc).get('b1');
export const candidate = (w: Ground) => candidatesOf(w.doc).get('c1');
export const mine = (w: Ground) => raterMapsOf(w.doc).get(ANN);
export const stateOf = (w: Ground, client: number): number => Y.getState(w.doc.store, client);
export const idOf = (w: Ground, user: string): number => w.ids[user] ?? -1;

/** Under the id that `user` has written with, from its next clock on. */
export const going = (w: Ground, user: string, structs: HandmadeStruct[], skip = 0): Uint8Array =>
	handmade({ structs: [[idOf(w, user), stateOf(w, idOf(w, user)) + skip, structs]] });
/** Under an id of `user` that has not written. */
export const fresh = (w: Ground, user: string, structs: HandmadeStruct[]): Uint8Array =>
	handmade({ structs: [[w.freshId(user), 0, structs]] });
