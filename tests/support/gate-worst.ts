/** Updates made to cost as much as they can, and the largest that honest pages send. */
import * as Y from 'yjs';
import { isFreeIn } from '../../server/gate/client-owners.ts';
import type { Carrier } from '../../server/gate/limits.ts';
import type { RefusalCode } from '../../server/gate/refusal.ts';
import { turnText } from '../../src/lib/document/read-dialogue.ts';
import { draftOf, raterMapsOf } from '../../src/lib/document/roots.ts';
import { ANN, openWorld, REV, updateOf, type World } from './gate-world.ts';
import { handmade, type HandmadeStruct, type Ref } from './handmade-update.ts';
import { random } from './random.ts';

export interface Craft {
	name: string;
	carrier: Carrier;
	outcome: 'accepted' | RefusalCode;
	/** Handed in by the annotator. */
	prepare: () => { world: World; update: Uint8Array };
}

const LAST_ID = 2 ** 32 - 1;
const refOf = (item: Y.Item | null | undefined): Ref => [item?.id.client ?? 0, item?.id.clock ?? 0];
const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));

/** Typed from the end to the beginning, so that nothing merges. */
const backwards = (client: number, n: number, string: string): HandmadeStruct[] =>
	times(n, (i) => ({ ...(i === 0 ? { root: 'draft' } : { right: [client, i - 1] as const }), string }));

/** A draft that is one item of so many characters. */
function oneItem(chars: number): { world: World; client: number } {
	const world = openWorld();
	const copy = world.copyFor(ANN);
	world.edit(ANN, (doc) => draftOf(doc).insert(0, 'x'.repeat(chars)), copy);
	return { world, client: copy.clientID };
}

/** A draft that is so many items of the reviewer. */
function manyItems(n: number): World {
	const world = openWorld();
	world.owners.bind(1, REV, isFreeIn(world.doc));
	world.owners.bind(LAST_ID, ANN, isFreeIn(world.doc));
	world.receive(REV, handmade({ structs: [[1, 0, backwards(1, n, 'a')]] }));
	return world;
}

/** An item for every character but the first, each cutting one large item in two. */
const cutting = (n: number, order: (i: number) => number) => () => {
	const { world, client } = oneItem(100_000);
	const structs = times(n, (i): HandmadeStruct => {
		const at = order(i);
		return { origin: [client, at], right: [client, at + 1], string: 'a' };
	});
	return { world, update: handmade({ structs: [[world.freshId(ANN), 0, structs]] }) };
};

const holes = (n: number) => () => {
	const { world, client } = oneItem(200_000);
	return { world, update: handmade({ deletes: [[client, times(n, (i) => [2 * i, 1])]] }) };
};

/** Several clients of one person, as after reloads. */
const crowd =
	(clients: number, each: number, make: (w: World, client: number, i: number) => HandmadeStruct) => () => {
		const world = openWorld();
		const ids = times(clients, () => world.freshId(ANN));
		const structs = ids.map((id) => [id, 0, times(each, (i) => make(world, id, i))] as const);
		return { world, update: handmade({ structs: structs.map(([id, clock, list]) => [id, clock, list]) }) };
	};

/** Each struct builds on one of the client that comes after its own. */
const zigzag = (clients: number, rounds: number) => () => {
	const world = openWorld();
	const ids = times(clients, () => world.freshId(ANN));
	const structs = ids.map((id): [number, number, HandmadeStruct[]] => [id, 0, []]);
	let last = refOf(turnText(world.doc, 'b0')?._start);
	for (let round = 0; round < rounds; round++)
		for (let c = clients - 1; c >= 0; c--) {
			structs[c]?.[2].push({ right: last, string: 'x' });
			last = [ids[c] ?? 0, round];
		}
	return { world, update: handmade({ structs }) };
};

const rated = (any: unknown[]) => () => {
	const world = openWorld();
	const parent = refOf(raterMapsOf(world.doc).get(ANN)?._item);
	return {
		world,
		update: handmade({ structs: [[world.freshId(ANN), 0, [{ parent, key: 'b0/helpful', any }]]] }),
	};
};

const first = (w: World): Ref => refOf(turnText(w.doc, 'b0')?._start);

const hostile = (
	name: string,
	outcome: Craft['outcome'],
	prepare: Craft['prepare'],
	carrier: Carrier = 'step 2',
): Craft => ({
	name,
	carrier,
	outcome,
	prepare,
});

