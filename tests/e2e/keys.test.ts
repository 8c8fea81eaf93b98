import { expect, test, type Locator } from '@playwright/test';
import { answeredDialogue } from '../support/live-dialogue.ts';
import { expectSound, LOOKS, nameOf, wear } from '../support/looks.ts';
import { signIn, tabTo, Workspace } from '../support/pages.ts';
import { Stage } from '../support/stage.ts';

let stage: Stage;
let ann: Workspace;
let rev: Workspace;
let lead: Workspace;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
	stage = await Stage.set(browser, { bot: { answers: () => 'Water boils at 100 degrees.', chunk: 40 } });
	[ann, rev, lead] = await stage.workspaces('ann', 'rev', 'lea');
});
test.afterAll(() => stage?.strike());

/** A dialogue of three turns. */
const asked = () => answeredDialogue(stage.api('ann'), ['First?', 'Second?', 'Third?']);

const field = ({ page }: Workspace): Locator => page.getByRole('combobox', { name: 'Find a command' });
const offered = ({ page }: Workspace): Locator => page.getByRole('option');
const help = ({ page }: Workspace): Locator => page.getByRole('dialog', { name: 'Keyboard shortcuts' });
const keyField = (one: Workspace, command: string): Locator =>
	help(one).getByRole('textbox', { name: `Key: ${command}`, exact: true });
const said = (one: Workspace): Locator => help(one).getByRole('status');

test('[KEY-2] the palette opens out of a text, is narrowed and gone through by keyboard, and Esc leads back', async () => {
	await ann.open(await asked());
	const { keyboard } = ann.page;
	await ann.draft.click();
	await keyboard.type('Half a promp');
	await keyboard.press('Control+k');
	await expect(field(ann)).toBeFocused();
	const all = await offered(ann).count();
	expect(all).toBeGreaterThan(8);
	await expect(offered(ann).first()).toHaveAttribute('aria-selected', 'true');
	await keyboard.press('ArrowDown');
	await expect(offered(ann).nth(1)).toHaveAttribute('aria-selected', 'true');
	expect(await field(ann).getAttribute('aria-activedescendant')).toBe(
		await offered(ann).nth(1).getAttribute('id'),
	);
	await keyboard.press('ArrowUp');
	await keyboard.press('ArrowUp');
	await expect(offered(ann).nth(all - 1)).toHaveAttribute('aria-selected', 'true');
	await keyboard.type('TURN prev');
	await expect(offered(ann)).toHaveText(['Previous turn K']);
	await keyboard.type('x');
	await expect(offered(ann)).toHaveCount(0);
	await expect(ann.page.getByText('No such command now')).toBeVisible();
	await keyboard.press('Enter');
	await keyboard.press('Escape');
	await expect(field(ann)).toBeHidden();
	await expect(ann.draft).toBeFocused();
	await keyboard.type('t');
	await expect(ann.draft).toHaveText('Half a prompt');

	await keyboard.press('Control+k');
	await keyboard.type('previous');
	await keyboard.press('Enter');
	await expect(ann.turn(2)).toBeFocused();
	await expect(field(ann)).toBeHidden();
	await keyboard.press('Control+k');
	await keyboard.press('Control+k');
	await expect(field(ann)).toBeHidden();
	await expect(ann.turn(2)).toBeFocused();
	await ann.page.getByRole('button', { name: 'Commands', exact: true }).click();
	await offered(ann).filter({ hasText: 'Edit the final text' }).click();
	await expect(ann.final(2)).toBeFocused();
});

test('[KEY-7] what Esc closes and a key opens again in the same moment stays open', async () => {
	await ann.open(await asked());
	const { keyboard } = ann.page;
	/** The page has both before it does anything else. */
	const atOnce = async (...keys: string[]): Promise<void> => {
		const busy = ann.page.evaluate(() => {
			for (const until = performance.now() + 300; performance.now() < until;);
		});
		await Promise.all([busy, ...keys.map((key) => keyboard.press(key))]);
		await ann.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
	};
	await ann.turn(1).focus();
	await keyboard.press('?');
	await expect(help(ann)).toBeVisible();
	await atOnce('Escape', '?');
	await expect(help(ann)).toBeVisible();
	await keyboard.press('Escape');
	await expect(help(ann)).toBeHidden();
	await keyboard.press('Control+k');
	await expect(field(ann)).toBeVisible();
	await atOnce('Escape', 'Control+k');
	await expect(field(ann)).toBeVisible();
	await keyboard.press('Escape');
	await expect(field(ann)).toBeHidden();
	await expect(ann.turn(1)).toBeFocused();
});

