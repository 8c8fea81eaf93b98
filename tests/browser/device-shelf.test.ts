import { afterEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { dropAll, forget, leftIn, sweep, unsentOf } from '../../src/lib/live/device-care.ts';
import { transact, type Place } from '../../src/lib/live/device-database.ts';
import { DeviceShelf } from '../../src/lib/live/device-shelf.ts';
import { typedRow } from '../../src/lib/live/late-row.ts';
import { MemoryShelf } from '../../src/lib/live/memory-shelf.ts';
import { openShelf } from '../../src/lib/live/open-shelf.ts';
import type { Shelf } from '../../src/lib/live/shelf.ts';

const DAY = 24 * 3600 * 1000;
let lastOwner = 0;
/** Somebody of whom this browser has nothing yet. */
const place = (over: Partial<Place> = {}): Place => ({
	owner: (lastOwner += 1),
	dialogue: 1,
	born: 1000,
	...over,
});
const bytes = (...values: number[]): Uint8Array => Uint8Array.of(...values);
const nothing = bytes(0, 0);

afterEach(() => sweep(Date.now() + 100 * DAY));

const SHELVES: readonly [string, () => Shelf][] = [
	['memory', () => new MemoryShelf()],
	['device', () => new DeviceShelf(place())],
];

describe.each(SHELVES)('a shelf (%s)', (_, open) => {
	test('[OFFLINE-1] gives back the rows it was given, oldest first, and no others', async () => {
		const shelf = open();
		const [first, second] = await shelf.replace(
			[],
			[
				{ update: bytes(1, 2), edits: 2 },
				{ update: bytes(3), edits: 0 },
			],
			true,
		);
		const [third] = await shelf.replace([first as number], [{ update: bytes(4), edits: 1 }], false);
		expect([...(await shelf.read())].map(([key, { update, edits }]) => [key, [...update], edits])).toEqual([
			[second, [3], 0],
			[third, [4], 1],
		]);
		await shelf.setAside([second as number]);
		expect([...(await shelf.read()).keys()]).toEqual([third]);
	});

	test('[LATE-4] a refusal takes what is said to be known and what is refused, once, and leaves the rest', async () => {
		const shelf = open();
		const rows = [bytes(1), bytes(2), bytes(3)].map((update, i) => ({ update, edits: i }));
		const [, mine, others] = await shelf.replace([], rows, true);
		const given: unknown[] = [];
		const late = { ...typedRow('Late'), reason: 'denied' };
		const refuse = (known: Uint8Array[], refused: Uint8Array[]) => {
			given.push(known, refused);
			return late;
		};
		await shelf.refuse([mine as number], refuse);
		await shelf.refuse([mine as number], refuse); // another tab got there first
		expect(given).toEqual([[bytes(1)], [bytes(2)]]);
		expect([...(await shelf.read()).keys()]).toEqual([others]);
		expect([...(await shelf.late()).values()]).toMatchObject([late]);
	});

	test('[LATE-4] a late change goes when the last of it is applied or dropped', async () => {
		const shelf = open();
		await shelf.addLate(typedRow('One'));
		await shelf.addLate(typedRow('Two'));
		const [one, two] = [...(await shelf.late()).keys()] as [number, number];
		await shelf.finish(one, 'text/t1', false);
		await shelf.finish(two, 'typed', true);
		await shelf.finish(two, 'typed', true);
		expect([...(await shelf.late())]).toMatchObject([[one, { done: ['text/t1'] }]]);
	});

	test('[OFFLINE-2] what fails half way leaves all as it was', async () => {
		const shelf = open();
		if (!shelf.lasting) return expect(shelf).toBeInstanceOf(MemoryShelf); // it cannot fail
		const [key] = await shelf.replace([], [{ update: bytes(1), edits: 1 }], true);
		const broken = { update: (() => 1) as unknown as Uint8Array, edits: 1 }; // no database stores a function
		await expect(
			shelf.replace([key as number], [{ update: bytes(2), edits: 1 }, broken], true),
		).rejects.toThrow();
		const refusal = () => {
			throw new Error('no');
		};
		await expect(shelf.refuse([key as number], refusal)).rejects.toThrow('no');
		expect([...(await shelf.read()).values()]).toMatchObject([{ update: bytes(1), edits: 1 }]);
	});
});

describe('this device', () => {
	test('[OFFLINE-5] keeps each person’s, each dialogue’s and each database’s own', async () => {
		const ana = place();
		const row = { update: bytes(1), edits: 1 };
		await new DeviceShelf(ana).replace([], [row], true);
		await new DeviceShelf({ ...ana, dialogue: 12 }).replace([], [row, row], true);
		for (const other of [
			place(),
			{ ...ana, dialogue: 2 },
			{ ...ana, born: 1001 },
			{ ...ana, owner: 10 * ana.owner + 1 },
		])
			expect((await new DeviceShelf(other).read()).size).toBe(0);
		expect(await unsentOf(ana.owner)).toEqual([
			{ dialogue: 1, changes: 1 },
			{ dialogue: 12, changes: 2 },
		]);
		expect(await unsentOf(place().owner)).toEqual([]);
	});

	test('[OFFLINE-5] signing out takes all of a person’s away, or leaves what is here alone', async () => {
		const [ana, bo] = [place(), place()];
		const sent = new DeviceShelf(ana);
		const unsent = new DeviceShelf({ ...ana, dialogue: 2 });
		const late = new DeviceShelf({ ...ana, dialogue: 3 });
		const others = new DeviceShelf(bo);
		await sent.replace([], [{ update: nothing, edits: 0 }], true);
		await unsent.replace(
			[],
			[
				{ update: nothing, edits: 0 },
				{ update: nothing, edits: 3 },
			],
			true,
		);
		await late.addLate(typedRow('Late'));
		await others.replace([], [{ update: nothing, edits: 1 }], true);
		await forget(ana.owner, 'sent');
		expect([(await sent.read()).size, (await unsent.read()).size, (await late.late()).size]).toEqual([
			0, 2, 1,
		]);
		expect(await unsentOf(ana.owner)).toEqual([
			{ dialogue: 2, changes: 3 },
			{ dialogue: 3, changes: 1 },
		]);
		await forget(ana.owner, 'all');
		expect([(await unsent.read()).size, (await late.late()).size]).toEqual([0, 0]);
		expect((await others.read()).size).toBe(1);
		// A page of theirs that is still open stores nothing more.
		await expect(sent.replace([], [{ update: nothing, edits: 0 }], true)).rejects.toThrow();
		expect((await sent.read()).size).toBe(0);
	});

	test('[OFFLINE-8] forgets what nobody opened for 30 days, but nothing that is unsent or late', async () => {
		const ana = place();
		const places = [1, 2, 3].map((dialogue) => ({ ...ana, dialogue }));
		const [sent, unsent, late] = places.map((one) => new DeviceShelf(one)) as [
			DeviceShelf,
			DeviceShelf,
			DeviceShelf,
		];
		for (const shelf of [sent, unsent, late]) {
			await shelf.visit();
			await shelf.replace([], [{ update: nothing, edits: 0 }], true);
		}
		await unsent.replace([], [{ update: nothing, edits: 1 }], true);
		await late.addLate(typedRow('Late'));
		await sweep(Date.now() + 29 * DAY);
		expect((await sent.read()).size).toBe(1);
		await sweep(Date.now() + 31 * DAY);
		expect([(await sent.read()).size, (await unsent.read()).size, (await late.late()).size]).toEqual([
			0, 2, 1,
		]);
		await forget(ana.owner, 'all');
	});

	test('[LATE-6] tells what somebody typed in a dialogue that they cannot open, until they drop it', async () => {
		const ana = place({ dialogue: 7 });
		const shelf = new DeviceShelf(ana);
		const doc = new Y.Doc();
		const updates: Uint8Array[] = [];
		doc.on('update', (update: Uint8Array) => updates.push(update));
		doc.getText('draft').insert(0, 'Known. ');
		doc.getText('draft').insert(7, 'Mine.');
		const [known, own] = updates as [Uint8Array, Uint8Array];
		await shelf.replace(
			[],
			[
				{ update: known, edits: 0 },
				{ update: own, edits: 1 },
			],
			true,
		);
		await shelf.addLate(typedRow('Earlier'));
		expect((await leftIn(ana.owner, 7)).flatMap(({ changes }) => changes)).toMatchObject([
			{ kind: 'typed', text: 'Earlier' },
			{ kind: 'draft', now: 'Known. ', text: 'Known. Mine.' },
		]);
		expect(await leftIn(ana.owner, 8)).toEqual([]);
		await dropAll(ana.owner, 7);
		expect(await leftIn(ana.owner, 7)).toEqual([]);
		expect((await shelf.read()).size).toBe(0);
	});

	test('[OFFLINE-7] a database that was deleted meanwhile is opened anew', async () => {
		const shelf = new DeviceShelf(place());
		await shelf.replace([], [{ update: nothing, edits: 1 }], true);
		await deleted();
		expect((await shelf.read()).size).toBe(0);
		await shelf.replace([], [{ update: nothing, edits: 1 }], true);
		expect((await shelf.read()).size).toBe(1);
	});

	test('[OFFLINE-7] a database of another shape is begun anew', async () => {
		await deleted();
		await new Promise<void>((resolve) => {
			const other = indexedDB.open('duologue-1', 1);
			other.onupgradeneeded = () => other.result.createObjectStore('something');
			other.onsuccess = () => {
				other.result.close();
				resolve();
			};
		});
		const shelf = await openShelf(place());
		expect(shelf.lasting).toBe(true);
		await shelf.replace([], [{ update: nothing, edits: 1 }], true);
		expect((await shelf.read()).size).toBe(1);
	});

	test('[OFFLINE-6] where the browser has no database, it is kept in the page', async () => {
		await transact(['visits'], 'readonly', () => Promise.resolve());
		await deleted();
		const { indexedDB: theirs } = globalThis;
		Object.defineProperty(globalThis, 'indexedDB', {
			configurable: true,
			value: {
				open: () => {
					throw new DOMException('Not here', 'SecurityError');
				},
			},
		});
		try {
			const shelf = await openShelf(place());
			expect(shelf.lasting).toBe(false);
			expect(await shelf.replace([], [{ update: nothing, edits: 1 }], true)).toHaveLength(1);
			await expect(unsentOf(1)).rejects.toThrow();
		} finally {
			Object.defineProperty(globalThis, 'indexedDB', { configurable: true, value: theirs });
		}
	});
});

function deleted(): Promise<void> {
	return new Promise((resolve, reject) => {
		const request = indexedDB.deleteDatabase('duologue-1');
		request.onsuccess = () => resolve();
		request.onerror = () => reject(request.error ?? new Error('not deleted'));
	});
}
