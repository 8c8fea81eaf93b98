import { DeviceShelf } from './device-shelf.ts';
import type { Place } from './device-database.ts';
import { sweep } from './device-care.ts';
import { MemoryShelf } from './memory-shelf.ts';
import type { Shelf } from './shelf.ts';

/** How long the browser may take to open its database: some never answer. */
const PATIENCE_MS = 5000;

/** Where the dialogue is kept: on this device, or, where that cannot be, as long as the page is open. Never rejects. */
export async function openShelf(place: Place): Promise<Shelf> {
	const shelf = new DeviceShelf(place);
	let timer: ReturnType<typeof setTimeout> | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error('The database does not open')), PATIENCE_MS);
	});
	try {
		await Promise.race([shelf.visit(), late]);
		// Housekeeping: it can wait, and nobody waits for it.
		setTimeout(() => void sweep(Date.now()).catch(() => undefined), PATIENCE_MS);
		return shelf;
	} catch {
		return new MemoryShelf();
	} finally {
		clearTimeout(timer);
	}
}