export const HOSTILE: readonly Craft[] = [
	hostile('5,000 structs, each beside 20,000 items that its maker need not know', 'limit', () => {
		const world = manyItems(20_000);
		return { world, update: handmade({ structs: [[LAST_ID, 0, backwards(LAST_ID, 5000, 'b')]] }) };
	}),
	hostile(
		'the same as an update',
		'limit',
		() => {
			const world = manyItems(20_000);
			return { world, update: handmade({ structs: [[LAST_ID, 0, backwards(LAST_ID, 5000, 'b')]] }) };
		},
		'update',
	),
	hostile(
		'one struct beside 99,000 items that its maker need not know',
		'accepted',
		() => {
			const world = manyItems(99_000);
			return { world, update: handmade({ structs: [[LAST_ID, 0, backwards(LAST_ID, 1, 'b')]] }) };
		},
		'update',
	),
	hostile(
		'20,000 structs that each cut a large item, from its end',
		'accepted',
		cutting(20_000, (i) => 99_998 - i),
		'update',
	),
	hostile(
		'99,000 structs that each cut a large item, from its end',
		'limit',
		cutting(99_000, (i) => 99_998 - i),
	),
	hostile(
		'99,000 structs that each cut a large item, here and there',
		'limit',
		cutting(99_000, (i) => (i * 61_001) % 99_991),
	),
	hostile('5,000 deletions within one item', 'accepted', holes(5000), 'update'),
	hostile('20,000 deletions within one item', 'limit', holes(20_000), 'update'),
	hostile('99,999 deletions within one item', 'limit', holes(99_999)),
	hostile(
		'64 clients that each type 100 times before the first character',
		'limit',
		crowd(64, 100, (w, id, i) => ({
			right: i === 0 ? first(w) : [id, i - 1],
			string: 'x',
		})),
	),
	hostile(
		'64 clients that each type 1,500 times before the first character',
		'limit',
		crowd(64, 1500, (w, id, i) => ({
			right: i === 0 ? first(w) : [id, i - 1],
			string: 'x',
		})),
	),
	hostile(
		'64 clients that each write 1,500 times at the very same place',
		'unsound',
		crowd(64, 1500, (w) => ({
			parent: refOf(turnText(w.doc, 'b0')?._item),
			string: 'x',
		})),
	),
	hostile(
		'64 clients that each type 1,500 words after the first character',
		'accepted',
		crowd(64, 1500, (w, id, i) => {
			const [client, clock] = first(w);
			return { origin: i === 0 ? [client, clock] : [id, i - 1], right: [client, clock + 1], string: 'x' };
		}),
	),
	hostile('64 clients whose structs wait for each other’s, 1,500 times', 'accepted', zigzag(64, 1500)),
	hostile(
		'100,000 structs of one client, typed backwards',
		'accepted',
		crowd(1, 100_000, (w, id, i) => ({
			right: i === 0 ? first(w) : [id, i - 1],
			string: 'x',
		})),
	),
	hostile('4 MB of values in a list', 'limit', rated([times(4_000_000, () => null)])),
	hostile('4 MB of values for one key', 'limit', rated(times(4_000_000, () => null))),
	hostile(
		'a value with 500,000 keys',
		'limit',
		rated([Object.fromEntries(times(500_000, (i) => [i.toString(36), null]))]),
	),
	hostile('half a million delete sections', 'limit', () => ({
		world: openWorld(),
		update: handmade({ deletes: times(500_000, (i) => [i, [[0, 1]]]) }),
	})),
];

const honest = (name: string, prepare: Craft['prepare'], carrier: Carrier): Craft => ({
	name,
	carrier,
	outcome: 'accepted',
	prepare,
});

/** Another pastes, types and deletes here and there, for a long day without a network. */
function wander(doc: Y.Doc, edits: number): void {
	const r = random(edits);
	for (let i = 0; i < edits; i++) {
		const text = r.chance(0.7) ? draftOf(doc) : (turnText(doc, r.pick(['b0', 'b1', 'p0'])) ?? draftOf(doc));
		const at = r.int(text.length + 1);
		if (text.length > 10 && r.chance(0.4)) text.delete(Math.min(at, text.length - 3), 1 + r.int(3));
		else text.insert(at, r.pick(['x', 'word ', '字']));
	}
}

const pasted = (text: string) => () => {
	const world = openWorld();
	return { world, update: updateOf(world.copyFor(ANN), (doc) => draftOf(doc).insert(0, text)) };
};

export const HONEST: readonly Craft[] = [
	honest('a paste of 100,000 Chinese characters', pasted('字'.repeat(100_000)), 'update'),
	honest('a paste of the longest text there may be', pasted('字'.repeat(200_000)), 'update'),
	honest(
		'undo of a deletion of 8,000 pieces of text',
		() => {
			const world = openWorld();
			const copy = world.copyFor(ANN);
			wander(copy, 20_000);
			world.receive(ANN, Y.encodeStateAsUpdate(copy, Y.encodeStateVector(world.doc)));
			const undo = new Y.UndoManager(draftOf(copy));
			draftOf(copy).delete(0, draftOf(copy).length);
			world.receive(ANN, Y.encodeStateAsUpdate(copy, Y.encodeStateVector(world.doc)));
			const updates: Uint8Array[] = [];
			copy.on('update', (update: Uint8Array) => updates.push(update));
			undo.undo();
			return { world, update: updates[0] ?? new Uint8Array() };
		},
		'update',
	),
	honest(
		'10,000 edits offline while another made 10,000',
		() => {
			const world = openWorld();
			world.edit(ANN, (doc) => draftOf(doc).insert(0, 'lorem ipsum '.repeat(700)));
			const [mine, theirs] = [world.copyFor(ANN), world.copyFor(REV)];
			wander(theirs, 10_000);
			world.receive(REV, Y.encodeStateAsUpdate(theirs, Y.encodeStateVector(world.doc)));
			wander(mine, 10_001);
			return { world, update: Y.encodeStateAsUpdate(mine, Y.encodeStateVector(world.doc)) };
		},
		'step 2',
	),
	honest(
		'600 returns to the end of an empty draft, while another did the same',
		() => {
			const world = openWorld();
			const [mine, theirs] = [world.copyFor(ANN), world.copyFor(REV)];
			for (const doc of [mine, theirs])
				for (let i = 0; i < 600; i++) {
					draftOf(doc).insert(draftOf(doc).length, 'word ');
					draftOf(doc).insert(1 + (i % 3), '.');
				}
			world.receive(REV, Y.encodeStateAsUpdate(theirs, Y.encodeStateVector(world.doc)));
			return { world, update: Y.encodeStateAsUpdate(mine, Y.encodeStateVector(world.doc)) };
		},
		'step 2',
	),
];
