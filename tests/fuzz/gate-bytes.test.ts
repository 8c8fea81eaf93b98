/** Random and mutated bytes: nothing but Refusal is thrown, and what is accepted passes the judge. */
import { afterAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { rate } from '../../src/lib/document/ratings.ts';
import { turnText } from '../../src/lib/document/read-dialogue.ts';
import { commentsOf, draftOf, resolvedOf } from '../../src/lib/document/roots.ts';
import { decodeUpdate } from '../../server/gate/decode-update.ts';
import { Refusal } from '../../server/gate/refusal.ts';
import { judge, shoot, type Shot } from '../support/gate-oracle.ts';
import { LONG, PATIENCE, seeds, Tally } from '../support/gate-tally.ts';
import { ANN, openWorld, REV, updateOf, type World } from '../support/gate-world.ts';
import { random, type Random } from '../support/random.ts';

const STRINGS = LONG ? 60_000 : 4_000;
/** Strings before a world, which soon has had the whole corpus, is left for a new one. */
const WORLD_LASTS = 60;

const SEEDS = seeds([99, 3], 10);
const TALLY = new Tally('random and mutated bytes');

interface Stage extends World {
	/** Updates that are in order, each by whom. */
	corpus: [user: string, update: Uint8Array][];
	shot: Shot;
}

function openStage(r: Random): Stage {
	const world = openWorld({ clientId: r.int(2 ** 32) });
	const corpus: Stage['corpus'] = [];
	for (const user of [ANN, REV]) {
		const copy = world.copyFor(user, r.int(2 ** 32));
		const keep = (change: (doc: Y.Doc) => void): void => void corpus.push([user, updateOf(copy, change)]);
		keep((doc) => turnText(doc, 'b0')?.insert(2, 'x'));
		keep((doc) => turnText(doc, 'b0')?.insert(2, 'héllo 😀'.repeat(10)));
		keep((doc) => turnText(doc, 'b0')?.delete(1, 5));
		keep((doc) => draftOf(doc).insert(0, 'draft'));
		keep((doc) => rate(doc, user, 'b1', 'helpful', { value: 3 }));
		keep((doc) => rate(doc, user, 'b1', 'helpful', { value: 1, why: 'wrong' }));
		keep((doc) => commentsOf(doc).set(`c${user}`, { author: user, text: 'hi', at: 1 }));
		keep((doc) => resolvedOf(doc).set(`c${user}`, true));
		corpus.push([user, Y.encodeStateAsUpdate(copy)]);
		corpus.push([user, Y.encodeStateAsUpdate(copy, Y.encodeStateVector(world.doc))]);
	}
	return { ...world, corpus, shot: shoot(world.doc, world.owners) };
}

const randomBytes = (r: Random, length: number): number[] => Array.from({ length }, () => r.int(256));

function mutated(update: Uint8Array, stage: Stage, r: Random): Uint8Array {
	const bytes = [...update];
	for (let n = r.pick([1, 1, 1, 2, 3, 8]); n > 0; n--) {
		const at = r.int(bytes.length + 1);
		const other = r.pick(stage.corpus)[1];
		const from = r.int(other.length);
		const byte = bytes[at] ?? 0;
		switch (r.int(8)) {
			case 0:
				bytes[at] = r.int(256);
				break;
			case 1:
				bytes[at] = byte ^ (1 << r.int(8));
				break;
			case 2:
				bytes.splice(at, 1 + r.int(4));
				break;
			case 3:
				bytes.splice(at, 0, ...randomBytes(r, 1 + r.int(4)));
				break;
			case 4:
				bytes.length = Math.min(at, bytes.length);
				break;
			case 5:
				bytes.splice(at, 0, ...other.subarray(from, from + r.int(20)));
				break;
			case 6: // a huge integer
				bytes.splice(at, 1, 0xff, 0xff, 0xff, 0xff, r.pick([0x07, 0x0f, 0xff, 0x7f]));
				break;
			default:
				bytes[at] = (byte + r.pick([1, -1, 2])) & 255;
		}
	}
	return Uint8Array.from(bytes);
}

test.each(SEEDS)(
	'[GATE-9] bytes are accepted soundly or refused, and nothing else (seed %i)',
	{ timeout: PATIENCE },
	(seed) => {
		let accepted = 0;
		TALLY.bounded(() => {
			const r = random(seed);
			let stage = openStage(r);
			for (let n = 0; n < STRINGS; n++) {
				if (n % WORLD_LASTS === 0) stage = openStage(r);
				const [user, whole] = r.pick(stage.corpus);
				let update = whole;
				if (r.chance(0.2)) update = Uint8Array.from(randomBytes(r, r.int(64)));
				else if (r.chance(0.97)) update = mutated(whole, stage, r);
				const where = `string ${n} of ${user}, seed ${seed}: ${Buffer.from(update).toString('hex')}`;
				try {
					if (TALLY.receive(stage, user, update, where).apply === null) continue;
				} catch (error) {
					if (error instanceof Refusal) continue;
					throw error;
				}
				const shot = shoot(stage.doc, stage.owners);
				expect(judge(stage.shot, shot, stage, user), where).toBeNull();
				stage.shot = shot;
				accepted++;
			}
		});
		expect(accepted).toBeGreaterThan(STRINGS / 100);
		expect(TALLY.rules).toBeGreaterThan(5);
	},
);

test.each(SEEDS)(
	'[GATE-9] the decoder throws Refusal and nothing else (seed %i)',
	{ timeout: PATIENCE },
	(seed) => {
		const r = random(seed);
		for (let n = 0; n < STRINGS; n++) {
			const update = Uint8Array.from(randomBytes(r, r.int(200)));
			try {
				decodeUpdate(update);
			} catch (error) {
				expect(error, Buffer.from(update).toString('hex')).toBeInstanceOf(Refusal);
			}
		}
	},
);

afterAll(() => TALLY.tell());
