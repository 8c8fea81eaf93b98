import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DialogueState } from '../../src/lib/document/workflow.ts';
import { ENGINES, type FreshDatabase } from '../support/databases.ts';
import { storesOn, type StoreWorld } from '../support/store-world.ts';

describe.each(ENGINES)('topics on $engine', (engine) => {
	let fresh: FreshDatabase;
	let world: StoreWorld;
	beforeAll(async () => {
		fresh = await engine.open();
		world = storesOn(fresh.db);
	});
	afterAll(() => fresh.close());

	/** A dialogue as if it had come to `state`; how it may come there is the dialogues' own suite. */
	async function dialogueIn(state: DialogueState, ...begin: Parameters<StoreWorld['begin']>): Promise<void> {
		const id = await world.begin(...begin);
		await fresh.db.query(
			`update dialogue set state = $2, submitted_at = now(), reviewer = annotator where id = $1`,
			[id, state],
		);
	}

	test('[TOPIC-1] topics keep the order they were added in, imports that run at once too', async () => {
		const project = await world.project('a', 'b');
		await Promise.all(
			['c', 'd'].map((title) =>
				world.topics.addMany(
					project.id,
					[1, 2, 3].map((n) => ({ title: title + n, brief: '', language: 'en', target: 1 })),
				),
			),
		);
		const { items } = await world.topics.list({ project: project.id, userId: 1 });
		const titles = items.map(({ title }) => title);
		expect(titles.slice(0, 2)).toEqual(['a', 'b']);
		expect([
			['c1', 'c2', 'c3', 'd1', 'd2', 'd3'],
			['d1', 'd2', 'd3', 'c1', 'c2', 'c3'],
		]).toContainEqual(titles.slice(2));
	});

	test('[TOPIC-1] of an import with a bad row nothing is added', async () => {
		const project = await world.project('a');
		const wish = { brief: '', language: 'en', target: 1 };
		const bad = world.topics.addMany(project.id, [
			{ ...wish, title: 'good' },
			{ ...wish, title: 'bad', target: 0 },
		]);
		await expect(bad).rejects.toThrow('topic');
		expect((await world.topics.list({ project: project.id, userId: 1 })).items).toHaveLength(1);
	});

	test('[TOPIC-2] done counts all but skipped and discarded dialogues, mine those of the asker', async () => {
		const [ana, bo] = [await world.person('Ana'), await world.person('Bo')];
		const project = await world.project(
			{ title: 'Refund', brief: 'A trip', language: 'zh', target: 40 },
			'Empty',
		);
		for (const state of ['draft', 'in_progress', 'returned', 'submitted', 'in_review', 'accepted'] as const)
			await dialogueIn(state, project, ana);
		await dialogueIn('accepted', project, bo);
		for (const state of ['skipped', 'discarded'] as const) await dialogueIn(state, project, ana);
		const { items } = await world.topics.list({ project: project.id, userId: ana.id });
		expect(items).toEqual([
			{
				id: project.topics[0],
				title: 'Refund',
				brief: 'A trip',
				language: 'zh',
				target: 40,
				done: 7,
				mine: 6,
			},
			expect.objectContaining({ title: 'Empty', done: 0, mine: 0 }),
		]);
	});

	test('[TOPIC-3] pages hold every topic once, in order, and the last has no next', async () => {
		const titles = Array.from({ length: 7 }, (_, i) => `t${i}`);
		const project = await world.project(...titles);
		await world.project('of another project');
		const pages: string[][] = [];
		let cursor: string | undefined;
		do {
			const page = await world.topics.list({ project: project.id, userId: 1, limit: 3, cursor });
			pages.push(page.items.map(({ title }) => title));
			cursor = page.next ?? undefined;
		} while (cursor);
		expect(pages).toEqual([titles.slice(0, 3), titles.slice(3, 6), titles.slice(6)]);
		const whole = await world.topics.list({ project: project.id, userId: 1, limit: 7 });
		expect(whole.next).toBeNull();
	});

	const cursorOf = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
	test.each([
		'x',
		'[1,2]',
		cursorOf([1]),
		cursorOf([1, 2, 3]),
		cursorOf(['1', 2]),
		cursorOf([1, -2]),
		cursorOf([1.5, 2]),
		cursorOf([1e300, 2]),
		cursorOf({ length: 2 }),
		cursorOf(null),
		'a'.repeat(100_000),
	])('[TOPIC-3] %.40j is no cursor', async (cursor) => {
		const asked = world.topics.list({ project: 1, userId: 1, cursor });
		await expect(asked).rejects.toMatchObject({ code: 'bad-input' });
	});

	test('[TOPIC-4] a search looks into title and brief, in any case, and takes % and _ as they are', async () => {
		const project = await world.project(
			{ title: 'Travel Refund' },
			{ title: 'Other', brief: 'about a refund, 100% of it' },
			{ title: '退款', language: 'zh' },
			{ title: 'snake_case \\ backslash' },
		);
		const found = async (q: string, language?: string) =>
			(await world.topics.list({ project: project.id, userId: 1, q, language })).items.map(
				({ title }) => title,
			);
		expect(await found(' REFUND ')).toEqual(['Travel Refund', 'Other']);
		expect(await found('退')).toEqual(['退款']);
		expect(await found('100%')).toEqual(['Other']);
		expect(await found('%')).toEqual(['Other']);
		expect(await found('e_c')).toEqual(['snake_case \\ backslash']);
		expect(await found('\\')).toEqual(['snake_case \\ backslash']);
		expect(await found('')).toHaveLength(4);
		expect(await found('', 'zh')).toEqual(['退款']);
		expect(await found('refund', 'zh')).toEqual([]);
	});

	describe('next', () => {
		const nextTitle = async (project: { id: number }, userId: number, language?: string) =>
			(await world.topics.next(project.id, userId, language))?.title ?? null;

		test('[TOPIC-5] is the topic with the smallest share of its target, then the first in order', async () => {
			const [ana, bo] = [await world.person('Ana'), await world.person('Bo')];
			const project = await world.project(
				{ title: 'a', target: 2 },
				{ title: 'b', target: 4 },
				{ title: 'c', target: 4 },
			);
			expect(await nextTitle(project, ana.id)).toBe('a');
			await dialogueIn('accepted', project, bo, project.topics[0]);
			expect(await nextTitle(project, ana.id)).toBe('b');
			await dialogueIn('submitted', project, bo, project.topics[1]);
			expect(await nextTitle(project, ana.id)).toBe('c');
			await dialogueIn('draft', project, bo, project.topics[2]);
			expect(await nextTitle(project, ana.id)).toBe('b');
		});

		test.each(['draft', 'in_progress', 'returned'] as const)(
			'[TOPIC-6] is never one where the person still writes (%s), but may be for others',
			async (state) => {
				const [ana, bo] = [await world.person('Ana'), await world.person('Bo')];
				const project = await world.project({ title: 'a', target: 9 }, { title: 'b', target: 1 });
				await dialogueIn('accepted', project, bo, project.topics[1]);
				await dialogueIn(state, project, ana);
				expect(await nextTitle(project, ana.id)).toBeNull();
				expect(await nextTitle(project, bo.id)).toBe('a');
			},
		);

		test('[TOPIC-6] may be one where the person has submitted before', async () => {
			const ana = await world.person('Ana');
			const project = await world.project({ title: 'a', target: 9 });
			await dialogueIn('submitted', project, ana);
			expect(await nextTitle(project, ana.id)).toBe('a');
		});

		test('[TOPIC-7] is nothing when all topics are covered', async () => {
			const [ana, bo] = [await world.person('Ana'), await world.person('Bo')];
			const project = await world.project('a');
			await dialogueIn('submitted', project, bo);
			expect(await nextTitle(project, ana.id)).toBeNull();
		});

		test('[TOPIC-8] comes to a topic that the person skipped only when no other is left', async () => {
			const ana = await world.person('Ana');
			const project = await world.project({ title: 'a', target: 9 }, { title: 'b', target: 1 });
			await dialogueIn('skipped', project, ana);
			expect(await nextTitle(project, ana.id)).toBe('b');
			await dialogueIn('accepted', project, ana, project.topics[1]);
			expect(await nextTitle(project, ana.id)).toBe('a');
		});

		test('[TOPIC-9] keeps to the language that was asked for', async () => {
			const ana = await world.person('Ana');
			const project = await world.project({ title: 'a' }, { title: '甲', language: 'zh' });
			expect(await nextTitle(project, ana.id, 'zh')).toBe('甲');
			expect(await nextTitle(project, ana.id, 'fr')).toBeNull();
		});
	});
});
