import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Advance } from '../../server/store/dialogues.ts';
import { ENGINES, type FreshDatabase } from '../support/databases.ts';
import { storesOn, type StoreWorld } from '../support/store-world.ts';

describe.each(ENGINES)('dialogues on $engine', (engine) => {
	let fresh: FreshDatabase;
	let world: StoreWorld;
	beforeAll(async () => {
		fresh = await engine.open();
		world = storesOn(fresh.db);
	});
	afterAll(() => fresh.close());

	const step = (id: number, wish: Partial<Advance> & Pick<Advance, 'from' | 'to' | 'by' | 'kind'>) =>
		world.db.transaction((tx) => world.dialogues.advance(tx, id, { details: {}, ...wish }));
	const submit = (id: number, by: number) =>
		step(id, { from: ['draft', 'in_progress', 'returned'], to: 'submitted', by, kind: 'submit' });
	const claim = (id: number, by: number) =>
		step(id, { from: ['submitted'], to: 'in_review', by, kind: 'claim', reviewer: by });

	test('[DIALOGUE-1] a new dialogue is a draft with an empty log and the event of its opening', async () => {
		const ana = await world.person('Ana');
		const project = await world.project({ title: 'Refund', brief: 'A trip', language: 'zh' });
		const id = await world.begin(project, ana);
		const row = await world.dialogues.get(id);
		expect(row).toEqual({
			id,
			project: project.id,
			topic: { id: project.topics[0], title: 'Refund', brief: 'A trip', language: 'zh' },
			bot: project.bot,
			rubricVersion: 1,
			state: 'draft',
			together: true,
			blind: false,
			annotator: { id: ana.id, name: 'Ana' },
			reviewer: null,
			turns: 0,
			createdAt: expect.any(Date) as Date,
			updatedAt: expect.any(Date) as Date,
			submittedAt: null,
			decidedAt: null,
			returnReasons: [],
			returnNote: null,
		});
		expect(await world.db.query(`select * from head where dialogue = $1`, [id])).toEqual([
			{ dialogue: id, head: 0 },
		]);
		expect(await world.dialogues.events(id)).toMatchObject([
			{ seq: 1, kind: 'open', by: { id: ana.id, name: 'Ana' } },
		]);
		expect(await world.dialogues.get(999_999)).toBeNull();
	});

	test('[DIALOGUE-1] a dialogue whose opening is rolled back was never there', async () => {
		const ana = await world.person('Ana');
		const project = await world.project('a');
		const wish = { project: project.id, topic: project.topics[0] ?? 0, bot: project.bot, rubricVersion: 1 };
		let id = 0;
		const failing = world.db.transaction(async (tx) => {
			id = await world.dialogues.create(tx, { ...wish, annotator: ana.id, together: false });
			throw new Error('no first update');
		});
		await expect(failing).rejects.toThrow('no first update');
		expect(await world.dialogues.get(id)).toBeNull();
		expect(await world.db.query(`select * from head where dialogue = $1`, [id])).toEqual([]);
	});

	test('[DIALOGUE-2] a step from a state that it is not in any more changes nothing and leaves no event', async () => {
		const ana = await world.person('Ana');
		const id = await world.begin(await world.project('a'), ana);
		const before = await world.dialogues.get(id);
		expect(await claim(id, ana.id)).toBe(false);
		expect(await world.dialogues.get(id)).toEqual(before);
		expect(await world.dialogues.events(id)).toHaveLength(1);
		expect(await submit(999_999, ana.id)).toBe(false);
	});

	test('[DIALOGUE-2] of ten reviewers who claim at once, one has it', async () => {
		const ana = await world.person('Ana');
		const id = await world.begin(await world.project('a'), ana);
		await submit(id, ana.id);
		const reviewers = await Promise.all(Array.from({ length: 10 }, (_, i) => world.person(`R${i}`)));
		const won = await Promise.all(reviewers.map((one) => claim(id, one.id)));
		expect(won.filter(Boolean)).toHaveLength(1);
		const winner = reviewers[won.indexOf(true)];
		expect(await world.dialogues.get(id)).toMatchObject({ state: 'in_review', reviewer: { id: winner?.id } });
		expect(await world.dialogues.events(id)).toMatchObject([
			{ seq: 1, kind: 'open' },
			{ seq: 2, kind: 'submit' },
			{ seq: 3, kind: 'claim', by: { id: winner?.id } },
		]);
	});

	test('[DIALOGUE-2] a step whose transaction fails leaves neither state nor event', async () => {
		const ana = await world.person('Ana');
		const id = await world.begin(await world.project('a'), ana);
		const failing = world.db.transaction(async (tx) => {
			const wish = { from: ['draft'], to: 'submitted', by: ana.id, kind: 'submit', details: {} } as const;
			expect(await world.dialogues.advance(tx, id, wish)).toBe(true);
			throw new Error('the log refused');
		});
		await expect(failing).rejects.toThrow('the log refused');
		expect(await world.dialogues.get(id)).toMatchObject({ state: 'draft', submittedAt: null });
		expect(await world.dialogues.events(id)).toHaveLength(1);
	});

	test('[DIALOGUE-3] what a return says stands until the dialogue is accepted; the events keep it', async () => {
		const [ana, rui] = [await world.person('Ana'), await world.person('Rui')];
		const id = await world.begin(await world.project('a'), ana);
		await submit(id, ana.id);
		await claim(id, rui.id);
		const reasons = ['factual', 'format'];
		await step(id, {
			from: ['in_review'],
			to: 'returned',
			by: rui.id,
			kind: 'return',
			reasons,
			note: 'see turn 2',
			together: false,
			details: { reasons },
		});
		const returned = { returnReasons: reasons, returnNote: 'see turn 2', together: false };
		expect(await world.dialogues.get(id)).toMatchObject({ state: 'returned', ...returned });
		await submit(id, ana.id);
		expect(await world.dialogues.get(id)).toMatchObject({
			state: 'submitted',
			...returned,
			reviewer: { id: rui.id },
		});
		await claim(id, rui.id);
		await step(id, { from: ['in_review'], to: 'accepted', by: rui.id, kind: 'accept' });
		expect(await world.dialogues.get(id)).toMatchObject({
			state: 'accepted',
			returnReasons: [],
			returnNote: null,
			decidedAt: expect.any(Date) as Date,
		});
		const events = await world.dialogues.events(id);
		expect(events.map(({ kind }) => kind)).toEqual([
			'open',
			'submit',
			'claim',
			'return',
			'submit',
			'claim',
			'accept',
		]);
		expect(events[3]?.details).toEqual({ reasons });
	});

	test('[DIALOGUE-4] work on it brings it to the top and keeps what is not named', async () => {
		const ana = await world.person('Ana');
		const project = await world.project('a');
		const first = await world.begin(project, ana);
		await later(() => world.begin(project, ana));
		await later(() => world.db.transaction((tx) => world.dialogues.touch(tx, first, { turns: 3 })));
		await later(() => world.db.transaction((tx) => world.dialogues.touch(tx, first, { together: false })));
		expect(await world.dialogues.get(first)).toMatchObject({ turns: 3, together: false });
		const { items } = await world.dialogues.list({ project: project.id });
		expect(items[0]?.id).toBe(first);
	});

	/** Lists go by milliseconds: lets one pass before `act`. */
	async function later<T>(act: () => Promise<T>): Promise<T> {
		const from = Date.now();
		while (Date.now() <= from + 1) await new Promise((resolve) => setTimeout(resolve, 1));
		return act();
	}

	/** Reads a list page by page. */
	async function all(filter: Parameters<StoreWorld['dialogues']['list']>[0], limit = 2): Promise<number[]> {
		const ids: number[] = [];
		let cursor: string | undefined;
		do {
			const page = await world.dialogues.list({ ...filter, limit, cursor });
			expect(page.items.length).toBeLessThanOrEqual(limit);
			ids.push(...page.items.map(({ id }) => id));
			cursor = page.next ?? undefined;
		} while (cursor);
		return ids;
	}

	describe('lists', () => {
		let project: Awaited<ReturnType<StoreWorld['project']>>;
		let ana: { id: number };
		let bo: { id: number };
		let rui: { id: number };
		let id: Record<
			'accepted' | 'returned' | 'draft' | 'progress' | 'waiting' | 'later' | 'review' | 'bos',
			number
		>;

		beforeAll(async () => {
			const people = [
				await world.person('Ana'),
				await world.person('Bo'),
				await world.person('Rui'),
			] as const;
			[ana, bo, rui] = people;
			project = await world.project('a', 'b');
			await world.begin(await world.project('elsewhere'), people[0]);
			const begin = (who = people[0]) => later(() => world.begin(project, who));
			id = {
				accepted: await begin(),
				returned: await begin(),
				draft: await begin(),
				progress: await begin(),
				waiting: await begin(),
				later: await begin(people[1]),
				review: await begin(people[1]),
				bos: await begin(people[1]),
			};
			const by = ana.id;
			for (const one of ['review', 'accepted', 'returned', 'waiting', 'later'] as const)
				await later(() => submit(id[one], by));
			for (const one of ['accepted', 'returned', 'review'] as const)
				await later(() => claim(id[one], rui.id));
			await later(() =>
				step(id.accepted, { from: ['in_review'], to: 'accepted', by: rui.id, kind: 'accept' }),
			);
			await later(() =>
				step(id.returned, { from: ['in_review'], to: 'returned', by: rui.id, kind: 'return' }),
			);
			await later(() => step(id.progress, { from: ['draft'], to: 'in_progress', by, kind: 'send' }));
		});

		test("[DIALOGUE-5] an annotator's: returned ones, then those to write in, then the rest", async () => {
			const own = { project: project.id, annotator: ana.id, order: 'returned-first' } as const;
			const expected = [id.returned, id.progress, id.draft, id.accepted, id.waiting];
			for (const limit of [1, 2, 3, 50]) expect(await all(own, limit)).toEqual(expected);
		});

		test("[DIALOGUE-6] a reviewer's: submitted ones of others, longest waiting first", async () => {
			const order = 'longest-waiting' as const;
			for (const limit of [1, 2])
				expect(await all({ project: project.id, order }, limit)).toEqual([id.waiting, id.later]);
			expect(await all({ project: project.id, order, notAnnotator: bo.id })).toEqual([id.waiting]);
		});

		test('[DIALOGUE-6] what somebody has in review', async () => {
			const claimed = { project: project.id, states: ['in_review'], reviewer: rui.id } as const;
			expect(await all(claimed)).toEqual([id.review]);
			expect(await all({ ...claimed, reviewer: bo.id })).toEqual([]);
		});

		test("[DIALOGUE-7] a lead's: all of the project, last changed first", async () => {
			const expected = [
				id.progress,
				id.returned,
				id.accepted,
				id.review,
				id.later,
				id.waiting,
				id.bos,
				id.draft,
			];
			for (const limit of [1, 3, 50]) expect(await all({ project: project.id }, limit)).toEqual(expected);
		});

		test('[DIALOGUE-7] filters by states and by ids hold together', async () => {
			const states = ['submitted', 'accepted'] as const;
			expect(await all({ project: project.id, states })).toEqual([id.accepted, id.later, id.waiting]);
			const ids = [id.bos, id.later, id.draft];
			expect(await all({ project: project.id, ids })).toEqual([id.later, id.bos, id.draft]);
			expect(await all({ project: project.id, ids, states })).toEqual([id.later]);
			expect(await all({ project: project.id, ids: [] })).toEqual([]);
			expect(await all({ project: project.id, states: [] })).toEqual([]);
		});

		test('[DIALOGUE-7] dialogues of one millisecond are each listed once', async () => {
			const other = await world.project('a');
			const person = await world.person('Cy');
			for (let n = 0; n < 5; n++) await world.begin(other, person);
			await world.db.query(
				`update dialogue set updated_at = '2026-01-02 03:04:05.678Z', submitted_at = updated_at,
				state = 'submitted' where project = $1`,
				[other.id],
			);
			const orders = ['changed', 'returned-first', 'longest-waiting'] as const;
			for (const order of orders) {
				const ids = await all({ project: other.id, order });
				expect(ids).toHaveLength(5);
				expect(new Set(ids).size).toBe(5);
			}
		});

		test('[DIALOGUE-7] an item says what a list shows', async () => {
			const { items } = await world.dialogues.list({ project: project.id, ids: [id.review] });
			expect(items).toEqual([
				{
					id: id.review,
					topic: { id: project.topics[0], title: 'a', language: 'en' },
					state: 'in_review',
					together: true,
					annotator: { id: bo.id, name: 'Bo' },
					reviewer: { id: rui.id, name: 'Rui' },
					turns: 0,
					updatedAt: expect.any(Date) as Date,
					submittedAt: expect.any(Date) as Date,
					decidedAt: null,
					returnReasons: [],
					disputedAt: null,
				},
			]);
		});

		test.each([
			['no cursor of ours', 'x'],
			["a topic list's", Buffer.from('[1,2]').toString('base64url')],
			['a time that is none', Buffer.from('[0,9e15,1]').toString('base64url')],
		])('[DIALOGUE-7] %s is refused as a cursor', async (_, cursor) => {
			const asked = world.dialogues.list({ project: project.id, cursor });
			await expect(asked).rejects.toMatchObject({ code: 'bad-input' });
		});

		test('[DIALOGUE-8] an export walks the ids of a state, ascending, a page at a time', async () => {
			const walk = (after: number, limit: number) =>
				world.dialogues.idsAfter(project.id, 'submitted', after, limit);
			expect(await walk(0, 1)).toEqual([id.waiting]);
			expect(await walk(id.waiting, 10)).toEqual([id.later]);
			expect(await walk(id.later, 10)).toEqual([]);
		});
	});
});
