import * as Y from 'yjs';
import { readMessage } from '#lib/wire/messages.ts';
import type { Listener } from './wire.ts';

/**
 * What one client may count on, read off its sockets: its updates that were called saved, and everything it was
 * sent. Whatever happens to the server, the log must hold both.
 */
export class Ledger implements Listener {
	#frames = 0;
	/** Sent on the open socket and not called saved. */
	#open: { frame: number; update: Uint8Array }[] = [];
	#promised: Uint8Array[] = [];
	#told: Uint8Array[] = [];
	/** Of the whole life of the client. */
	readonly counts = { promised: 0, told: 0 };

	opening(): void {
		this.#frames = 0;
		this.#open = [];
	}

	sending(bytes: Uint8Array): void {
		this.#frames++;
		const message = readMessage(bytes);
		if ('update' in message) this.#open.push({ frame: this.#frames, update: message.update });
	}

	hearing(bytes: Uint8Array): void {
		const message = readMessage(bytes);
		if ('update' in message) {
			this.#told.push(message.update);
			this.counts.told++;
		}
		if (message.kind !== 'durable') return;
		for (const { update } of this.#open.splice(0, this.#coveredBy(message.frames))) {
			this.#promised.push(update);
			this.counts.promised++;
		}
	}

	#coveredBy(frames: number): number {
		const first = this.#open.findIndex(({ frame }) => frame > frames);
		return first < 0 ? this.#open.length : first;
	}

	/** Everything that was sent on the open socket is called saved. */
	get settled(): boolean {
		return this.#open.length === 0;
	}

	/** What it was sent, in its whole life, as one update. */
	everythingTold(): Uint8Array {
		return Y.mergeUpdates(this.#told);
	}

	/** What `doc` lacks of it, in words. What it once had it must have for ever. */
	lackingIn(doc: Y.Doc): string[] {
		const snapshot = Y.snapshot(doc);
		const lacks = (update: Uint8Array) => !Y.snapshotContainsUpdate(snapshot, update);
		const check = (updates: Uint8Array[], what: string): string[] => {
			if (updates.length === 0) return [];
			const whole = Y.mergeUpdates(updates);
			if (lacks(whole)) return [`${updates.filter(lacks).length} of ${updates.length} updates ${what}`];
			updates.splice(0, updates.length, whole);
			return [];
		};
		return [
			...check(this.#promised, 'that were called saved are not on disk'),
			...check(this.#told, 'that were sent to a peer are not on disk'),
		];
	}
}
