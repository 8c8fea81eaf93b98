import { setMaxListeners } from 'node:events';
import { vi } from 'vitest';
import type * as Y from 'yjs';
import { turnText } from '#lib/document/read-dialogue.ts';
import { Connection } from '../../src/lib/live/connection.svelte.ts';
import { MemoryShelf } from '../../src/lib/live/memory-shelf.ts';
import type { Row, Shelf } from '../../src/lib/live/shelf.ts';
import type { Part } from '#lib/document/workflow.ts';
import { TURN, type Rooms } from './rooms.ts';

/** What a page of one browser sees of what that browser keeps: nothing of it once the page has crashed. */
class PageShelf implements Shelf {
	readonly lasting = true;
	readonly #kept: MemoryShelf;
	/** What it waits for before each answer. */
	hold: Promise<void> | null = null;
	/** Every write fails, as on a full device. */
	full = false;
	dead = false;

	constructor(kept: MemoryShelf) {
		this.#kept = kept;
	}

	async #on<T>(work: () => Promise<T>): Promise<T> {
		await this.hold;
		if (this.dead) return new Promise(() => undefined);
		return work();
	}
	async #write<T>(work: () => Promise<T>): Promise<T> {
		return this.#on(() => (this.full ? Promise.reject(new Error('full')) : work()));
	}

	read: Shelf['read'] = () => this.#on(() => this.#kept.read());
	late: Shelf['late'] = () => this.#on(() => this.#kept.late());
	replace: Shelf['replace'] = (gone, added) => this.#write(() => this.#kept.replace(gone, added));
	refuse: Shelf['refuse'] = (...given) => this.#write(() => this.#kept.refuse(...given));
	setAside: Shelf['setAside'] = (keys) => this.#write(() => this.#kept.setAside(keys));
	addLate: Shelf['addLate'] = (row) => this.#write(() => this.#kept.addLate(row));
	finish: Shelf['finish'] = (...given) => this.#write(() => this.#kept.finish(...given));
}

let lastPage = 0;

/** A page with one dialogue open. */
export class BrowserPage {
	readonly name = `page-${(lastPage += 1)}`;
	readonly shelf: PageShelf;
	readonly connection: Connection;
	readonly opened: Promise<void>;
	readonly #browser: Browser;

	constructor(
		browser: Browser,
		dialogue: number,
		{ user, part }: { user: number; part: Part },
		opened: Promise<void>,
	) {
		this.#browser = browser;
		this.opened = opened;
		this.shelf = new PageShelf(browser.kept);
		this.connection = new Connection(dialogue, {
			user: String(user),
			shelf: opened.then(() => this.shelf),
			keepsAll: part !== 'observer',
			wsOrigin: `ws://browser/${this.name}/${user}/${part}`,
		});
	}

	get text(): Y.Text {
		const text = turnText(this.connection.doc, TURN);
		if (!text) throw new Error('The turn has not come yet');
		return text;
	}
	get reads(): string {
		return turnText(this.connection.doc, TURN)?.toJSON() ?? '';
	}
	get settled(): boolean {
		const { status, saved, synced } = this.connection;
		return synced && status.kind === 'live' && saved === 'saved';
	}

	/** As when the browser is killed: nothing more is sent or stored. */
	crash(): void {
		this.shelf.dead = true;
		this.#browser.cut(this.name);
	}
}

/** One person's browser, or several people's: its pages share what it keeps, and its network. */
export class Browser {
	readonly kept = new MemoryShelf(true);
	/** What listens to the window of any page. */
	readonly window = new EventTarget();
	readonly #pages: BrowserPage[] = [];
	readonly #crashed = new Set<string>();
	readonly #sockets = new Map<WebSocket, string>();

	/** Replaces the globals of a page until `close`. */
	constructor(rooms: Rooms) {
		const { window } = this;
		setMaxListeners(0, window);
		vi.stubGlobal('addEventListener', window.addEventListener.bind(window));
		vi.stubGlobal('removeEventListener', window.removeEventListener.bind(window));
		const { WebSocket } = globalThis;
		const [sockets, crashed] = [this.#sockets, this.#crashed];
		vi.stubGlobal(
			'WebSocket',
			class extends WebSocket {
				constructor(given: string | URL) {
					const [, page = '', user = '', part = '', , rest = ''] =
						/browser\/([^/]+)\/([^/]+)\/([^/]+)\/(sync)\/(.*)$/.exec(String(given)) ?? [];
					// The door of these rooms believes who the URL says it is.
					super(crashed.has(page) ? 'ws://127.0.0.1:1' : `${rooms.url}/${rest}&user=${user}&part=${part}`);
					sockets.set(this, page);
				}
			},
		);
	}

	/** @param opened when its shelf has opened. */
	open(
		dialogue: number,
		who: { user: number; part: Part } = { user: 1, part: 'annotator' },
		opened = Promise.resolve(),
	): BrowserPage {
		const page = new BrowserPage(this, dialogue, who, opened);
		this.#pages.push(page);
		return page;
	}

	cut(page: string): void {
		this.#crashed.add(page);
		for (const [socket, owner] of this.#sockets) if (owner === page) socket.close();
	}

	/** Edits that are kept as not known to be sent. */
	async unsent(): Promise<Row[]> {
		return [...(await this.kept.read()).values()].filter(({ edits }) => edits > 0);
	}

	async close(): Promise<void> {
		for (const { connection } of this.#pages) await connection.destroy();
		vi.unstubAllGlobals();
	}
}
