import { expect, test, type Locator, type Page } from '@playwright/test';
import { answeredDialogue, openedDialogue } from '../support/live-dialogue.ts';
import { expectSound, LOOKS, nameOf, wear } from '../support/looks.ts';
import type { Workspace } from '../support/pages.ts';
import { Stage } from '../support/stage.ts';

const ANSWER =
	'Water boils at 90 degrees at sea level, and a lid saves time. Salt changes little, whatever cooks say about it.\n\nAt great heights it boils earlier.';

let stage: Stage;
let ann: Workspace;
let rev: Workspace;
let lead: Workspace;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
	stage = await Stage.set(browser, { bot: { answers: () => ANSWER, chunk: 40 } });
	[ann, rev, lead] = await stage.workspaces('ann', 'rev', 'lea');
});
test.afterAll(() => stage?.strike());

const opened = () => openedDialogue(stage.api('ann'));
const asked = () => answeredDialogue(stage.api('ann'), ['How hot is boiling water?']);

const toggle = ({ page }: Workspace): Locator =>
	page.getByRole('button', { name: 'Who wrote this', exact: true });
const legend = ({ page }: Workspace): Locator =>
	page.locator('.answer').getByRole('list', { name: 'Who wrote this' });
const promptLegend = ({ page }: Workspace): Locator =>
	page.locator('.prompt').getByRole('list', { name: 'Who wrote this' });

/** Whose name stands over `words` when the mouse is on them; empty: nobody's. */
async function nameOver(
	page: Page,
	words: string,
	within: '.prompt' | '.answer' = '.answer',
): Promise<string> {
	await page.mouse.move(0, 0);
	const point = await page.locator(`${within} .text`).evaluate((element, wanted) => {
		const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
		for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
			const at = node.nodeValue?.indexOf(wanted) ?? -1;
			if (at < 0) continue;
			const range = document.createRange();
			range.setStart(node, at);
			range.setEnd(node, at + wanted.length);
			const { left, top, right, bottom } = range.getClientRects()[0] ?? new DOMRect();
			return { x: (left + right) / 2, y: (top + bottom) / 2 };
		}
		return null;
	}, words);
	if (point === null) return `${words} is not there`;
	await page.mouse.move(point.x, point.y);
	const name = page.locator(`${within} [data-author]`);
	return (await name.count()) > 0 ? ((await name.textContent()) ?? '') : '';
}

/** What each of these words is said to be, once it is. */
async function expectNames(
	one: Workspace,
	expected: Record<string, string>,
	within?: '.prompt',
): Promise<void> {
	await expect(async () => {
		const found: Record<string, string> = {};
		for (const words of Object.keys(expected)) found[words] = await nameOver(one.page, words, within);
		expect(found).toEqual(expected);
	}).toPass({ timeout: 30_000 });
}

test('[AUTHOR-11] two write in one response: each one’s words are under their name, the bot’s under the bot’s', async () => {
	const id = await opened();
	for (const one of [ann, rev]) await one.open(id);
	await ann.draft.click();
	await ann.page.keyboard.type('How hot is boiling water?');
	await expect(rev.draft).toContainText('boiling water?');
	await rev.draft.click();
	await rev.page.keyboard.press('Control+End');
	await rev.page.keyboard.type(' Say why.');
	await rev.saved();
	await expect(ann.draft).toContainText('Say why.');
	await ann.draft.press('Control+Enter');
	for (const one of [ann, rev]) await expect(one.final(1)).toBeVisible();

	for (const one of [ann, rev]) {
		await expect(toggle(one)).toHaveAttribute('aria-pressed', 'false');
		await expect(legend(one)).toHaveCount(0);
		await toggle(one).click();
		await expect(legend(one)).toHaveText(/Bot\s*100%/);
	}
	// Each at an end of it, at the same time, both watching.
	await ann.edit(1);
	await rev.edit(1);
	await rev.page.keyboard.press('Control+Home');
	await Promise.all([
		ann.page.keyboard.type(' Mountains prove it.', { delay: 20 }),
		rev.page.keyboard.type('Reviewed: ', { delay: 20 }),
	]);
	const seen = (mine: string, theirs: string): Record<string, string> => ({
		'Mountains prove': mine,
		'Reviewed:': theirs,
		'Water boils': 'qwen3-8b',
		'boils earlier': 'qwen3-8b',
	});
	await expectNames(ann, seen('You', 'rev'));
	await expectNames(rev, seen('ann', 'You'));
	await expect(legend(ann)).toHaveText(/Bot\s*8\d%\s*You\s*1\d%\s*rev\s*\d%/);

	// What rev takes out and takes back stays whose it was.
	await rev.page.keyboard.press('Control+a');
	await rev.page.keyboard.type('Oops');
	await expect(ann.page.locator('.answer .cm-content')).toHaveText('Oops');
	for (
		let steps = 0;
		steps < 4 && !(await ann.page.locator('.answer .cm-content').innerText()).includes('Mountains');
		steps++
	) {
		await rev.page.keyboard.press('Control+z');
		await rev.saved();
	}
	await expectNames(ann, seen('You', 'rev'));
	await expectNames(rev, seen('ann', 'You'));
	for (const one of [ann, rev]) await one.page.keyboard.press('Escape');

	// As it is read, by a page that is loaded anew, and by who only looks.
	await rev.page.reload();
	await rev.saved();
	await expect(toggle(rev)).toHaveAttribute('aria-pressed', 'true');
	await expectNames(rev, seen('ann', 'You'));
	await lead.open(id);
	await toggle(lead).click();
	await expectNames(lead, seen('ann', 'rev'));
	await expectNames(lead, { 'How hot': 'ann', 'Say why': 'rev' }, '.prompt');
	await expect(promptLegend(lead)).toHaveText(/ann\s*74%\s*rev\s*26%/);

	// The page that rev loaded has another client id, which the others have not seen yet.
	await rev.edit(1);
	await rev.page.keyboard.press('Control+Home');
	await rev.page.keyboard.type('Again ');
	await expectNames(lead, { ...seen('ann', 'rev'), Again: 'rev' });
	await expectNames(ann, { ...seen('You', 'rev'), Again: 'rev' });
	await expect(rev.page.locator('.answer [aria-current="location"]')).toHaveText(/You/);
	await rev.page.keyboard.press('Escape');
});

