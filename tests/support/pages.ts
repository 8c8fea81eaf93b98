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
	const page = await (await browser.newContext({ baseURL: server.origin, ...options })).newPage();
	await page.goto('/sign-in');
	await signIn(page, account);
	return page;
}

/** Fills in the page that asks who one is. */
export async function signIn(page: Page, { email, password }: Omit<Account, 'token'>): Promise<void> {
	await page.getByLabel('Email').fill(email);
	await page.getByLabel('Password').fill(password);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
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
