/**
 * Well-formed but arbitrary updates: random structs and delete ranges over the ids, types and keys that a
 * document has. What the gate accepts is put before the judge.
 */
import { afterAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { rate } from '../../src/lib/document/ratings.ts';
import { turnText } from '../../src/lib/document/read-dialogue.ts';
import { commentsOf, draftOf, resolvedOf } from '../../src/lib/document/roots.ts';
import { STATES } from '../../src/lib/document/workflow.ts';
import { setState, setTogether } from '../../src/lib/document/write-dialogue.ts';
import { isFreeIn } from '../../server/gate/client-owners.ts';
import { Refusal } from '../../server/gate/refusal.ts';
import { judge, shoot, type Shot } from '../support/gate-oracle.ts';
import { LONG, PATIENCE, seeds, Tally } from '../support/gate-tally.ts';
import { ANN, beginExchange, contentOf, OBS, openWorld, REV, type World } from '../support/gate-world.ts';
import { handmade, type HandmadeStruct, type Ref } from '../support/handmade-update.ts';
import { random, type Random } from '../support/random.ts';

const UPDATES = LONG ? 60_000 : 6000;
/** Updates before a world is left for a new one. */
const WORLD_LASTS = 250;

const SEEDS = seeds([7, 41], 10);
const TALLY = new Tally('forged updates');

interface Stage extends World {
	ids: Record<string, number[]>;
	/** Follows the document by its updates, as a peer does. */
	peer: Y.Doc;
	shot: Shot;
	uses: number;
}

function openStage(r: Random): Stage {
	const world = openWorld({ clientId: r.int(2 ** 32) });
	const ids: Stage['ids'] = { [OBS]: [] };
	for (const user of [ANN, REV]) {
		const copy = world.copyFor(user, r.int(2 ** 32));
		ids[user] = [copy.clientID];
		const edit = (change: (doc: Y.Doc) => void): void => void world.edit(user, change, copy);
		edit((doc) => {
			rate(doc, user, 'b0', 'helpful', { value: 3 });
			rate(doc, user, 'b0', 'correct', { value: 4 });
		});
		edit((doc) => commentsOf(doc).set(`by-${user}`, { author: user, text: 'x', at: 1 }));
		edit((doc) => turnText(doc, 'b1')?.insert(3, `${user}😀`));
		edit((doc) => turnText(doc, 'b1')?.delete(1, 4));
		edit((doc) => draftOf(doc).insert(0, 'draft'));
		edit((doc) => resolvedOf(doc).set(`by-${user}`, true));
		edit((doc) => commentsOf(doc).set(`gone-${user}`, { author: user, text: 'x', at: 1 }));
		edit((doc) => commentsOf(doc).delete(`gone-${user}`));
	}
	beginExchange(world.doc, 2);
	setState(world.doc, r.chance(0.5) ? 'in_progress' : r.pick(STATES));
	setTogether(world.doc, r.chance(0.6));
	const peer = new Y.Doc();
	Y.applyUpdate(peer, Y.encodeStateAsUpdate(world.doc));
	world.doc.on('update', (update) => Y.applyUpdate(peer, update));
	return { ...world, ids, peer, shot: shoot(world.doc, world.owners), uses: 0 };
}

const KEYS = [
	...['text', 'role', 'author', 'state', 'candidate', 'original', 'together', 'members', 'order'],
	...[
		'b0',
		'b1',
		'c2',
		'b0/helpful',
		'b0/correct',
		'b1/helpful',
		'b0/spam',
		'dialogue/goal',
		ANN,
		REV,
		`by-${ANN}`,
		`by-${REV}`,
		`gone-${ANN}`,
		'new',
	],
];
const ROOTS = [
	'dialogue',
	'turns',
	'candidates',
	'draft',
	'choices',
	'ratings',
	'comments',
	'comments',
	'resolved',
	'evil',
];
const VALUES = [
	...[
		1,
		'x',
		true,
		false,
		null,
		{ a: 1 },
		{ value: 2 },
		{ value: true },
		{ value: 2, why: 'so' },
		{ best: 'c0', degree: 1 },
	],
	...[ANN, REV].map((author) => ({ author, text: 'x', at: 1 })),
	...['b1', 'b9'].map((turn) => ({ author: ANN, turn, text: 'x', at: 1 })),
	...[`gone-${REV}`, 'none'].map((replyTo) => ({ author: REV, text: 'x', at: 1, replyTo })),
];

function forge(stage: Stage, r: Random, user: string): Uint8Array {
	const { store } = stage.doc;
	const clients = [...store.clients.keys()];
	const near: Ref[] = [];
	const someId = (): Ref => {
		if (near.length > 0 && r.chance(0.25)) return r.pick(near);
		const client = r.pick(clients);
		return [client, r.int(Y.getState(store, client) + (r.chance(0.02) ? 3 : 0))];
	};
	const holders = clients.flatMap((client) =>
		(store.clients.get(client) ?? [])
			.filter((struct) => struct instanceof Y.Item && struct.content instanceof Y.ContentType)
			.map((struct): Ref => [client, struct.id.clock]),
	);
	/** Ids within one list or chain: plausible origins. */
	const siblings = (): Ref[] => {
		const [client, clock] = someId();
		const out: Ref[] = [[client, clock]];
		if (clock >= Y.getState(store, client)) return out;
		const structs = store.clients.get(client) ?? [];
		const struct = structs[Y.findIndexSS(structs, clock)];
		if (!(struct instanceof Y.Item)) return out;
		for (const item of [struct.left, struct.right]) {
			if (item) out.push([item.id.client, item.id.clock + r.int(item.length)]);
		}
		return out;
	};
	const struct = (): HandmadeStruct => {
		if (r.chance(0.04)) return { gc: 1 + r.int(3) };
		const made: HandmadeStruct = {};
		const near = siblings();
		if (r.chance(0.6)) made.origin = r.chance(0.85) ? near[0] : someId();
		if (r.chance(0.35)) made.right = r.chance(0.85) ? r.pick(near) : someId();
		if (r.chance(0.6)) made.key = r.pick(KEYS);
		if (r.chance(0.3)) made.root = r.pick(ROOTS);
		else made.parent = r.chance(0.8) ? r.pick(holders) : someId();
		const content = r.pick(['deleted', 'string', 'string', 'string', 'type', 'any', 'any', 'any']);
		if (content === 'deleted') made.deleted = 1 + r.int(3);
		else if (content === 'string') made.string = r.pick(['a', 'bc', '😀', 'def', 'é']);
		else if (content === 'type') made.type = r.int(3);
		else made.any = Array.from({ length: r.chance(0.9) ? 1 : 2 }, () => r.pick<unknown>(VALUES));
		return made;
	};

	const mine = (stage.ids[user] ??= []);
	if (mine.length === 0 || r.chance(0.02)) {
		const client = r.int(2 ** 32);
		if (stage.owners.bind(client, user, isFreeIn(stage.doc))) mine.push(client);
	}
	const plan = Array.from({ length: r.chance(0.1) ? 0 : r.chance(0.15) ? 2 : 1 }, () => {
		const client = r.chance(0.97) && mine.length > 0 ? r.pick(mine) : r.pick(clients);
		const next = Y.getState(store, client);
		const clock = r.chance(0.85) ? next : Math.max(0, next - r.int(6));
		const count = 1 + r.int(4);
		for (let i = 0; i < count + 2; i++) near.push([client, clock + i]);
		return { client, clock, count };
	});
	const planned = new Set(plan.map(({ client }) => client));
	const hit = new Set(
		Array.from({ length: r.chance(0.35) ? 1 + r.int(2) : 0 }, () => r.pick([...clients, ...planned])),
	);
	return handmade({
		structs: plan.map(({ client, clock, count }) => [client, clock, Array.from({ length: count }, struct)]),
		deletes: [...hit].map((client) => {
			const end = Y.getState(store, client) + (planned.has(client) ? 3 : 0);
			const at = r.int(Math.max(1, end));
			return [client, [[at, 1 + r.int(Math.min(6, Math.max(1, end - at)))]]];
		}),
	});
}

test.each(SEEDS)(
	'[GATE-8] what is accepted of arbitrary updates only changes what its sender may change (seed %i)',
	{ timeout: PATIENCE },
	(seed) => {
		let changed = 0;
		TALLY.bounded(() => {
			const r = random(seed);
			let stage = openStage(r);
			for (let n = 0; n < UPDATES; n++) {
				if (stage.uses++ > WORLD_LASTS) stage = openStage(r);
				const user = r.pick([ANN, REV, ANN, REV, OBS]);
				const update = forge(stage, r, user);
				const where = `update ${n} of ${user}, seed ${seed}: ${Buffer.from(update).toString('hex')}`;
				try {
					if (TALLY.receive(stage, user, update, where).apply === null) continue;
				} catch (error) {
					if (error instanceof Refusal) continue;
					throw error;
				}
				const shot = shoot(stage.doc, stage.owners);
				expect(judge(stage.shot, shot, stage, user), where).toBeNull();
				expect(contentOf(stage.peer), where).toBe(shot.content);
				if (shot.content !== stage.shot.content) changed++;
				stage.shot = shot;
			}
		});
		// The run was worth something: it got through, and was refused for many reasons.
		expect(changed).toBeGreaterThan(20);
		expect(TALLY.rules).toBeGreaterThan(8);
	},
);

afterAll(() => TALLY.tell());
