import { type Browser, expect, test } from '@playwright/test';
import { signedIn } from '../support/pages.ts';
import { RunningServer } from '../support/running-server.ts';

const PASSWORD = 'a very long secret';
let server: RunningServer;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
	server = await RunningServer.start();
});
test.afterAll(async () => {
	await server?.stop();
});

/** A link for one reviewer. */
async function invitation(browser: Browser): Promise<string> {
	const owner = await signedIn(browser, server, { email: 'olga@example.org', password: PASSWORD, token: '' });
	await owner.goto('/members');
	await owner.getByLabel('Role').first().selectOption('reviewer');
	await owner.getByRole('button', { name: /Create (an )?(invite|invitation|link)|Invite/ }).click();
	return owner.getByRole('textbox', { name: /link/i }).inputValue();
}

test('[ENTRY-20] the first run: without the link there is no way in, with it there is an owner, once', async ({
	browser,
}) => {
	const page = await (await browser.newContext({ baseURL: server.origin })).newPage();
	await page.goto('/');
	await expect(page.getByText(/link/i).first()).toBeVisible();
	await expect(page.getByLabel('Password')).toHaveCount(0);

	const link = await server.link('welcome');
	await page.goto(link);
	await page.getByLabel('Name').fill('Olga');
	await page.getByLabel('Email').fill('olga@example.org');
	await page.getByLabel('Password').fill('short');
	await page.getByRole('button', { name: 'Create' }).click();
	await expect(page.getByText(/10 characters/).first()).toBeVisible();
	await expect(page.getByLabel('Email')).toHaveValue('olga@example.org');
	await page.getByLabel('Password').fill(PASSWORD);
	await page.getByRole('button', { name: 'Create' }).click();
	await page.waitForURL((url) => !url.pathname.startsWith('/welcome'));

	const other = await (await browser.newContext({ baseURL: server.origin })).newPage();
	await other.goto(link);
	await expect(other.getByLabel('Password')).toHaveCount(0);
	await expect(other.getByRole('heading', { level: 1 })).toContainText(/used|work/i);
});

test('[ENTRY-21] an invitation brings one person in, with its role, once', async ({ browser }) => {
	const link = await invitation(browser);
	expect(link).toContain(`${server.origin}/join/`);

	const guest = await (await browser.newContext({ baseURL: server.origin })).newPage();
	await guest.goto(link);
	await guest.getByLabel('Name').fill('Rita');
	await guest.getByLabel('Email').fill('rita@example.org');
	await guest.getByLabel('Password').fill(PASSWORD);
	await guest.getByRole('button', { name: /Join|Create/ }).click();
	await guest.waitForURL('**/reviews');

	const late = await (await browser.newContext({ baseURL: server.origin })).newPage();
	await late.goto(link);
	await expect(late.getByLabel('Password')).toHaveCount(0);
});

test('[ENTRY-25] what is typed before the page’s script runs is still there when it does', async ({
	browser,
}) => {
	const page = await (await browser.newContext({ baseURL: server.origin })).newPage();
	let run = (): void => undefined;
	const typed = new Promise<void>((resolve) => (run = resolve));
	await page.route('**/*.js', async (route) => {
		await typed;
		await route.continue();
	});
	await page.goto(await invitation(browser), { waitUntil: 'commit' });
	await page.getByLabel('Name').fill('Early');
	await page.getByLabel('Email').fill('early@example.org');
	run();
	await page.getByLabel('Password').pressSequentially(PASSWORD);
	await page.waitForLoadState('networkidle');
	await expect(page.getByLabel('Name')).toHaveValue('Early');
	await expect(page.getByLabel('Email')).toHaveValue('early@example.org');
	await page.getByRole('button', { name: 'Join' }).click();
	await page.waitForURL('**/reviews');
});

test('[ENTRY-23] signing out closes the session everywhere it is held, an open dialogue too', async ({
	browser,
}) => {
	const account = { email: 'sam@example.org', ...(await server.person('sam@example.org', 'annotator')) };
	const page = await signedIn(browser, server, account);
	await page.getByRole('button', { name: /Next dialogue/ }).click();
	await page.waitForURL('**/d/*');
	await expect(page.locator('[data-saved]')).toHaveAttribute('data-saved', 'saved');
	const second = await page.context().newPage();
	await second.goto(`${server.origin}/queue`);
	await second.getByRole('button', { name: /sam/i }).click();
	await second.getByRole('button', { name: 'Sign out' }).click();
	await second.waitForURL('**/sign-in*');
	await expect(page.getByText(/You are signed out/)).toBeVisible();
	await second.goto(`${server.origin}/queue`);
	await expect(second).toHaveURL(/sign-in/);
});

test('[ENTRY-24] a change of role acts at once on an open dialogue', async ({ browser }) => {
	const account = { email: 'tess@example.org', ...(await server.person('tess@example.org', 'annotator')) };
	const page = await signedIn(browser, server, account);
	await page.getByRole('button', { name: /Next dialogue/ }).click();
	await page.waitForURL('**/d/*');
	await expect(page.locator('[data-saved]')).toHaveAttribute('data-saved', 'saved');
	const owner = await signedIn(browser, server, { email: 'olga@example.org', password: PASSWORD, token: '' });
	await owner.goto('/members');
	const row = owner.getByRole('listitem').or(owner.getByRole('row')).filter({ hasText: 'tess@example.org' });
	await row.getByRole('button', { name: /Remove/ }).click();
	await owner
		.getByRole('dialog')
		.getByRole('button', { name: /Remove/ })
		.click();
	await expect(page.getByText(/There is no such dialogue, or it is not yours/)).toBeVisible();
});

// Last: what it gets wrong slows this address down, and with it everybody here.
test('[ENTRY-22] a wrong password is told clearly, keeps the email, and is slowed down', async ({
	browser,
}) => {
	const page = await (await browser.newContext({ baseURL: server.origin })).newPage();
	await page.goto('/sign-in');
	await page.getByLabel('Email').fill('rita@example.org');
	for (let tries = 0; tries < 6; tries++) {
		await page.getByLabel('Password').fill('not the secret');
		await page.getByRole('button', { name: 'Sign in' }).click();
		const said = tries < 5 ? 'Email and password do not match' : /Too many tries. Try again in \d+ second/;
		await expect(page.getByRole('alert')).toContainText(said);
		await expect(page.getByLabel('Email')).toHaveValue('rita@example.org');
	}
});
