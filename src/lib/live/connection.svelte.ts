import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import { CLOSE } from '../wire/close-codes.ts';
import { DocumentCopy } from './document-copy.ts';
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
	#at: SavedState = UNCONNECTED;
	/** Since something typed here was last saved. */
	#freshStarts = 0;
	readonly #waiting = new Waiting();
	#look: ReturnType<typeof setTimeout> | null = null;
	/** What was refused, until it is applied or dropped. */
	readonly late: Late;

	/** Replaced when the server refuses what was typed. */
	#copy: DocumentCopy = $state.raw() as DocumentCopy;
	// Written after each event, and never read by what writes them: an effect that edits must not come to depend on them.
	#status: Status = $state.raw({ kind: 'connecting' });
	#saved: Saved = $state.raw('saved');
	#reading = $state.raw(true);
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
			return { doc: this.#copy.doc, saved: kind === 'live' && unsent(this.#at) === 0 };
		});
		void shelf.then(({ lasting }) => {
			this.#lasting = lasting;
			this.#keeping = lasting ? 'on' : 'off';
		});
		this.#connect();
		void this.late.read();
		this.#leave = hearPage({
			asksToStay: () => unsent(this.#at) > 0 || this.late.perishable,
			hidden: () => this.#copy.keeper.flush(),
			seen: () => void this.late.read(), // another tab may have dealt with it
			// The browser may never tell a socket on a dead network: try a new one now, which also serves localhost.
			networkLost: () => this.#at.kind !== 'closed' && this.#copy.reconnect(),
			networkFound: () => this.#at.kind !== 'closed' && this.#copy.provider.connect(),
		});
	}

	get doc(): Y.Doc {
		return this.#copy.doc;
	}
	get awareness(): Awareness {
		return this.#copy.provider.awareness;
	}
	get status(): Status {
		return this.#status;
	}
	get saved(): Saved {
		return this.#saved === 'saved' && this.#reading && this.#status.kind !== 'closed'
			? 'reading'
			: this.#saved;
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
		this.#copy.keeper.keepAll();
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
		this.#copy.provider.awareness.setLocalState(null);
		if (this.#at.kind === 'live' && unsent(this.#at) > 0) {
			const late = new Promise((resolve) => setTimeout(resolve, LINGER_MS));
			await Promise.race([this.whenSaved().catch(() => undefined), late]);
		}
		this.#copy.disconnect();
		this.#copy.keeper.end();
	}

	#connect(): void {
		const present = (): boolean => this.#copy === copy;
		const of = { url: this.#url, room: String(this.#name), user: this.#user };
		const copy: DocumentCopy = new DocumentCopy(
			{ ...of, shelf: this.#shelf, keepsAll: this.#keepsAll },
			{
				present,
				on: (event) => present() && this.#on(event),
				edits: () => this.#at.edits,
				changed: () => this.#lookSoon(),
				kept: () => present() && this.#showKept(),
				broughtBack: (whole) => (this.#broughtBack = whole),
				unreadable: (found) => this.#startAfresh(0, 'unreadable', copy.keeper.setAside(found)),
				synced: () => present() && this.#hasSynced(),
				lost: () => present() && this.#hasLost(),
				closed: (code, reason) => present() && this.#hasClosed(code, reason),
			},
		);
		this.#copy = copy;
		this.#synced = false;
		this.#broughtBack = false;
		this.#reading = true;
		copy.connect();
	}

	#on(event: SavedEvent): void {
		const before = this.#at;
		this.#at = after(before, event);
		if (this.#at.durable > before.durable) {
			this.#freshStarts = 0;
			this.#copy.keeper.durable(this.#at.durable);
		}
		if (this.#at.kind !== before.kind) this.#copy.keeper.strict = this.#at.kind !== 'live';
		this.#show(before);
		this.#settle();
	}

	#show(before: SavedState): void {
		const status = statusOf(this.#at);
		if (JSON.stringify(status) !== JSON.stringify(statusOf(before))) this.#status = status;
		this.#saved = savedOf(this.#at);
	}

	#showKept(): void {
		this.#reading = this.#copy.reading;
		this.#kept = this.#copy.keeper.kept;
		if (this.#lasting) this.#keeping = this.#copy.keeper.failing ? 'failing' : 'on';
	}

	#settle(): void {
		this.#waiting.saved(this.#at.durable);
		if (this.#at.kind === 'closed') this.#waiting.fail(new NotSaved(this.#at.code, this.#at.reason));
	}

	#hasSynced(): void {
		this.#on({ kind: 'synced' });
		this.#synced = true;
		this.#copy.hasSynced();
		this.late.look();
		void this.#copy.find();
		const refused = this.#refusedDoc;
		void this.#shelf.then(() => {
			if (this.#refusedDoc === refused) this.#refusedDoc = null;
		});
	}

	#hasLost(): void {
		this.#on({ kind: 'lost' });
		this.#copy.bringBack();
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
		else void this.#copy.keeper.unsent(this.#user).then((unsent) => (this.#unsent = unsent));
	}

	/** @param aside what has to be done on the shelf before. */
	#startAfresh(code: number, reason: string, aside?: Promise<void>): void {
		if (unsent(this.#at) > 0) this.#refusedDoc = this.#copy.doc;
		this.#handBack(reason, aside);
		this.#waiting.fail(new NotSaved(code, reason));
		this.#copy.disconnect();
		const before = this.#at;
		this.#at = UNCONNECTED;
		this.#show(before);
		this.#connect();
	}

	/** What is unsent becomes late; the next document finds nothing of it. */
	#handBack(reason: string, aside?: Promise<void>): void {
		const [keeper, shelf] = [this.#copy.keeper, this.#shelf];
		const done = async (): Promise<Shelf> => {
			await aside?.catch(() => undefined);
			const unkept = await keeper.refuse(reason, this.#user);
			if (unkept) this.late.hold(unkept);
			await this.late.read();
			return shelf;
		};
		this.#shelf = done();
	}

	#lookSoon(): void {
		if (this.late.empty || this.#look !== null) return;
		this.#look = setTimeout(() => {
			this.#look = null;
			this.late.look();
		}, LOOK_MS);
	}
}
