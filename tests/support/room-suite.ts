import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import type { HubOptions } from '../../server/rooms/hub.ts';
import { ENGINES, type FreshDatabase } from './databases.ts';
import { Rooms } from './rooms.ts';

/** Describes rooms on every engine; `open` gives a hub of its own on the suite's database, closed after the test. */
export function describeRooms(
	title: string,
	body: (open: (options?: Partial<HubOptions>) => Promise<Rooms>) => void,
): void {
	describe.each(ENGINES)(`${title} on $engine`, (engine) => {
		let fresh: FreshDatabase;
		const opened: Rooms[] = [];
		beforeAll(async () => {
			fresh = await engine.open();
		});
		afterEach(async () => {
			for (const rooms of opened.splice(0)) await rooms.close();
		});
		afterAll(() => fresh.close());
		body(async (options) => {
			const rooms = await Rooms.open(fresh.db, options);
			opened.push(rooms);
			return rooms;
		});
	});
}