test('[KEY-1] the palette offers what is possible now, each with its key; the help lists every key', async () => {
	const id = await asked();
	const names = async (one: Workspace): Promise<string[]> => {
		await one.page.keyboard.press('Control+k');
		await expect(offered(one).first()).toBeVisible();
		const texts = await offered(one).allTextContents();
		await one.page.keyboard.press('Escape');
		return texts.map((text) => text.trim().replace(/\s+/g, ' '));
	};
	for (const one of [ann, lead, rev]) await one.open(id);
	const writes = await names(ann);
	expect(writes).toEqual(
		expect.arrayContaining([
			'Keyboard shortcuts ?Ctrl/⌘/',
			'Submit dialogue Ctrl/⌘ShiftEnter',
			'Edit the final text E',
		]),
	);
	expect(writes.filter((name) => /^(Accept|Claim|Take back|Send|Stop)/.test(name))).toEqual([]);
	const looksOn = await names(lead);
	expect(looksOn).toContain('Follow the next person F');
	expect(
		looksOn.filter((name) => /^(Submit|Edit|Send|Work together|Next missing rating)/.test(name)),
	).toEqual([]);

	await ann.draft.click();
	await ann.page.keyboard.type('More?');
	expect(await names(ann)).toContain('Send the prompt Ctrl/⌘Enter');
	await ann.page.keyboard.press('Control+/');
	await expect(help(ann)).toBeVisible();
	for (const name of [
		'Send the prompt',
		'Next turn',
		'Raise or lower your hand',
		'Accept',
		'New line; never sends',
	])
		await expect(help(ann).locator('dd', { hasText: name }).first()).toBeVisible();
	await expect(keyField(ann, 'Accept')).toHaveValue('A');
	await ann.page.keyboard.press('Escape');
	await expect(ann.draft).toBeFocused();
});

test('[KEY-3] a single key is changed by keyboard, refused where it cannot be, and stays its person’s own', async ({
	browser,
}) => {
	const id = await asked();
	await ann.open(id);
	const { keyboard } = ann.page;
	await ann.turn(3).focus();
	await keyboard.press('?');
	await tabTo(keyField(ann, 'Previous turn'));
	await keyboard.press('j');
	await expect(said(ann)).toHaveText('J is taken: Next turn. Choose another key');
	await keyboard.press('4');
	await expect(said(ann)).toHaveText('Digits rate. Choose a letter or a sign');
	await keyboard.press('Space');
	await expect(said(ann)).toHaveText('Choose a letter or a sign');
	await expect(keyField(ann, 'Previous turn')).toHaveValue('K');
	const kept = ann.page.waitForResponse('**/preferences');
	await keyboard.press('l');
	await expect(said(ann)).toHaveText('Previous turn: now L');
	await kept;
	await expect(keyField(ann, 'Previous turn')).toHaveValue('L');
	await keyboard.press('Escape');
	await expect(ann.turn(3)).toBeFocused();
	await keyboard.press('k');
	await expect(ann.turn(3)).toBeFocused();
	await keyboard.press('l');
	await expect(ann.turn(2)).toBeFocused();

	await ann.open(id);
	await ann.turn(3).focus();
	await keyboard.press('l');
	await expect(ann.turn(2)).toBeFocused();

	// Another person at the same browser.
	const context = await browser.newContext({ baseURL: stage.origin });
	const own = (await ann.page.context().cookies()).filter(({ name }) => name.startsWith('keys-'));
	expect(own).toHaveLength(1);
	await context.addCookies(own);
	const other = new Workspace(await context.newPage());
	await other.page.goto('/sign-in');
	await signIn(other.page, stage.account('rev'));
	await other.open(id);
	await other.turn(3).focus();
	await other.page.keyboard.press('l');
	await expect(other.turn(3)).toBeFocused();
	await other.page.keyboard.press('k');
	await expect(other.turn(2)).toBeFocused();
	await context.close();

	await keyboard.press('?');
	await tabTo(help(ann).getByRole('button', { name: 'Reset keys' }));
	await keyboard.press('Enter');
	await expect(keyField(ann, 'Previous turn')).toHaveValue('K');
	await keyboard.press('Escape');
	await keyboard.press('k');
	await expect(ann.turn(1)).toBeFocused();
});

