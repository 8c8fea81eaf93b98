import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { Keeper } from '#lib/live/keeper.ts';
import { MemoryShelf } from '#lib/live/memory-shelf.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A device that takes its time to write. */
class SlowShelf extends MemoryShelf {
	override async replace(...rows: Parameters<MemoryShelf['replace']>): Promise<number[]> {
		await new Promise((done) => setTimeout(done, 400));
		return super.replace(...rows);
	}
}

/** Somebody who types into a document that this device keeps. */
function typist(shelf = new MemoryShelf(true)) {
	const doc = new Y.Doc();
	const keeper = new Keeper(doc, Promise.resolve(shelf), false, () => undefined);
	let edits = 0;
	doc.on('update', (update: Uint8Array) => keeper.edited(update, (edits += 1)));
	return {
		keeper,
		type: () => doc.getText('text').insert(0, 'a'),
		/** How many edits the rows on the shelf hold that the server may not have, row by row. */
		kept: async () => [...(await shelf.read()).values()].map((row) => row.edits).filter((held) => held > 0),
	};
}

test('[OFFLINE-8] an edit whose ack comes soon gets no row, one that waits for it gets one', async () => {
	const { keeper, type, kept } = typist();
	await keeper.find();
	keeper.strict = false;
	for (let key = 1; key <= 20; key++) {
		type();
		await vi.advanceTimersByTimeAsync(20);
		keeper.durable(key);
		await vi.advanceTimersByTimeAsync(100);
		expect(await kept()).toEqual([]);
	}
	type();
	type();
	await vi.advanceTimersByTimeAsync(100);
	expect(await kept()).toEqual([2]);
	expect(keeper.kept).toBe(2);
});

test('[OFFLINE-1] where this device has the only copy, an edit is stored at once, and so is what waited', async () => {
	const { keeper, type, kept } = typist();
	await keeper.find();
	keeper.strict = false;
	type();
	expect(await kept()).toEqual([]);
	keeper.strict = true;
	await vi.advanceTimersByTimeAsync(0);
	expect(await kept()).toEqual([1]);
	type();
	await vi.advanceTimersByTimeAsync(0);
	expect(await kept()).toEqual([1, 1]);
});

test('[OFFLINE-2] what the server has is no unsent row for long, also when its ack comes while another row is written', async () => {
	const { keeper, type, kept } = typist(new SlowShelf(true));
	await keeper.find();
	keeper.strict = false;
	type();
	await vi.advanceTimersByTimeAsync(500);
	expect(await kept()).toEqual([1]);
	type();
	await vi.advanceTimersByTimeAsync(60);
	keeper.durable(1);
	await vi.advanceTimersByTimeAsync(400);
	expect(await kept()).toEqual([1, 1]);
	await vi.advanceTimersByTimeAsync(5000);
	expect(await kept()).toEqual([1]);
	expect(keeper.kept).toBe(1);
});
