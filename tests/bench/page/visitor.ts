import {
	chromium as driver,
	type Browser,
	type BrowserContext,
	type CDPSession,
	type Page,
} from '@playwright/test';
import { chromium } from '../../support/chromium.ts';
import type { Seat } from '../servers/door.ts';
import type { Contender } from '../servers/contender.ts';
import { watchVitals } from './vitals.ts';

/** The installed browser, with a window as most people have one. */
export const openBrowser = (): Promise<Browser> => driver.launch(chromium());

/** Somebody who comes to the product's pages for the first time: nothing is cached, nothing kept. */
export class Visitor {
	readonly page: Page;
	readonly cdp: CDPSession;
	readonly #context: BrowserContext;

	private constructor(context: BrowserContext, page: Page, cdp: CDPSession) {
		this.#context = context;
		this.page = page;
		this.cdp = cdp;
	}

	static async enter(browser: Browser, { port, door }: Contender, seat: Seat): Promise<Visitor> {
		const url = `http://127.0.0.1:${port}`;
		const context = await browser.newContext({
			baseURL: url,
			viewport: { width: 1280, height: 800 },
			locale: 'en-GB',
		});
		const [name = '', value = ''] = (door.headers(0, seat)['Cookie'] ?? '').split('=');
		await context.addCookies([{ name, value, url }]);
		await context.addInitScript(watchVitals);
		const page = await context.newPage();
		return new Visitor(context, page, await context.newCDPSession(page));
	}

	/** Resolves once one can work: the dialogue is live, and the next prompt's editor is there. */
	async openDialogue(id: string): Promise<void> {
		await this.page.goto(`/d/${id}`);
		await this.page.waitForFunction(() => window.vitals.usable !== null, undefined, { timeout: 60_000 });
	}

	async leave(): Promise<void> {
		await this.#context.close();
	}
}
