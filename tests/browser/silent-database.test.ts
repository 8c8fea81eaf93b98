import { afterEach, expect, test } from 'vitest';
import { dropAll, forget, leftIn, sweep, unsentOf } from '../../src/lib/live/device-care.ts';
import { STORES, type Place } from '../../src/lib/live/device-database.ts';
import { DeviceShelf } from '../../src/lib/live/device-shelf.ts';
import { typedRow } from '../../src/lib/live/late-row.ts';
import { openShelf } from '../../src/lib/live/open-shelf.ts';

const place: Place = { owner: 1, dialogue: 1, born: 1000 };
const row = (value: number) => ({ update: Uint8Array.of(value), edits: value });

let release = (): void => undefined;
afterEach(() => release());

/** Another tab's connection to the database, which never makes way. */
function connected(): Promise<IDBDatabase> {
	return new Promise((resolve, reject) => {
		const opening = indexedDB.open('duologue-1');
		opening.onsuccess = () => resolve(opening.result);
		opening.onerror = () => reject(opening.error ?? new Error('not opened'));
	});
}

/** A transaction on everything goes on until `release`. */
async function hold(): Promise<void> {
	const db = await connected();
	const visits = db.transaction([...STORES], 'readwrite').objectStore('visits');
	let held = true;
	const goOn = (): void => {
		if (held) visits.count().onsuccess = goOn;
	};
	goOn();
	release = () => {
		held = false;
		db.close();
	};
}

test('[OFFLINE-13] a database that falls silent: whatever it is asked is given up, and not stored later', async () => {
	const shelf = new DeviceShelf(place);
	const [key] = (await shelf.replace([], [row(1)], true)) as [number];
	await shelf.addLate(typedRow('Late'));
	const [late] = [...(await shelf.late()).keys()] as [number];
	await hold();
	const asked = [
		shelf.visit(),
		shelf.read(),
		shelf.replace([key], [row(2), row(3)], true),
		shelf.refuse([key], () => typedRow('Refused')),
		shelf.setAside([key]),
		shelf.late(),
		shelf.addLate(typedRow('Later')),
		shelf.finish(late, 'typed', true),
		unsentOf(place.owner),
		leftIn(place.owner, place.dialogue),
		dropAll(place.owner, place.dialogue),
		forget(2, 'all'),
		sweep(Date.now()),
	];
	for (const { status } of await Promise.allSettled(asked)) expect(status).toBe('rejected');
	expect((await openShelf(place)).lasting).toBe(false);

	release();
	expect([...(await shelf.read())]).toMatchObject([[key, row(1)]]);
	expect([...(await shelf.late()).values()]).toMatchObject([{ changes: [{ text: 'Late' }], done: [] }]);
	await dropAll(place.owner, place.dialogue);
});

test('[OFFLINE-13] a database that does not open: it is kept in the page, and what was asked of it is given up', async () => {
	const holding = await connected();
	release = () => holding.close();
	// It waits for that connection, and whoever opens waits behind it.
	const deleting = indexedDB.deleteDatabase('duologue-1');
	await new Promise((resolve) => (deleting.onblocked = resolve));
	const asked = [unsentOf(place.owner), new DeviceShelf(place).replace([], [row(1)], true)];
	const opened = openShelf(place);
	for (const { status } of await Promise.allSettled(asked)) expect(status).toBe('rejected');
	expect((await opened).lasting).toBe(false);

	const deleted = new Promise((resolve) => (deleting.onsuccess = resolve));
	release();
	await deleted;
	const shelf = await openShelf(place);
	expect(shelf.lasting).toBe(true);
	expect((await shelf.read()).size).toBe(0);
});
