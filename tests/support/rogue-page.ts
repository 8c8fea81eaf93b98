/**
 * A page in the hands of somebody who has opened the developer tools: it hands out its Yjs document and its sockets,
 * which the product does not. Works in pages that are opened after it.
 */
import { expect, type Page } from '@playwright/test';
import type * as Y from 'yjs';

/** What the rogue reaches for, in the page. */
export interface Loot {
	/** Every document that the page made, also those that it only reads refused changes in. */
	docs: Y.Doc[];
	/** The one among them that its newest socket is for. */
	present(): Y.Doc | undefined;
	sockets: WebSocket[];
	/** How the server closed its sockets. */
	closes: { code: number; reason: string }[];
}

export class RoguePage {
	readonly #page: Page;

	private constructor(page: Page) {
		this.#page = page;
	}

	static async of(page: Page): Promise<RoguePage> {
		await page.addInitScript(() => {
			const loot: Loot = {
				docs: [],
				sockets: [],
				closes: [],
				present() {
					const asked = this.sockets.map(({ url }) => new URL(url).searchParams.get('client'));
					const shown = (id: string | null): Y.Doc | undefined =>
						this.docs.find(({ clientID }) => String(clientID) === id);
					return asked.map(shown).findLast((doc) => doc !== undefined);
				},
			};
			Object.assign(globalThis, { loot });
			type Set = (this: Map<unknown, unknown>, key: unknown, value: unknown) => Map<unknown, unknown>;
			const set = Reflect.get(Map.prototype, 'set') as Set;
			const spying: Set = function (key, value) {
				// A document keeps its root types in a Map, and each of them knows its document.
				const doc = (value as { doc?: Y.Doc | null } | null | undefined)?.doc;
				if (doc && (doc.share as unknown) === this && !loot.docs.includes(doc)) loot.docs.push(doc);
				return set.call(this, key, value);
			};
			Map.prototype.set = spying as typeof Map.prototype.set;
			const { WebSocket: Real } = globalThis;
			globalThis.WebSocket = class extends Real {
				constructor(url: string | URL, protocols?: string | string[]) {
					super(url, protocols);
					loot.sockets.push(this);
					this.addEventListener('close', ({ code, reason }) => loot.closes.push({ code, reason }));
				}
			};
		});
		return new RoguePage(page);
	}

	/** Runs `change` on the document that the page works with, as if typed in the console. */
	async edit<A>(change: (doc: Y.Doc, about: A) => void, about: A): Promise<void> {
		const doc = await this.#page.evaluateHandle(() => {
			const doc = (globalThis as unknown as { loot: Loot }).loot.present();
			if (!doc) throw new Error('no document');
			return doc;
		});
		await doc.evaluate(change as (doc: Y.Doc, about: unknown) => void, about);
		await doc.dispose();
	}

	/** Until the page has another document in place of the one of now, with the dialogue in it. */
	async startsAfresh(change: () => Promise<void>): Promise<void> {
		const before = await this.clientId();
		await change();
		const present = (): Promise<number> =>
			this.#page.evaluate(() => {
				const doc = (globalThis as unknown as { loot: Loot }).loot.present();
				return doc?.getMap('dialogue').has('schema') ? doc.clientID : 0;
			});
		await expect.poll(async () => [0, before].includes(await present())).toBe(false);
	}

	/** Sends bytes of its own on the socket that the page uses. */
	async send(bytes: Uint8Array): Promise<void> {
		await this.#page.evaluate(
			(given) => {
				(globalThis as unknown as { loot: Loot }).loot.sockets.at(-1)?.send(Uint8Array.from(given));
			},
			[...bytes],
		);
	}

	/** Once the server has heard all that was sent: it has answered another step 1. */
	async heard(): Promise<void> {
		await this.#page.evaluate(
			() =>
				new Promise<void>((resolve) => {
					const socket = (globalThis as unknown as { loot: Loot }).loot.sockets.at(-1);
					socket?.addEventListener('message', ({ data }) => {
						const [kind, step] = new Uint8Array(data as ArrayBuffer);
						if (kind === 0 && step === 1) resolve();
					});
					socket?.send(Uint8Array.of(0, 0, 1, 0));
				}),
		);
	}

	/** Opens a socket of its own, with the page's cookie; answers how it is closed. */
	async knock(path: string): Promise<number> {
		return this.#page.evaluate(
			(to) =>
				new Promise<number>((resolve) => {
					const socket = new WebSocket(new URL(to, location.href.replace(/^http/, 'ws')));
					socket.addEventListener('close', ({ code }) => resolve(code));
				}),
			path,
		);
	}

	/** How the server has closed its sockets so far. */
	async closes(): Promise<Loot['closes']> {
		return this.#page.evaluate(() => (globalThis as unknown as { loot: Loot }).loot.closes);
	}

	/** The Yjs client id that the page writes under now. */
	async clientId(): Promise<number> {
		return this.#page.evaluate(() => (globalThis as unknown as { loot: Loot }).loot.present()?.clientID ?? 0);
	}
}
