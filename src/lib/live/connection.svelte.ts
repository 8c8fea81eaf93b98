import { readVarUint } from 'lib0/decoding';
import type { Awareness } from 'y-protocols/awareness';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { CLOSE } from '../wire/close-codes.ts';
import { DURABLE } from '../wire/message-kinds.ts';
import { countingSocket } from './counting-socket.ts';
import { lateTexts, type LateText } from './late-text.ts';
import { after, savedOf, statusOf, UNCONNECTED, unsent } from './saved-state.ts';
import type { Saved, SavedEvent, SavedState, Status } from './saved-state.ts';

/** Fresh starts after a refusal, with nothing saved in between; more would be a loop. */
const MAX_FRESH_STARTS = 3;

/** Something typed can no longer be saved by this page. */
export class NotSaved extends Error {
	readonly code: number;
	constructor(code: number, reason: string) {
		super(reason);
		this.name = 'NotSaved';
		this.code = code;
	}
}

/** A dialogue's own document by its id, or what one person rates in a blind one. */
export type DocumentName = number | `${number}.${string}`;

/**
 * One live document: the only module that knows the socket. Components ask it, never the provider.
 * `doc` and `awareness` are replaced when the server refuses what was typed: read them where they are used.
 */
export class Connection {
	readonly #url: string;
	readonly #name: DocumentName;
	#provider: WebsocketProvider;
	#at: SavedState = UNCONNECTED;
	#comparedDoc: Y.Doc | null = null;
	/** Since something typed here was last saved. */
	#freshStarts = 0;
	#waiting: { edits: number; resolve: () => void; reject: (why: NotSaved) => void }[] = [];

	// Written after each event, and never read by what writes them: an effect that edits must not come to depend on them.
	#doc: Y.Doc = $state.raw() as Y.Doc;
	#awareness: Awareness = $state.raw() as Awareness;
	#status: Status = $state.raw({ kind: 'connecting' });
	#saved: Saved = $state.raw('saved');
	#synced = $state.raw(false);
	#refused: { doc: Y.Doc; reason: string } | null = $state.raw(null);
	#lost: { reason: string; texts: LateText[] } | null = $state.raw(null);

