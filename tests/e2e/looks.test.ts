import { expect, test, type Page } from '@playwright/test';
import { ApiClient } from '../support/api-client.ts';
import { expectSound, LOOKS, nameOf, wear } from '../support/looks.ts';
import { signedIn, tabTo, visit, Workspace } from '../support/pages.ts';
import { RunningServer } from '../support/running-server.ts';

let server: RunningServer;

test.beforeAll(async () => {
	server = await RunningServer.start({ args: ['--demo'] });
});
test.afterAll(async () => {
	await server?.stop();
});

/** Signs in by a one-time link, as the demonstration prints them: annotator, reviewer, lead. */
async function enter(page: Page, nth: number): Promise<void> {
	await page.goto(await server.link('enter', nth));
	await page
		.getByRole('button')
		.filter({ hasText: /Sign in|登录/ })
		.click();
	await page.waitForURL((url) => !url.pathname.startsWith('/enter'));
}

/** A dialogue that is not there. */
const ABSENT = '/d/999999';

const ROOMS: readonly { who: string; nth: number; paths: readonly string[] }[] = [
	{
		who: 'annotator',
		nth: 0,
		paths: ['/queue', '/d/1', '/d/3', '/d/4', '/d/5', ABSENT, '/settings', '/nowhere'],
	},
	{ who: 'reviewer', nth: 1, paths: ['/reviews', '/d/1', '/d/3', '/d/5'] },
	{
		who: 'lead',
		nth: 2,
		paths: [
			'/dialogues',
			'/members',
			'/settings',
			'/settings?edit=new',
			'/settings?edit=1',
			'/export',
			'/d/5',
		],
	},
];

/** Looks at each of these pages in both languages, themes and widths. */
async function look(page: Page, origin: string, paths: readonly string[]): Promise<void> {
	for (const one of LOOKS) {
		await wear(page, origin, one);
		for (const path of paths) {
			await page.goto(path);
			if (path.startsWith('/d/') && path !== ABSENT) await new Workspace(page).saved();
			await expect(page.locator('html')).toHaveAttribute('lang', new RegExp(`^${one.locale}`));
			await expectSound(page, `${path} ${nameOf(one)}`);
		}
	}
}

/** What can be used and lies beyond the left or the right of the page; a row of places that scrolls by itself does not count. */
const beyond = (page: Page): Promise<string[]> =>
	page.evaluate(() =>
		[...document.querySelectorAll('a, button, input, select, textarea, [role="textbox"]')]
			.filter((one) => one.checkVisibility() && one.closest('.main-nav') === null)
			.filter((one) => {
				const { left, right, width } = one.getBoundingClientRect();
				return width > 1 && (left < -1 || right > innerWidth + 1);
			})
			.map((one) => one.outerHTML.slice(0, 120)),
	);

/** The state as a dialogue's bar shows it, or that it shows both decisions; null where it does neither. */
const stateOf = (page: Page): Promise<string | null> =>
	page.locator('.bar').evaluate((bar) => {
		const chip = bar.querySelector('.chip');
		const [box, whole] = [chip?.getBoundingClientRect(), bar.getBoundingClientRect()];
		const shown = box && box.width > 20 && box.top >= whole.top && box.bottom <= whole.bottom;
		const clipped = chip?.parentElement && getComputedStyle(chip.parentElement).clipPath !== 'none';
		if (shown && !clipped) return chip?.textContent ?? null;
		return bar.querySelector('[data-command="return"]') && 'both decisions';
	});

for (const { who, nth, paths } of ROOMS)
	test(`[LOOK-1] [LOOK-5] [LOOK-6] axe finds nothing on the ${who}'s pages, in both themes and languages, and they fit every width`, async ({
		browser,
	}) => {
		const context = await browser.newContext({ baseURL: server.origin, reducedMotion: 'reduce' });
		const page = await context.newPage();
		await enter(page, nth);
		await look(page, server.origin, paths);
		for (const path of paths) {
			await page.goto(path);
			// 640 is 1280 at twice the size.
			for (const width of [320, 640, 1600]) {
				await page.setViewportSize({ width, height: 700 });
				expect(await beyond(page), `${path} at ${width}`).toEqual([]);
				if (path.startsWith('/d/') && path !== ABSENT)
					expect(await stateOf(page), `${path} at ${width}`).toMatch(/\p{L}{2}/u);
			}
		}
		await context.close();
	});