test('[AUTHOR-12] it moves no text, is reached by keyboard, marks whom one points at, and stays as it was left', async () => {
	const id = await asked();
	const { page } = ann;
	await page.context().clearCookies({ name: 'who-wrote' });
	await ann.open(id);
	const place = () => page.locator('.answer .text').boundingBox();
	const before = await place();
	await expect(toggle(ann)).toHaveAttribute('aria-pressed', 'false');
	await toggle(ann).focus();
	await page.keyboard.press('Enter');
	await expect(legend(ann)).toHaveText(/Bot\s*100%/);
	const bars = page.locator('.answer .gutter');
	await expect(bars).toHaveCount(1);
	await expect(bars).toHaveAttribute('data-by', 'bot');
	await expect(page.locator('.prompt .gutter')).not.toHaveAttribute('data-by', 'bot');
	await expect(promptLegend(ann)).toHaveCount(0); // all the sender's
	expect(await place()).toEqual(before);

	const marked = page.locator('.answer .words');
	await expect(marked).toHaveCount(0);
	await legend(ann).getByRole('button').focus();
	await expect(marked).not.toHaveCount(0);
	await page.keyboard.press('Enter');
	await page.keyboard.press('Tab');
	await expect(marked).not.toHaveCount(0); // kept
	await legend(ann).getByRole('button').press('Enter');
	await legend(ann).getByRole('button').blur();
	await expect(marked).toHaveCount(0);

	await page.reload();
	await ann.saved();
	await expect(toggle(ann)).toHaveAttribute('aria-pressed', 'true');
	await expect(bars).toHaveCount(1);
	const remembered = page.waitForResponse('**/preferences');
	await toggle(ann).press('Enter');
	await expect(bars).toHaveCount(0);
	await remembered;
	await page.reload();
	await ann.saved();
	await expect(toggle(ann)).toHaveAttribute('aria-pressed', 'false');
});

test('[AUTHOR-12] where the server cannot be asked it says so, and shows it once it can', async () => {
	const id = await asked();
	const { page } = ann;
	await ann.open(id);
	await expect(toggle(ann)).toHaveAttribute('aria-pressed', 'false');
	await page.route('**/authors', (route) => route.abort());
	await toggle(ann).click();
	await expect(page.getByText('Who wrote this needs a connection')).toBeVisible();
	await page.unroute('**/authors');
	await expect(legend(ann)).toHaveText(/Bot\s*100%/);
	await expect(page.getByText('Who wrote this needs a connection')).toHaveCount(0);
	await toggle(ann).click();
});

test('[AUTHOR-12] axe finds nothing where it is shown, read or edited, and no page scrolls sideways', async () => {
	const id = await asked();
	const { page } = ann;
	await page.context().addCookies([{ name: 'who-wrote', value: 'on', url: stage.origin }]);
	for (const look of LOOKS) {
		await wear(page, stage.origin, look);
		await ann.open(id);
		await expect(page.locator('.answer .gutter')).not.toHaveCount(0);
		for (const edited of [false, true]) {
			if (edited) {
				await page.locator('.answer .text').click();
				await page.keyboard.press('Control+End');
				await page.keyboard.type('.');
				await expect(page.locator('.answer .gutter')).not.toHaveCount(1);
				await page.keyboard.press('Control+z');
			}
			await expectSound(page, nameOf(look));
		}
		await page.keyboard.press('Escape');
	}
});