test('[KEY-5] single keys can be switched off; chords go on', async () => {
	const id = await asked();
	await ann.open(id);
	const { keyboard } = ann.page;
	await ann.turn(3).focus();
	await keyboard.press('?');
	await tabTo(help(ann).getByRole('checkbox', { name: 'Single keys' }));
	const kept = ann.page.waitForResponse('**/preferences');
	await keyboard.press('Space');
	await expect(keyField(ann, 'Next turn')).toBeDisabled();
	await kept;
	await keyboard.press('Escape');
	await expect(ann.page.locator('.answer kbd')).toHaveCount(0);

	await ann.open(id);
	await ann.turn(3).focus();
	for (const key of ['k', 'e', 'd', 'h', '?']) await keyboard.press(key);
	await expect(ann.turn(3)).toBeFocused();
	await expect(help(ann)).toBeHidden();
	await expect(ann.page.locator('.cm-editor')).toHaveCount(1); // the draft's alone
	await keyboard.press('Control+/');
	await expect(help(ann)).toBeVisible();
	await help(ann).getByRole('checkbox', { name: 'Single keys' }).press('Space');
	await keyboard.press('Escape');
	await keyboard.press('k');
	await expect(ann.turn(2)).toBeFocused();
});

test('[KEY-6] keys of an input method mean nothing in the palette and in a key’s field', async () => {
	await ann.open(await asked());
	const { page } = ann;
	const cdp = await page.context().newCDPSession(page);
	const compose = (text: string) =>
		cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
	/** A key as an input method takes it. */
	const taken = (key: string) =>
		cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key, windowsVirtualKeyCode: 229 });
	await page.keyboard.press('Control+k');
	const all = await offered(ann).count();
	await compose("ti'jiao");
	for (const key of ['ArrowDown', 'Enter', 'Escape']) await taken(key);
	await expect(field(ann)).toBeFocused();
	await expect(offered(ann)).toHaveCount(all); // nothing half-typed narrows the list
	await expect(offered(ann).first()).toHaveAttribute('aria-selected', 'true');
	await cdp.send('Input.insertText', { text: '提交' });
	await expect(offered(ann)).toHaveCount(0);
	await page.keyboard.press('Escape');

	await page.keyboard.press('Control+/');
	await keyField(ann, 'Next turn').focus();
	await compose('ha');
	await taken('h');
	await cdp.send('Input.insertText', { text: '哈' });
	await expect(keyField(ann, 'Next turn')).toHaveValue('J');
	await expect(said(ann)).toHaveText('');
	await page.keyboard.press('Escape');
});

test('[LOOK-1] axe finds nothing in the palette and the keys, in both themes, languages and widths', async () => {
	const id = await asked();
	const { page } = ann;
	for (const look of LOOKS) {
		await wear(page, stage.origin, look);
		await ann.open(id);
		for (const [chord, typed] of [
			['Control+k', ''],
			['Control+k', 'zzz'],
			['Control+/', ''],
		] as const) {
			await page.keyboard.press(chord);
			await expect(page.getByRole('dialog')).toBeVisible();
			const { left, right } = await page
				.getByRole('dialog')
				.evaluate((dialog) => dialog.getBoundingClientRect());
			expect([left >= 0, right <= look.width], `${chord} fits ${look.width}`).toEqual([true, true]);
			await page.keyboard.type(typed);
			if (chord === 'Control+/') {
				await page.locator('dialog input[type=text]').nth(1).focus();
				await page.keyboard.press('k');
				await page.keyboard.press('j');
			}
			await expectSound(page, `${nameOf(look)} ${chord}`);
			await page.keyboard.press('Escape');
		}
	}
	await page.context().clearCookies({ name: 'locale' });
});
