import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { packUpdates, unpackUpdates, type LogRow } from '../../server/store/update-log.ts';
import { archiveWorldOn, plainRows, type ArchiveWorld } from '../support/archive-world.ts';
import { ENGINES, type FreshDatabase } from '../support/databases.ts';
import { random, type Random } from '../support/random.ts';

const STEPS = 100;
const SEEDS = [3, 11, Date.now() % 1e9];

/** A dialogue as it should be: every row ever written, and the document after each. */
class Model {
	readonly rows: LogRow[] = [];
	readonly #doc = new Y.Doc();
	readonly #states = [this.#now()];

	/** Some edits of one person, as one row. */
	write(dice: Random): LogRow {
		const updates: Uint8Array[] = [];
		const hear = (update: Uint8Array) => void updates.push(update);
		this.#doc.on('update', hear);
		const text = this.#doc.getText('text');
		for (let edits = 1 + dice.int(3); edits > 0; edits--) {
			if (text.length > 5 && dice.chance(0.3)) text.delete(dice.int(text.length - 3), 1 + dice.int(3));
			else
				text.insert(
					dice.int(text.length + 1),
					String.fromCharCode(97 + dice.int(26)).repeat(1 + dice.int(4)),
				);
		}
		this.#doc.off('update', hear);
		const row = { author: dice.int(3) - 1, body: packUpdates(updates) };
		this.rows.push(row);
		this.#states.push(this.#now());
		return row;
	}

	/** The document after the first `seq` rows. */
	at(seq: number): { text: string; state: Uint8Array } {
		const state = this.#states[seq];
		if (!state) throw new Error(`there is no row ${seq} yet`);
		return state;
	}

	#now() {
		return { text: this.#doc.getText('text').toJSON(), state: Y.encodeStateAsUpdate(this.#doc) };
	}
}

describe.each(ENGINES)('any order of appends, snapshots, folds and reads on $engine', ({ open }) => {
	let fresh: FreshDatabase;
	let world: ArchiveWorld;
	beforeAll(async () => {
		fresh = await open();
		world = archiveWorldOn(fresh.db);
	});
	afterAll(() => fresh.close());

	test.each(SEEDS)('[ARCHIVE-14] loses and doubles no row (seed %i)', async (seed) => {
		const dice = random(seed);
		const models = new Map<number, Model>();
		for (let n = 0; n < 3; n++) models.set(await world.dialogue(), new Model());
		const ids = [...models.keys()];
		const of = (id: number) => models.get(id) as Model;

		const append = async (id: number) => {
			const rows = Array.from({ length: 1 + dice.int(8) }, () => of(id).write(dice));
			await world.log.append([{ dialogue: id, rows }]);
		};
		// Old ones too: a slow node's may come late.
		const snapshot = async (id: number) => {
			const seq = dice.int((await world.log.headOf(id)) + 1);
			await world.snapshot(id, seq, of(id).at(seq).state);
		};
		const fold = (id: number) => world.archive({ rows: 1 + dice.int(12), bytes: 1 + dice.int(400) }).fold(id);
		const replay = async (id: number) => {
			const [after, limit] = [dice.int(of(id).rows.length + 1), dice.int(40)];
			const known = await world.log.headOf(id);
			const rows = await world.log.rowsOf(id, after, limit);
			const expected = of(id).rows.slice(after, after + limit);
			expect(plainRows(rows)).toEqual(plainRows(expected.slice(0, rows.length), after + 1));
			expect(rows.length).toBeGreaterThanOrEqual(Math.min(limit, known - after));
		};
		const load = async (id: number) => {
			const known = await world.log.headOf(id);
			const stored = await world.stored.load(id);
			if (!stored) throw new Error('the dialogue is gone');
			const doc = new Y.Doc();
			if (stored.snapshot) Y.applyUpdate(doc, stored.snapshot.state);
			for (const row of stored.tail) for (const update of unpackUpdates(row.body)) Y.applyUpdate(doc, update);
			expect(stored.head).toBeGreaterThanOrEqual(known);
			expect(doc.getText('text').toJSON()).toBe(of(id).at(stored.head).text);
		};
		const holds = async (id: number) => {
			const seq = 1 + dice.int(of(id).rows.length + 1);
			const known = await world.log.headOf(id);
			const row = of(id).rows[seq - 1] ?? { author: 1, body: Uint8Array.of(0) };
			const held = await world.log.holds(id, seq, row);
			if (seq <= known) expect(held).toBe(true);
			if (seq > of(id).rows.length) expect(held).toBe(false);
		};
		const acts = [append, append, snapshot, snapshot, fold, fold, fold, replay, load, holds];

		// What is begun together happens together. One dialogue's appends come from one room, in order.
		for (let step = 0; step < STEPS; step++) {
			const begun = Array.from({ length: 1 + dice.int(5) }, () => ({
				id: dice.pick(ids),
				act: dice.pick(acts),
			}));
			const appending = new Set<number>();
			const may = begun.filter(({ id, act }) => {
				if (act !== append) return true;
				return !appending.has(id) && appending.add(id);
			});
			if (dice.chance(0.3)) may.push(...may.filter(({ act }) => act === fold));
			await Promise.all(may.map(({ id, act }) => act(id)));
		}

		for (const id of ids) {
			const { rows } = of(id);
			expect(plainRows(await world.log.rowsOf(id, 0, 10_000))).toEqual(plainRows(rows));
			const { archived, logged } = await world.kept(id);
			const seqs = archived.flatMap(([from, to]) =>
				Array.from({ length: to - from + 1 }, (_, n) => from + n),
			);
			expect([...seqs, ...logged]).toEqual(rows.map((_, nth) => nth + 1));
			expect(archived.length).toBeGreaterThan(0);
			await load(id);
		}
	});
});
