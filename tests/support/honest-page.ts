/**
 * A page that only does what it may, over channels whose messages the test delivers: it goes offline, edits on,
 * is reloaded with what it had kept, undoes and redoes.
 */
import * as Y from 'yjs';
import type { Random } from './random.ts';

export type Message = { kind: 'step1' | 'step2' | 'update'; body: Uint8Array };

const fromServer = 'server';
const kept = 'kept';
const byHand = 'by hand';

export class HonestPage {
	readonly user: string;
	readonly #random: Random;
	readonly #bind: (client: number) => boolean;
	doc = new Y.Doc();
	undo = new Y.UndoManager(this.doc);
	/** To the server, and from it. */
	readonly up: Message[] = [];
	readonly down: Message[] = [];
	online = false;
	/** Whether the server sends it what others write: from the answer to its step 1 on. */
	hears = false;
	/** Whether the server has had its answer to the server's step 1. */
	synced = false;

	constructor(user: string, random: Random, bind: (client: number) => boolean) {
		this.user = user;
		this.#random = random;
		this.#bind = bind;
		this.#open(null);
	}

	connect(): void {
		this.disconnect();
		this.online = true;
		this.up.push({ kind: 'step1', body: Y.encodeStateVector(this.doc) });
	}

	disconnect(): void {
		this.online = this.hears = this.synced = false;
		this.up.length = this.down.length = 0;
	}

	/** A new tab, with what this one had kept. */
	reload(): void {
		const saved = Y.encodeStateAsUpdate(this.doc);
		this.disconnect();
		this.#open(saved);
	}

	/** After a refusal: the document holds the refused change for good, so another is begun from the server's. */
	startOver(): void {
		this.disconnect();
		this.#open(null);
	}

	receive({ kind, body }: Message): void {
		if (kind === 'step1') this.up.push({ kind: 'step2', body: Y.encodeStateAsUpdate(this.doc, body) });
		else Y.applyUpdate(this.doc, body, fromServer);
	}

	edit(change: (doc: Y.Doc) => void): void {
		this.doc.transact(() => {
			change(this.doc);
		}, byHand);
		if (this.#random.chance(0.7)) this.undo.stopCapturing();
	}

	#open(saved: Uint8Array | null): void {
		this.undo.destroy();
		this.doc.destroy();
		this.doc = new Y.Doc();
		do this.doc.clientID = this.#random.int(2 ** 32);
		while (!this.#bind(this.doc.clientID));
		if (saved !== null) Y.applyUpdate(this.doc, saved, kept);
		// steps are cut by stopCapturing alone: a clock would make a seed's run different every time
		this.undo = new Y.UndoManager(this.doc, { trackedOrigins: new Set([byHand]), captureTimeout: 1e12 });
		this.doc.on('update', (body: Uint8Array, origin: unknown) => {
			if (origin !== fromServer && origin !== kept && this.online) this.up.push({ kind: 'update', body });
		});
	}
}
