import { expect, type Browser, type BrowserContextOptions, type Locator, type Page } from '@playwright/test';
import type { RunningServer } from './running-server.ts';

export interface Account {
	email: string;
	password: string;
	token: string;
}

/** A person in a browser of their own, signed in by password. Page errors fail the test that looks at `faults`. */
export async function signedIn(
	browser: Browser,
	server: RunningServer,
	account: Account,
	options: BrowserContextOptions = {},
): Promise<Page> {
	const context = await browser.newContext({ baseURL: server.origin, ...options });
	const { email, password } = account;
	const headers = { origin: server.origin };
	await context.request.post('/sign-in', { form: { email, password }, headers, maxRedirects: 0 });
	const page = await context.newPage();
	await visit(page, '/');
	return page;
}

/** Until the page's scripts run: before, what has no form and no address of its own does nothing. */
async function awake(page: Page): Promise<void> {
	await page.locator('#svelte-announcer').waitFor({ state: 'attached' });
}

export async function visit(page: Page, path: string): Promise<void> {
	await page.goto(path);
	await awake(page);
}

export async function reload(page: Page): Promise<void> {
	await page.reload();
	await awake(page);
}

/** Fills in the page that asks who one is. */
export async function signIn(page: Page, { email, password }: Omit<Account, 'token'>): Promise<void> {
	await page.getByLabel('Email').fill(email);
	await page.getByLabel('Password').fill(password);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

/** By the menu of one's account. */
export async function signOut(page: Page): Promise<void> {
	await page.getByRole('button', { name: /account/ }).click();
	await page.getByRole('button', { name: 'Sign out' }).click();
}

/** Tabs until this has the focus. */
export async function tabTo(
	wanted: Locator,
	press = () => wanted.page().keyboard.press('Tab'),
): Promise<void> {
	for (let presses = 0; presses < 80; presses++) {
		if (await wanted.evaluateAll((all) => all.includes(document.activeElement as HTMLElement))) return;
		await press();
	}
	throw new Error(`Tab does not reach ${wanted.toString()}`);
}

/** The page of a dialogue can be had without the server from now on. */
export async function copied(page: Page, id: number): Promise<void> {
	await page.evaluate(async () => void (await navigator.serviceWorker.ready));
	await expect
		.poll(() => page.evaluate(async (path) => (await caches.match(path)) !== undefined, `/d/${id}`))
		.toBe(true);
}

/** The workspace of one dialogue, by what a person sees. */
export class Workspace {
	readonly page: Page;
	constructor(page: Page) {
		this.page = page;
	}

	get draft(): Locator {
		return this.page.getByRole('textbox', { name: 'Next prompt' });
	}
	final(turn: number): Locator {
		return this.page.getByRole('textbox', { name: `Final text of turn ${turn}` });
	}
	scale(criterion: string): Locator {
		return this.page.getByRole('radiogroup', { name: criterion });
	}
	turn(n: number): Locator {
		return this.page.getByRole('region', { name: `Turn ${n}`, exact: true });
	}

	async open(id: number): Promise<void> {
		await this.page.goto(`/d/${id}`);
		await this.saved();
	}

	/** Everything typed here is on the server's disk, and the page says so. */
	async saved(): Promise<void> {
		await expect(this.page.locator('[data-saved]')).toHaveAttribute('data-saved', 'saved', {
			timeout: 60_000,
		});
	}

	/** This browser has no network from now on, and the page says so. */
	async goOffline(): Promise<void> {
		await this.page.context().setOffline(true);
		await expect(this.page.locator('[data-saved]')).toHaveAttribute('data-saved', 'offline');
	}

	/** Types a prompt and sends it by keyboard. */
	async prompt(text: string): Promise<void> {
		await this.draft.click();
		await this.page.keyboard.insertText(text);
		await this.page.keyboard.press('Control+Enter');
	}

	/** Puts the caret at the end of a response's final text, in its editor. */
	async edit(turn: number): Promise<void> {
		await this.final(turn).click();
		await expect(this.final(turn)).toBeFocused();
		await this.page.keyboard.press('Control+End');
	}

	/** Types at the end of a response. */
	async append(turn: number, text: string): Promise<void> {
		await this.edit(turn);
		await this.page.keyboard.insertText(text);
	}

	/** The whole final text as the page shows it. Not while it is being edited: an editor draws only what is in view. */
	async finalText(turn: number): Promise<string> {
		// A last line break is shown by a second one.
		return ((await this.final(turn).textContent()) ?? '').replace(/\n$/, '');
	}

	/** Rates the turn in focus, each criterion by its digit, with the keyboard alone. */
	async rate(values: readonly number[]): Promise<void> {
		const first = this.page.getByRole('radiogroup').first();
		await first.getByRole('radio').first().focus();
		for (const value of values) await this.page.keyboard.press(String(value));
	}
}