test('[LOOK-1] axe finds nothing on the pages before the door, in both themes, languages and widths', async ({
	browser,
}) => {
	const email = 'olga@looks.example';
	const password = 'a very long secret';
	const account = ['--email', email, '--name', 'Olga', '--role', 'lead', '--owner', '--password-stdin'];
	await server.admin(['user', 'add', ...account], password);
	const olga = await signedIn(browser, server, { email, password, token: '' });
	await visit(olga, '/members');
	const given = async (button: RegExp): Promise<string> => {
		await olga.getByRole('button', { name: button }).first().click();
		const link = olga.getByRole('textbox', { name: /link/i });
		await expect(link).toBeVisible();
		return new URL(await link.inputValue()).pathname;
	};
	const enter = await given(/^Create a sign-in link for/);
	await visit(olga, '/members');
	const join = await given(/^Create link/);
	await olga.context().close();

	const dead = ['/join/unknown', '/enter/unknown', '/welcome/unknown'];
	const context = await browser.newContext({ baseURL: server.origin, reducedMotion: 'reduce' });
	await look(await context.newPage(), server.origin, ['/sign-in', join, enter, ...dead, '/nowhere']);
	await context.close();

	// Before there is any account.
	const fresh = await RunningServer.start();
	const welcome = new URL(await fresh.link('welcome')).pathname;
	const first = await browser.newContext({ baseURL: fresh.origin, reducedMotion: 'reduce' });
	await look(await first.newPage(), fresh.origin, ['/sign-in', welcome]);
	await first.close();
	await fresh.stop();
});

test('[LOOK-4] language and theme are switched on every page, before the door too, and remembered', async ({
	browser,
}) => {
	const email = 'words@looks.example';
	const person = { email, ...(await server.person(email, 'annotator')) };
	const page = await (await browser.newContext({ baseURL: server.origin, colorScheme: 'light' })).newPage();
	const html = page.locator('html');
	const ground = () => html.evaluate((root) => getComputedStyle(root).backgroundColor);
	await page.goto('/sign-in');
	await expect(html).toHaveAttribute('lang', 'en');
	const light = await ground();
	await page.emulateMedia({ colorScheme: 'dark' });
	const dark = await ground();
	expect(dark).not.toBe(light); // by the system
	await page.getByRole('button', { name: 'Light' }).click(); // and by choice
	await expect(html).toHaveAttribute('data-theme', 'light');
	expect(await ground()).toBe(light);
	await page.getByRole('button', { name: '中文' }).click();
	await expect(html).toHaveAttribute('lang', /^zh/);
	await page.getByLabel('邮箱').fill(email);
	await page.getByLabel('密码').fill(person.password);
	await page.getByRole('button', { name: '登录' }).click();
	await page.waitForURL('**/queue');
	await expect(html).toHaveAttribute('lang', /^zh/);
	expect(await ground()).toBe(light);

	await page.getByRole('button', { name: /words/ }).click();
	await page.getByRole('button', { name: '中文' }).click(); // for the account
	await page.getByRole('button', { name: /words/ }).click();
	await page.getByRole('button', { name: '深色' }).click();
	await expect(html).toHaveAttribute('data-theme', 'dark');
	expect(await ground()).toBe(dark);
	const next = await page.context().newPage();
	await visit(next, '/queue');
	await expect(next.locator('html')).toHaveAttribute('data-theme', 'dark');
	await expect(next.locator('html')).toHaveAttribute('lang', /^zh/);

	// The language is the person's: another browser speaks it once they are signed in.
	const elsewhere = await signedIn(browser, server, person);
	await expect(elsewhere.locator('html')).toHaveAttribute('lang', /^zh/);
	for (const one of [page, elsewhere]) await one.context().close();
});

test('[PAGE-3] a page comes compressed to who takes it so, and whole to who does not', async () => {
	const page = async (encoding: string) => {
		const response = await fetch(`${server.origin}/sign-in`, { headers: { 'accept-encoding': encoding } });
		const text = await response.text();
		return [response.headers.get('content-encoding'), /<form[\s\S]*<\/html>\s*$/.test(text)];
	};
	expect(await page('gzip, br')).toEqual(['gzip', true]);
	expect(await page('identity')).toEqual([null, true]);
});

