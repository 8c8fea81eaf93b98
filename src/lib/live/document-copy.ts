import type { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { keepingDeletedText } from '../document/deleted-text.ts';
import { dialogueOf } from '../document/roots.ts';
import { documentSocket, type SocketWatch } from './document-socket.ts';
import { joined, Keeper, updateOf, type Found } from './keeper.ts';
import type { Shelf } from './shelf.ts';

/** The origin of what the document gets from the shelf. */
const KEPT = Symbol('kept');

/** What it is a copy of, whose it is, and where it is kept. */
interface CopyOf {
	url: string;
	room: string;
	user: string;
	shelf: Promise<Shelf>;
	/** Whether it is kept before anything is typed here. */
	keepsAll: boolean;
}

interface Watch extends SocketWatch {
	/** Whether this is the copy that is looked at. */
	present(): boolean;
	/** How many edits are counted so far. */
	edits(): number;
	changed(): void;
	/** More or less of it is kept, or nothing can be, or what was kept has been read. */
	kept(): void;
	/** What was kept is in the document. `whole`: which is something to look at now. */
	broughtBack(whole: boolean): void;
	/** What was kept cannot be read, or not all of it. */
	unreadable(found: Found): void;
}

/**
 * A document under one client id, on its socket and on the shelf. What the server refuses of it cannot be taken out
 * of it again: then another copy takes its place.
 */
export class DocumentCopy {
	readonly doc = new Y.Doc({ gcFilter: keepingDeletedText() });
	readonly keeper: Keeper;
	readonly provider: WebsocketProvider;
	readonly #watch: Watch;
	/** Whether our step 2 has gone. */
	#synced = false;
	/** Found while the socket was open and not synced: later only what is new to the server has to be sent. */
	#found: Found | null = null;
	/** Whether something may be kept of which the document and the counts know nothing yet. */
	reading = true;
	/** Counts what is being brought back, before the frame that carries it. */
	#bringing: (() => void) | null = null;

	constructor({ url, room, user, shelf, keepsAll }: CopyOf, watch: Watch) {
		this.#watch = watch;
		this.keeper = new Keeper(this.doc, shelf, keepsAll, () => watch.kept());
		// Before the provider's own listener: an edit is counted before the frame that carries it.
		this.doc.on('update', (update: Uint8Array, origin: unknown) => this.#updated(update, origin));
		this.provider = documentSocket(url, { room, user, doc: this.doc }, watch);
	}

	#updated(update: Uint8Array, origin: unknown): void {
		this.#watch.changed();
		if (origin === KEPT) return this.#bringing?.();
		if (origin === this.provider) return this.keeper.heard(update);
		this.#watch.on({ kind: 'edited' });
		this.keeper.edited(update, this.#watch.edits());
	}

	connect(): void {
		void this.find();
		this.provider.connect();
	}

	reconnect(): void {
		this.provider.disconnect();
		this.provider.connect();
	}

	disconnect(): void {
		const { awareness } = this.provider;
		this.provider.destroy();
		awareness.destroy();
	}

	/** It has what the server has. */
	hasSynced(): void {
		this.#synced = true;
		this.bringBack();
	}

	/** Looks for what earlier pages left here, and other tabs have added. */
	async find(): Promise<void> {
		const found = await this.keeper.find().catch(() => null);
		if (!this.#watch.present()) return;
		if (found === null) return this.#hasRead();
		this.#found = this.#found === null ? found : joined(this.#found, found);
		if (!this.provider.wsconnected || this.#synced) this.bringBack();
	}

	#hasRead(): void {
		this.reading = false;
		this.#watch.kept();
	}

	/**
	 * What was found gets into the document. Where our step 2 is still to come, that brings it to the server; else the
	 * update does that this makes. What makes none the server has sent before.
	 */
	bringBack(): void {
		const found = this.#found;
		if (found === null) return;
		this.#found = null;
		const edits = found.own.reduce((sum, { row }) => sum + row.edits, 0);
		let upTo: number | null = null;
		const count = (): void => {
			if (upTo !== null || edits === 0) return;
			this.#watch.on({ kind: 'edited', edits });
			upTo = this.#watch.edits();
		};
		if (!this.#synced) count();
		const { doc } = this;
		// As one update, which goes out in one frame.
		const apply = (updates: Uint8Array[]): void => {
			if (updates.length > 0) Y.applyUpdate(doc, Y.mergeUpdates(updates), KEPT);
		};
		try {
			apply(found.known.map(updateOf));
			this.#bringing = count;
			apply(found.own.map(updateOf));
		} catch {
			return this.#watch.unreadable(found);
		} finally {
			this.#bringing = null;
		}
		const waits = doc.store.pendingStructs !== null || doc.store.pendingDs !== null;
		if (waits) count();
		this.keeper.brought(found, upTo);
		this.#hasRead();
		this.#watch.broughtBack(dialogueOf(doc).has('schema'));
		// What waits for something goes with no update, only with the step 2 of a new socket.
		if (waits && this.#synced) this.reconnect();
	}
}
