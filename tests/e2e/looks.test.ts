import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { ApiClient } from '../support/api-client.ts';
import { signedIn, Workspace } from '../support/pages.ts';
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

const ROOMS: readonly { who: string; nth: number; paths: readonly string[] }[] = [
	{ who: 'annotator', nth: 0, paths: ['/queue', '/d/1', '/d/3', '/d/4', '/d/5'] },
	{ who: 'reviewer', nth: 1, paths: ['/reviews', '/d/1', '/d/3', '/d/5'] },
	{ who: 'lead', nth: 2, paths: ['/dialogues', '/members', '/settings', '/export', '/d/5'] },
];

for (const { who, nth, paths } of ROOMS)
	test(`[LOOK-1] axe finds nothing on the ${who}'s pages, in both themes, languages and widths`, async ({
		browser,
	}) => {
		const context = await browser.newContext({ baseURL: server.origin, reducedMotion: 'reduce' });
		const page = await context.newPage();
		await enter(page, nth);
		for (const language of ['en', 'zh'])
			for (const theme of ['light', 'dark']) {
				await context.addCookies([
					{ name: 'locale', value: language, url: server.origin },
					{ name: 'theme', value: theme, url: server.origin },
				]);
				for (const path of paths)
					for (const width of [1280, 360]) {
						await page.setViewportSize({ width, height: 800 });
						await page.goto(path);
						if (path.startsWith('/d/')) await new Workspace(page).saved();
						await expect(page.locator('html')).toHaveAttribute('lang', new RegExp(`^${language}`));
						const { violations } = await new AxeBuilder({ page }).analyze();
						expect(
							violations.map(
								({ id, nodes }) => `${path} ${language} ${theme} ${width} ${id}: ${nodes[0]?.html}`,
							),
						).toEqual([]);
						const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
						expect(wide, `${path} ${language} ${width} scrolls sideways`).toBe(false);
					}
			}
	});

test('[LOOK-1] axe finds nothing on the pages before the door', async ({ browser }) => {
	for (const language of ['en', 'zh'])
		for (const theme of ['light', 'dark'] as const) {
			const context = await browser.newContext({ baseURL: server.origin, reducedMotion: 'reduce' });
			await context.addCookies([
				{ name: 'locale', value: language, url: server.origin },
				{ name: 'theme', value: theme, url: server.origin },
			]);
			const page = await context.newPage();
			for (const path of ['/sign-in', '/join/unknown', '/enter/unknown', '/welcome/unknown', '/nowhere']) {
				await page.goto(path);
				const { violations } = await new AxeBuilder({ page }).analyze();
				expect(
					violations.map(({ id, nodes }) => `${path} ${language} ${theme} ${id}: ${nodes[0]?.html}`),
				).toEqual([]);
			}
			await context.close();
		}
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
		await page.goto('/queue');
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
	await ann.page.keyboard.press('Control+Enter'); // next dialogue
	await ann.page.waitForURL('**/d/*');
	await ann.saved();
	const keys = ann.page.keyboard;
	await tabTo(ann.page, 'Next prompt');
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
	await tabTo(rev.page, 'Claim');
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
	await tabTo(rev.page, 'Claim');
	await rev.page.keyboard.press('Enter');
	await expect(rev.page.getByText('In review').first()).toBeVisible();
	await expect(rev.page.getByRole('button', { name: 'Accept' })).toBeVisible();
	await rev.page.keyboard.press('a');
	await expect(ann.page.getByText('Accepted').first()).toBeVisible();
});

/** Tabs until what has this name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
	for (let presses = 0; presses < 60; presses++) {
		const focused = await page.evaluate(
			() =>
				document.activeElement?.getAttribute('aria-label') ??
				document.activeElement?.textContent?.trim() ??
				'',
		);
		if (focused === name) return;
		await page.keyboard.press('Tab');
	}
	throw new Error(`Tab does not reach ${name}`);
}