test('[LOOK-3] rows are as high as one wants them, on every page and next time', async ({ browser }) => {
	const email = 'rows@looks.example';
	const person = { email, ...(await server.person(email, 'annotator')) };
	const page = await signedIn(browser, server, person);
	const { id } = await new ApiClient(server.origin, person.token).ok<{ id: number }>('POST', '/dialogues', {
		topicId: 1,
	});
	const height = () =>
		page
			.locator('.row, .button:not(.small)')
			.first()
			.evaluate((row) => getComputedStyle(row).getPropertyValue('--row'));
	for (const [name, rows] of [
		['Compact', '28px'],
		['Roomy', '36px'],
		['Regular', '32px'],
	] as const) {
		await visit(page, '/queue');
		await page.getByRole('button', { name: /account$/ }).click();
		await page.getByRole('button', { name }).click();
		await expect(page.locator('html')).toHaveAttribute('data-density', name.toLowerCase());
		expect(await height()).toBe(rows);
		await page.goto(`/d/${id}`);
		await new Workspace(page).saved();
		expect(await height()).toBe(rows);
	}
	await page.context().close();
});

test('[LOOK-2] the main job by keyboard alone', async ({ browser }) => {
	const [ann, rev] = await Promise.all(
		(['annotator', 'reviewer'] as const).map(async (role) => {
			const email = `${role}@keys.example`;
			return new Workspace(await signedIn(browser, server, { email, ...(await server.person(email, role)) }));
		}),
	);
	if (!ann || !rev) throw new Error('two people');
	// The next dialogue, once the page's script has come.
	await expect(async () => {
		await ann.page.keyboard.press('Control+Enter');
		await ann.page.waitForURL('**/d/*', { timeout: 3000 });
	}).toPass();
	await ann.saved();
	const keys = ann.page.keyboard;
	await tabTo(ann.draft);
	await keys.type('How do I descale a kettle?');
	await keys.press('Control+Enter');
	await expect(ann.final(1)).toBeVisible();
	await keys.press('Escape');
	await keys.press('e');
	await expect(ann.final(1)).toBeFocused();
	await keys.press('Control+End');
	await keys.type(' Checked.');
	await keys.press('Escape');
	await keys.press('n');
	for (const digit of ['4', '5', '5']) await keys.press(digit);
	await expect(ann.page.getByText('3 of 3 rated')).toBeVisible();
	await keys.press('Control+Shift+Enter');
	await expect(ann.page.getByRole('dialog').getByRole('button', { name: 'Submit dialogue' })).toBeFocused();
	await keys.press('Enter');
	await expect(ann.page.getByText('Submitted').first()).toBeVisible();

	await rev.open(Number(ann.page.url().split('/').at(-1)));
	await tabTo(rev.page.getByRole('button', { name: 'Claim' }));
	await rev.page.keyboard.press('Enter');
	await expect(rev.page.getByText('In review').first()).toBeVisible();
	await rev.page.keyboard.press('Escape');
	await expect(rev.page.getByRole('button', { name: 'Return…' })).toBeVisible();
	await rev.page.keyboard.press('x');
	await expect(rev.page.getByRole('heading', { name: 'Return with reasons' })).toBeVisible();
	await rev.page.keyboard.press('1');
	await rev.page.keyboard.press('Control+Enter');
	await expect(ann.page.getByText('Returned').first()).toBeVisible();
	await keys.press('Control+Shift+Enter');
	await expect(ann.page.getByRole('dialog').getByRole('button', { name: 'Submit dialogue' })).toBeFocused();
	await keys.press('Enter');
	await tabTo(rev.page.getByRole('button', { name: 'Claim' }));
	await rev.page.keyboard.press('Enter');
	await expect(rev.page.getByText('In review').first()).toBeVisible();
	await expect(rev.page.getByRole('button', { name: 'Accept' })).toBeVisible();
	await rev.page.keyboard.press('a');
	await expect(ann.page.getByText('Accepted').first()).toBeVisible();
});
