import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Archive } from '../../server/store/archive.ts';
import { migrate } from '../../server/store/migrate.ts';
import { migrations } from '../../server/store/migrations.ts';
import { RatingDocuments } from '../../server/store/rating-documents.ts';
import { StoredDialogues } from '../../server/store/stored-dialogues.ts';
import { UpdateLog } from '../../server/store/update-log.ts';
import type { User } from '../../server/store/users.ts';
import { expectedRows, nthRow, plainRows } from '../support/archive-world.ts';
import { ENGINES, type FreshDatabase } from '../support/databases.ts';
import { storesOn, type StoreWorld } from '../support/store-world.ts';

describe.each(ENGINES)('rating documents on $engine', ({ open, openBare }) => {
	let fresh: FreshDatabase;
	let world: StoreWorld;
	let documents: RatingDocuments;
	let ann: User;
	let rev: User;
	beforeAll(async () => {
		fresh = await open();
		world = storesOn(fresh.db);
		documents = new RatingDocuments(fresh.db);
		[ann, rev] = [await world.person('Ann'), await world.person('Rev')];
	});
	afterAll(() => fresh.close());

	const dialogue = async (): Promise<number> => world.begin(await world.project('One'), ann);
	const create = (id: number, rater: number) => fresh.db.transaction((tx) => documents.create(tx, id, rater));

	test('[BLIND-9] each rater has one, under a number of its own that is no dialogue’s', async () => {
		const [one, two] = [await dialogue(), await dialogue()];
		const made = [await create(one, ann.id), await create(one, rev.id), await create(two, ann.id)];
		const numbers = made.map((document) => document?.document ?? 0);
		expect(Math.max(...numbers)).toBeLessThan(0);
		expect(new Set(numbers).size).toBe(3);
		expect(await documents.ofDialogue(one)).toEqual(made.slice(0, 2));
		expect(await documents.find(two, ann.id)).toEqual(made[2]);
		expect(await documents.find(two, rev.id)).toBeNull();
		expect(await documents.find(two, 9_999_999_999)).toBeNull();
		expect(await new UpdateLog(fresh.db).headOf(numbers[0] ?? 0)).toBe(0);
	});

	test('[BLIND-9] of many who make one at once, one does', async () => {
		const id = await dialogue();
		const made = await Promise.all(Array.from({ length: 6 }, () => create(id, ann.id)));
		const [only, ...more] = made.filter((document) => document !== null);
		expect(more).toEqual([]);
		expect(await documents.ofDialogue(id)).toEqual([only]);
	});

	test('[BLIND-9] its rows are logged, loaded, kept, folded and read again as a dialogue’s are', async () => {
		const id = await dialogue();
		const document = (await create(id, ann.id))?.document ?? 0;
		const [log, stored, archive] = [
			new UpdateLog(fresh.db),
			new StoredDialogues(fresh.db),
			new Archive(fresh.db, { rows: 3 }),
		];
		const rows = Array.from({ length: 8 }, (_, nth) => nthRow(nth + 1));
		const heads = await log.append([
			{ dialogue: document, rows },
			{ dialogue: id, rows: [nthRow(1)] },
		]);
		expect(heads).toEqual(new Map([[document, 8], [id, 1]])); // prettier-ignore
		expect(await log.holds(document, 8, nthRow(8))).toBe(true);
		expect(await log.bindClient(document, 7, ann.id)).toBe(true);
		expect(await log.bindClient(document, 7, rev.id)).toBe(false);
		const summary = { members: {}, generating: false };
		await stored.keep(document, {
			seq: 6,
			state: Uint8Array.of(6),
			vector: Uint8Array.of(0),
			deletes: 1,
			summary,
		});
		expect([
			await archive.fold(document),
			await archive.fold(document),
			await archive.fold(document),
		]).toEqual([3, 3, 0]);
		expect(plainRows(await log.rowsOf(document, 0, 100))).toEqual(expectedRows(1, 8));
		const [first] = await log.rowsOf(document, 0, 1);
		expect(first?.at).toBeInstanceOf(Date);
		const loaded = await stored.load(document);
		expect(loaded).toMatchObject({ head: 8, snapshot: { seq: 6, summary } });
		expect(plainRows(loaded?.tail ?? [], 7)).toEqual(expectedRows(7, 8));
		expect(loaded?.clients).toEqual(new Map([[7, ann.id]]));
		expect(plainRows((await stored.load(id))?.tail ?? [])).toEqual(expectedRows(1, 1));
	});

	test('[BLIND-9] a database from before blind rating keeps all it has, and nobody in it rates blind', async () => {
		const bare = await openBare();
		try {
			await migrate(bare.db, migrations.slice(0, 3));
			await bare.db.query(`
				insert into app_user (email, name) values ('a@example.org', 'A');
				insert into project (name) values ('Old');
				insert into rubric (project, version, body) values (1, 1, '{}');
				insert into topic (project, title, language, position) values (1, 'Topic', 'en', 1);
				insert into bot (project, name, kind) values (1, 'Practice', 'practice');
				insert into dialogue (project, topic, bot, rubric_version, together, annotator)
					values (1, 1, 1, 1, true, 1);
				insert into head (dialogue) values (1);`);
			const log = new UpdateLog(bare.db);
			await log.append([{ dialogue: 1, rows: [nthRow(1), nthRow(2)] }]);
			await migrate(bare.db);
			expect(plainRows(await log.rowsOf(1, 0, 10))).toEqual(expectedRows(1, 2));
			const old = storesOn(bare.db);
			expect(await old.dialogues.get(1)).toMatchObject({ id: 1, together: true, blind: false });
			expect(await old.projects.get(1)).toMatchObject({ name: 'Old', blind: false });
			await old.projects.setBlind(1, true);
			expect(await old.projects.get(1)).toMatchObject({ blind: true });
			expect(await old.dialogues.get(1)).toMatchObject({ blind: false });
		} finally {
			await bare.close();
		}
	});
});
