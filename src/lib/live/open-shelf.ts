import { DeviceShelf } from './device-shelf.ts';
import type { Place } from './device-database.ts';
import { sweep } from './device-care.ts';
import { MemoryShelf } from './memory-shelf.ts';
import type { Shelf } from './shelf.ts';

/** Housekeeping can wait until the page has begun. */
const SWEEP_MS = 5000;

/** Where the dialogue is kept: on this device, or, where that cannot be, as long as the page is open. Never rejects. */
export async function openShelf(place: Place): Promise<Shelf> {
	const shelf = new DeviceShelf(place);
	try {
		await shelf.visit();
	} catch {
		return new MemoryShelf();
	}
	setTimeout(() => void sweep(Date.now()).catch(() => undefined), SWEEP_MS); // nobody waits for it
	return shelf;
}
