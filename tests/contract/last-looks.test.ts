import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LastLooks } from '../../server/store/last-looks.ts';
import { UpdateLog } from '../../server/store/update-log.ts';
import type { User } from '../../server/store/users.ts';
import { ENGINES, type FreshDatabase } from '../support/databases.ts';
import { storesOn } from '../support/store-world.ts';

describe.each(ENGINES)('last looks on $engine', ({ open }) => {
	let fresh: FreshDatabase;
	let looks: LastLooks;
	let ann: User;
	let dialogue: number;
	beforeAll(async () => {
		fresh = await open();
		const world = storesOn(fresh.db);
		looks = new LastLooks(fresh.db);
		ann = await world.person('Ann');
		dialogue = await world.begin(await world.project('One'), ann);
	});
	afterAll(() => fresh.close());

	const write = () =>
		new UpdateLog(fresh.db).append([{ dialogue, rows: [{ author: ann.id, body: Uint8Array.of(1, 2) }] }]);

	test('[SINCE-4] a look never goes back, and many at once leave the furthest', async () => {
		expect(await looks.find(dialogue, ann.id)).toBeNull();
		await write();
		await Promise.all(Array.from({ length: 6 }, () => looks.keep(dialogue, ann.id, [])));
		expect(await looks.find(dialogue, ann.id)).toEqual({ seq: 1, unseen: {} });
		await write();
		await Promise.all([write(), ...Array.from({ length: 6 }, () => looks.keep(dialogue, ann.id, []))]);
		await looks.keep(dialogue, ann.id, []);
		expect(await looks.find(dialogue, ann.id)).toEqual({ seq: 3, unseen: {} });
	});

	test('[SINCE-4] what was not looked at keeps the place where it was last seen, until it is', async () => {
		await write();
		await looks.keep(dialogue, ann.id, ['a', 'b']);
		expect(await looks.find(dialogue, ann.id)).toEqual({ seq: 4, unseen: { a: 3, b: 3 } });
		await write();
		await looks.keep(dialogue, ann.id, ['b', 'c']);
		expect(await looks.find(dialogue, ann.id)).toEqual({ seq: 5, unseen: { b: 3, c: 4 } });
		await looks.keep(dialogue, ann.id, []);
		expect(await looks.find(dialogue, ann.id)).toEqual({ seq: 5, unseen: {} });
	});
});