	/**
	 * @param wsOrigin `ws://host` or `wss://host`; by default that of the page
	 */
	constructor(name: DocumentName, wsOrigin = location.origin.replace(/^http/, 'ws')) {
		this.#name = name;
		this.#url = `${wsOrigin}/sync`;
		this.#provider = this.#connect();
		addEventListener('beforeunload', this.#warn);
		addEventListener('offline', this.#networkLost);
		addEventListener('online', this.#networkFound);
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
	/** The document that the server refused, as it was here; null if nothing was refused. */
	get refusedDoc(): Y.Doc | null {
		return this.#refused?.doc ?? null;
	}
	/** What was typed and refused, to be copied; known once the fresh document has synced. */
	get lost(): { reason: string; texts: LateText[] } | null {
		return this.#lost;
	}

	forgetLost(): void {
		this.#lost = null;
		this.#refused = null;
	}

	/** Resolves when everything typed so far is on the server's disk. @throws NotSaved when it never will be. */
	whenSaved(): Promise<void> {
		return new Promise((resolve, reject) => {
			this.#waiting.push({ edits: this.#at.edits, resolve, reject });
			this.#settle();
		});
	}

	destroy(): void {
		removeEventListener('beforeunload', this.#warn);
		removeEventListener('offline', this.#networkLost);
		removeEventListener('online', this.#networkFound);
		this.#disconnect();
		this.#rejectWaiting(new NotSaved(0, 'The page was left'));
	}

	#connect(): WebsocketProvider {
		const doc = new Y.Doc();
		const present = (): boolean => this.#provider === provider;
		const on = (event: SavedEvent): void => {
			if (present()) this.#on(event);
		};
		// Before the provider's own listener: an edit is counted before the frame that carries it.
		doc.on('update', (_update: Uint8Array, origin: unknown) => {
			if (origin !== provider) on({ kind: 'edited' });
		});
		const provider: WebsocketProvider = new WebsocketProvider(this.#url, String(this.#name), doc, {
			connect: false,
			disableBc: true, // it would bypass the gate
			params: { client: String(doc.clientID), durable: '1' },
			WebSocketPolyfill: countingSocket({
				opened: () => on({ kind: 'opened' }),
				sent: (carries) => on({ kind: 'sent', carries }),
			}),
		});
		provider.messageHandlers[DURABLE] = (_encoder, decoder) =>
			on({ kind: 'durable', frames: readVarUint(decoder) });
		provider.on('sync', (synced) => {
			if (synced && present()) this.#hasSynced();
		});
		provider.on('connection-close', () => on({ kind: 'lost' }));
		provider.on('closed', ({ code, reason }) => {
			if (present()) this.#hasClosed(code, reason);
		});
		this.#provider = provider;
		this.#doc = doc;
		this.#awareness = provider.awareness;
		this.#synced = false;
		provider.connect();
		return provider;
	}

	#disconnect(): void {
		const { awareness } = this.#provider;
		this.#provider.destroy();
		awareness.destroy();
	}

	#on(event: SavedEvent): void {
		const before = this.#at;
		this.#at = after(before, event);
		if (this.#at.durable > before.durable) this.#freshStarts = 0;
		this.#show(before);
		this.#settle();
	}

	#show(before: SavedState): void {
		const status = statusOf(this.#at);
		if (JSON.stringify(status) !== JSON.stringify(statusOf(before))) this.#status = status;
		this.#saved = savedOf(this.#at);
	}

	#hasSynced(): void {
		this.#on({ kind: 'synced' });
		this.#synced = true;
		this.#compareRefused();
	}

	#hasClosed(code: number, reason: string): void {
		// 4403 and 4409 speak of this document under this client id: another one may be welcome.
		const fresh = code === CLOSE.refused || code === CLOSE.clientNotYours;
		if (fresh && this.#freshStarts < MAX_FRESH_STARTS) return this.#startAfresh(code, reason);
		this.#on({ kind: 'closed', code, reason });
		this.#compareRefused();
	}

	#startAfresh(code: number, reason: string): void {
		this.#freshStarts += 1;
		if (unsent(this.#at) > 0) {
			this.#compareRefused(); // of an earlier refusal
			this.#refused = { doc: this.#doc, reason };
		}
		this.#rejectWaiting(new NotSaved(code, reason));
		this.#disconnect();
		const before = this.#at;
		this.#at = UNCONNECTED;
		this.#show(before);
		this.#connect();
	}

	#compareRefused(): void {
		if (this.#refused === null || this.#refused.doc === this.#comparedDoc) return;
		const { doc, reason } = this.#refused;
		this.#comparedDoc = doc;
		const texts = lateTexts(doc, this.#doc);
		if (texts.length > 0) this.#lost = { reason, texts: [...(this.#lost?.texts ?? []), ...texts] };
	}

	#settle(): void {
		const { durable } = this.#at;
		for (const { edits, resolve } of this.#waiting) if (edits <= durable) resolve();
		this.#waiting = this.#waiting.filter(({ edits }) => edits > durable);
		if (this.#at.kind === 'closed') this.#rejectWaiting(new NotSaved(this.#at.code, this.#at.reason));
	}

	#rejectWaiting(why: NotSaved): void {
		for (const { reject } of this.#waiting.splice(0)) reject(why);
	}

	readonly #warn = (event: BeforeUnloadEvent): void => {
		if (unsent(this.#at) > 0 || this.#lost !== null) event.preventDefault();
	};

	/** The browser may never tell a socket on a dead network: try a new one now, which also serves localhost. */
	readonly #networkLost = (): void => {
		if (this.#at.kind === 'closed') return;
		this.#provider.disconnect();
		this.#provider.connect();
	};

	readonly #networkFound = (): void => {
		if (this.#at.kind !== 'closed') this.#provider.connect();
	};
}
