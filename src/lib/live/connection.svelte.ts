import type { Awareness } from 'y-protocols/awareness';
import type { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { keepingDeletedText } from '../document/deleted-text.ts';
import { dialogueOf } from '../document/roots.ts';
import { CLOSE } from '../wire/close-codes.ts';
import { documentSocket } from './document-socket.ts';
import { joined, Keeper, updateOf, type Found } from './keeper.ts';
import { Late } from './late.svelte.ts';
import { hearPage } from './page-events.ts';
import { after, savedOf, statusOf, UNCONNECTED, unsent } from './saved-state.ts';
import type { Saved, SavedEvent, SavedState, Status } from './saved-state.ts';
import type { LateRow, Shelf } from './shelf.ts';
import { NotSaved, Waiting } from './waiting.ts';

/** Fresh starts after a refusal, with nothing saved in between; more would be a loop. */
const MAX_FRESH_STARTS = 3;
/** How long a page that was left goes on for what it has sent and is not acked. */
const LINGER_MS = 10_000;
/** How soon after a change what was refused is compared with it again. */
const LOOK_MS = 500;

/** The origin of what the document gets from the shelf. */
const KEPT = Symbol('kept');

interface Options {
	/** Whose page this is, as the document's key. */
	user: string;
	/** Where the dialogue is kept on this device. */
	shelf: Promise<Shelf>;
	/** Whether it is kept before anything is typed here. */
	keepsAll: boolean;
	/** `ws://host` or `wss://host`; by default that of the page. */
	wsOrigin?: string;
}

/** Whether what is typed here outlives the page. `failing`: not what is typed now. */
export type Keeping = 'opening' | 'on' | 'failing' | 'off';

/** A dialogue's own document by its id, or what one person rates in a blind one. */
export type DocumentName = number | `${number}.${string}`;

/**
 * One live document: the only module that knows the socket and what is kept on this device. Components
 * ask it, never the provider. `doc` and `awareness` are replaced when the server refuses what was typed: read them
 * where they are used.
 */
export class Connection {
	readonly #url: string;
	readonly #name: DocumentName;
	readonly #user: string;
	readonly #leave: () => void;
	/** Resolves once what was refused is off it. */
	#shelf: Promise<Shelf>;
	#lasting = false;
	#keepsAll: boolean;
	#provider!: WebsocketProvider;
	#keeper!: Keeper;
	#at: SavedState = UNCONNECTED;
	/** Found while the socket was open and not synced: later only what is new to the server has to be sent. */
	#found: Found | null = null;
	/** Counts what is being brought back, before the frame that carries it. */
	#bringing: (() => void) | null = null;
	/** Since something typed here was last saved. */
	#freshStarts = 0;
	readonly #waiting = new Waiting();
	#look: ReturnType<typeof setTimeout> | null = null;
	/** What was refused, until it is applied or dropped. */
	readonly late: Late;

	// Written after each event, and never read by what writes them: an effect that edits must not come to depend on them.
	#doc: Y.Doc = $state.raw() as Y.Doc;
	#awareness: Awareness = $state.raw() as Awareness;
	#status: Status = $state.raw({ kind: 'connecting' });
	#saved: Saved = $state.raw('saved');
	#synced = $state.raw(false);
	#broughtBack = $state.raw(false);
	#refusedDoc: Y.Doc | null = $state.raw(null);
	#keeping: Keeping = $state.raw('opening');
	#kept = $state.raw(0);
	#unsent: LateRow | null = $state.raw(null);

	constructor(name: DocumentName, { user, shelf, keepsAll, wsOrigin }: Options) {
		this.#name = name;
		this.#user = user;
		this.#shelf = shelf;
		this.#keepsAll = keepsAll;
		this.#url = `${wsOrigin ?? location.origin.replace(/^http/, 'ws')}/sync`;
		this.late = new Late(shelf, user, () => {
			const { kind } = this.#at;
			if (!this.#synced || kind === 'closed') return null;
			return { doc: this.#doc, saved: kind === 'live' && unsent(this.#at) === 0 };
		});
		void shelf.then(({ lasting }) => {
			this.#lasting = lasting;
			this.#keeping = lasting ? 'on' : 'off';
		});
		this.#connect();
		void this.late.read();
		this.#leave = hearPage({
			asksToStay: () => unsent(this.#at) > 0 || this.late.perishable,
			hidden: () => this.#keeper.flush(),
			seen: () => void this.late.read(), // another tab may have dealt with it
			// The browser may never tell a socket on a dead network: try a new one now, which also serves localhost.
			networkLost: () => this.#at.kind !== 'closed' && this.#reconnect(),
			networkFound: () => this.#at.kind !== 'closed' && this.#provider.connect(),
		});
	}

	get doc(): Y.Doc {
		return this.#doc;
	}
	get awareness(): Awareness {
		return this.#awareness;
	}
	get status(): Status {
		return this.#status;
	}
	get saved(): Saved {
		return this.#saved;
	}
	/** Whether `doc` has had the server's state once. */
	get synced(): boolean {
		return this.#synced;
	}
	/** Whether `doc` is the dialogue: as the server has it, or, where it cannot be reached, as it was kept here. */
	get present(): boolean {
		return this.#synced || (this.#broughtBack && this.#status.kind !== 'connecting');
	}
	get keeping(): Keeping {
		return this.#keeping;
	}
	/** Edits that are not known to be saved and outlive this page. */
	get kept(): number {
		return this.#kept;
	}
	/** The document that the server refused, as it was here, until what was refused of it is in `late`. */
	get refusedDoc(): Y.Doc | null {
		return this.#refusedDoc;
	}
	/** What is not saved when somebody is signed out; it is sent when they come back. */
	get unsent(): LateRow | null {
		return this.#unsent;
	}

	/** From now on the dialogue is kept here though nothing is typed. */
	keepAll(): void {
		this.#keepsAll = true;
		this.#keeper.keepAll();
	}

	/** Resolves when everything typed so far is on the server's disk. @throws NotSaved when it never will be. */
	whenSaved(): Promise<void> {
		const saved = this.#waiting.for(this.#at.edits);
		this.#settle();
		return saved;
	}

	/** What is on its way to the server is waited for: nobody else would say that it has arrived. */
	async destroy(): Promise<void> {
		this.#leave();
		this.#waiting.fail(new NotSaved(0, 'The page was left'));
		this.#awareness.setLocalState(null);
		if (this.#at.kind === 'live' && unsent(this.#at) > 0) {
			const late = new Promise((resolve) => setTimeout(resolve, LINGER_MS));
			await Promise.race([this.whenSaved().catch(() => undefined), late]);
		}
		this.#disconnect();
		this.#keeper.end();
	}

	#connect(): void {
		const doc = new Y.Doc({ gcFilter: keepingDeletedText() });
		const present = (): boolean => this.#doc === doc;
		const on = (event: SavedEvent): void => {
			if (present()) this.#on(event);
		};
		const keeper = new Keeper(doc, this.#shelf, this.#keepsAll, () => {
			if (present()) this.#showKept();
		});
		// Before the provider's own listener: an edit is counted before the frame that carries it.
		doc.on('update', (update: Uint8Array, origin: unknown) => {
			this.#lookSoon();
			if (origin === KEPT) return this.#bringing?.();
			if (origin === provider) return keeper.heard(update);
			on({ kind: 'edited' });
			keeper.edited(update, this.#at.edits);
		});
		const shown = { room: String(this.#name), user: this.#user, doc };
		const provider = documentSocket(this.#url, shown, {
			on,
			synced: () => present() && this.#hasSynced(),
			lost: () => present() && this.#hasLost(),
			closed: (code, reason) => present() && this.#hasClosed(code, reason),
		});
		this.#provider = provider;
		this.#keeper = keeper;
		this.#doc = doc;
		this.#awareness = provider.awareness;
		this.#synced = false;
		this.#broughtBack = false;
		this.#found = null;
		void this.#find();
		provider.connect();
	}

	#disconnect(): void {
		const { awareness } = this.#provider;
		this.#provider.destroy();
		awareness.destroy();
	}

	#reconnect(): void {
		this.#provider.disconnect();
		this.#provider.connect();
	}

	#on(event: SavedEvent): void {
		const before = this.#at;
		this.#at = after(before, event);
		if (this.#at.durable > before.durable) {
			this.#freshStarts = 0;
			this.#keeper.durable(this.#at.durable);
		}
		if (this.#at.kind !== before.kind) this.#keeper.strict = this.#at.kind !== 'live';
		this.#show(before);
		this.#settle();
	}

	#show(before: SavedState): void {
		const status = statusOf(this.#at);
		if (JSON.stringify(status) !== JSON.stringify(statusOf(before))) this.#status = status;
		this.#saved = savedOf(this.#at);
	}

	#showKept(): void {
		this.#kept = this.#keeper.kept;
		if (this.#lasting) this.#keeping = this.#keeper.failing ? 'failing' : 'on';
	}

	#settle(): void {
		this.#waiting.saved(this.#at.durable);
		if (this.#at.kind === 'closed') this.#waiting.fail(new NotSaved(this.#at.code, this.#at.reason));
	}

	#hasSynced(): void {
		this.#on({ kind: 'synced' });
		this.#synced = true;
		this.#bringBack();
		this.late.look();
		void this.#find();
		const refused = this.#refusedDoc;
		void this.#shelf.then(() => {
			if (this.#refusedDoc === refused) this.#refusedDoc = null;
		});
	}

	#hasLost(): void {
		this.#on({ kind: 'lost' });
		this.#bringBack();
	}

	#hasClosed(code: number, reason: string): void {
		// 4403 and 4409 speak of this document under this client id: another one may be welcome.
		const fresh = code === CLOSE.refused || code === CLOSE.clientNotYours;
		if (fresh && this.#freshStarts < MAX_FRESH_STARTS) {
			this.#freshStarts += 1;
			return this.#startAfresh(code, reason);
		}
		this.#on({ kind: 'closed', code, reason });
		if (code !== CLOSE.signedOut) this.#handBack(reason);
		else void this.#keeper.unsent(this.#user).then((unsent) => (this.#unsent = unsent));
	}

	/** @param aside what has to be done on the shelf before. */
	#startAfresh(code: number, reason: string, aside?: Promise<void>): void {
		if (unsent(this.#at) > 0) this.#refusedDoc = this.#doc;
		this.#handBack(reason, aside);
		this.#waiting.fail(new NotSaved(code, reason));
		this.#disconnect();
		const before = this.#at;
		this.#at = UNCONNECTED;
		this.#show(before);
		this.#connect();
	}

	/** What is unsent becomes late; the next document finds nothing of it. */
	#handBack(reason: string, aside?: Promise<void>): void {
		const [keeper, shelf] = [this.#keeper, this.#shelf];
		const done = async (): Promise<Shelf> => {
			await aside?.catch(() => undefined);
			const unkept = await keeper.refuse(reason, this.#user);
			if (unkept) this.late.hold(unkept);
			await this.late.read();
			return shelf;
		};
		this.#shelf = done();
	}

	/** Looks for what earlier pages left here, and other tabs have added. */
	async #find(): Promise<void> {
		const keeper = this.#keeper;
		const found = await keeper.find().catch(() => null);
		if (found === null || keeper !== this.#keeper) return;
		this.#found = this.#found === null ? found : joined(this.#found, found);
		if (!this.#provider.wsconnected || this.#synced) this.#bringBack();
	}

	/**
	 * What was found gets into the document. Where our step 2 is still to come, that brings it to the server; else the
	 * update does that this makes. What makes none the server has sent before.
	 */
	#bringBack(): void {
		const found = this.#found;
		if (found === null) return;
		this.#found = null;
		const edits = found.own.reduce((sum, { row }) => sum + row.edits, 0);
		let upTo: number | null = null;
		const count = (): void => {
			if (upTo !== null || edits === 0) return;
			this.#on({ kind: 'edited', edits });
			upTo = this.#at.edits;
		};
		if (!this.#synced) count();
		const doc = this.#doc;
		// As one update, which goes out in one frame.
		const apply = (updates: Uint8Array[]): void => {
			if (updates.length > 0) Y.applyUpdate(doc, Y.mergeUpdates(updates), KEPT);
		};
		try {
			apply(found.known.map(updateOf));
			this.#bringing = count;
			apply(found.own.map(updateOf));
		} catch {
			return this.#startAfresh(0, 'unreadable', this.#keeper.setAside(found));
		} finally {
			this.#bringing = null;
		}
		const waits = doc.store.pendingStructs !== null || doc.store.pendingDs !== null;
		if (waits) count();
		this.#keeper.brought(found, upTo);
		this.#broughtBack = dialogueOf(doc).has('schema');
		// What waits for something goes with no update, only with the step 2 of a new socket.
		if (waits && this.#synced) this.#reconnect();
	}

	#lookSoon(): void {
		if (this.late.empty || this.#look !== null) return;
		this.#look = setTimeout(() => {
			this.#look = null;
			this.late.look();
		}, LOOK_MS);
	}
}
