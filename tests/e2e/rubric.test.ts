import { expect, test, type Page } from '@playwright/test';
import { projectOf, type ApiClient, type ApiDialogue } from '../support/api-client.ts';
import { answeredDialogue } from '../support/live-dialogue.ts';
import { expectSound, LOOKS, nameOf, wear } from '../support/looks.ts';
import { reload, visit, type Workspace } from '../support/pages.ts';
import { everyKind } from '../support/rubrics.ts';
import { Stage } from '../support/stage.ts';

let stage: Stage;
let ann: Workspace;
let rev: Workspace;
let lead: Page;
let api: ApiClient;
let leadApi: ApiClient;
let project: number;

const publish = (rubric: unknown) => leadApi.ok('POST', `/projects/${project}/rubric`, rubric);
const publishOwn = () => publish({ name: everyKind.name, criteria: everyKind.criteria });

test.beforeAll(async ({ browser }) => {
	stage = await Stage.set(browser);
	[ann, rev] = await stage.workspaces('ann', 'rev');
	lead = await stage.enter('lea');
	api = stage.api('ann');
	leadApi = stage.api('lea');
	project = await projectOf(leadApi);
	await publishOwn();
});
test.afterAll(() => stage?.strike());

const flagIn = ({ page }: Workspace, name: string) =>
	page.getByRole('toolbar', { name: 'Flags' }).getByRole('button', { name });
const radio = ({ page }: Workspace, group: string, name: string) =>
	page.getByRole('radiogroup', { name: group }).getByRole('radio', { name });
const whole = ({ page }: Workspace) => page.getByRole('region', { name: 'The whole dialogue' });
/** What of the side's text stands where, but for reasons. */
const placeOf = (workspace: Workspace, group: string) =>
	workspace.page.getByRole('radiogroup', { name: group }).evaluate((one) => one.getBoundingClientRect().top);

test('[RUBRIC-7] scales, flags and a choice by keyboard alone: a digit each, in the group that has the focus', async () => {
	const id = await answeredDialogue(api);
	const { page } = ann;
	await ann.open(id);
	await rev.open(id);
	await expect(page.getByText('0 of 4 rated', { exact: true })).toBeVisible();

	await ann.scale('helpful').getByRole('radio').first().focus();
	for (const digit of ['4', '3', '5']) await page.keyboard.press(digit);
	await expect(flagIn(ann, 'spam')).toBeFocused();
	await expect(page.getByText('3 of 4 rated', { exact: true })).toBeVisible();
	const before = await placeOf(ann, 'tone');
	await page.keyboard.press('1');
	await expect(flagIn(ann, 'spam')).toHaveAttribute('aria-pressed', 'true');
	await expect(flagIn(ann, 'spam')).toBeFocused();
	await expect(page.getByText('3 of 4 rated', { exact: true })).toBeVisible();
	await page.keyboard.press('ArrowRight');
	await expect(flagIn(ann, 'unsafe')).toBeFocused();
	await page.keyboard.press('1');
	await expect(flagIn(ann, 'spam')).toBeFocused();
	await expect(flagIn(ann, 'spam')).toHaveAttribute('aria-pressed', 'false');
	await page.keyboard.press('Space');
	await expect(flagIn(ann, 'spam')).toHaveAttribute('aria-pressed', 'true');
	expect(await placeOf(ann, 'tone')).toBe(before);

	// A flag that asks why is one more to answer.
	await page.keyboard.press('2');
	await expect(page.getByText('3 of 5 rated', { exact: true })).toBeVisible();
	await page.keyboard.press('Tab');
	const why = page.getByRole('textbox', { name: 'Why “unsafe”? Required' });
	await expect(why).toBeFocused();
	await page.keyboard.type('12 tablets');
	await page.keyboard.press('Tab');
	await expect(radio(ann, 'tone', 'plain')).toBeFocused();
	const below = whole(ann).locator('h2');
	const stood = await below.evaluate((one) => one.getBoundingClientRect().top);
	await page.keyboard.press('2');
	await expect(radio(ann, 'tone', 'warm')).toBeChecked();
	expect(await below.evaluate((one) => one.getBoundingClientRect().top)).toBe(stood);
	await expect(page.getByText('5 of 5 rated', { exact: true })).toBeVisible();
	await expect(why).toHaveValue('12 tablets');
	await expect(ann.scale('helpful').getByRole('radio', { name: '4' })).toBeChecked();

	// Lowered, its reason is not asked any more; raised again, what was typed is back.
	await flagIn(ann, 'unsafe').click();
	await expect(why).toHaveCount(0);
	await expect(page.getByText('4 of 4 rated', { exact: true })).toBeVisible();
	await flagIn(ann, 'unsafe').click();
	await expect(why).toHaveValue('12 tablets');

	// The reviewer, who is here, sees each as it is.
	await expect(rev.page.getByText('ann 4')).toBeVisible();
	await expect(rev.page.getByText('ann: warm')).toBeVisible();
	await expect(rev.page.getByText('ann: unsafe')).toBeVisible();
	await expect(rev.page.getByText('12 tablets')).toBeVisible();
	await expect(rev.page.getByText('ann: spam')).toBeVisible();
});

test('[RUBRIC-8] Submit and N lead to the dialogue as a whole; the reviewer rates it, too', async () => {
	const { page } = ann;
	await ann.prompt('And on Sunday?');
	await expect(ann.turn(2).getByRole('textbox', { name: /^Final text/ })).toBeVisible({ timeout: 30_000 });
	await ann.turn(1).focus();
	await expect(whole(ann).getByRole('radiogroup')).toHaveCount(0);
	await page.keyboard.press('n');
	await expect(ann.scale('helpful').getByRole('radio').first()).toBeFocused();
	for (const digit of ['4', '4', '4']) await page.keyboard.press(digit);
	await page.keyboard.press('Tab');
	await page.keyboard.press('1');
	await ann.saved();

	await page.keyboard.press('Control+Shift+Enter');
	const dialog = page.getByRole('dialog');
	await expect(dialog).toContainText('The dialogue as a whole is not rated yet');
	await expect(dialog.getByRole('button', { name: 'The whole dialogue: goal and end' })).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(radio(ann, 'goal', '0')).toBeFocused();
	await page.keyboard.press('1');
	await expect(whole(ann).getByRole('button', { name: 'stuck' })).toBeFocused();
	await page.keyboard.press('Escape');

	await ann.turn(1).focus();
	await page.keyboard.press('n');
	await expect(whole(ann).getByRole('textbox', { name: /^Why/ })).toBeFocused();
	await page.keyboard.type('not a word about trains');
	await page.keyboard.press('Control+Enter');
	await ann.turn(2).focus();
	await page.keyboard.press('n');
	await expect(radio(ann, 'end', 'solved')).toBeFocused();
	await page.keyboard.press('1');
	await expect(whole(ann).getByText('2 of 2 rated')).toBeVisible();
	await ann.saved();
	await page.keyboard.press('Control+Shift+Enter');
	await dialog.getByRole('button', { name: 'Submit dialogue' }).click();

	await rev.page.getByRole('button', { name: 'Claim' }).click();
	await expect(rev.page.getByRole('button', { name: 'Return…' })).toBeVisible();
	await rev.turn(2).focus();
	await expect(whole(rev).getByText('ann 1')).toBeVisible();
	await expect(whole(rev).getByText('not a word about trains')).toBeVisible();
	await radio(rev, 'goal', '3').focus();
	await rev.page.keyboard.press('3');
	await rev.saved();
	await expect(whole(ann).getByText('rev 3')).toBeVisible();
	await rev.page.getByRole('button', { name: 'Accept' }).click();
	await expect(rev.page.getByRole('button', { name: 'Accept' })).toHaveCount(0);
});

test('[RUBRIC-8] where people rate blind, the dialogue as a whole is blind, and owed', async () => {
	await visit(lead, '/settings');
	await lead.getByRole('button', { name: 'Switch on Rate blind' }).click();
	await expect(lead.getByRole('button', { name: 'Switch off Rate blind' })).toBeVisible();
	const id = await answeredDialogue(api);
	await ann.open(id);
	await ann.rate([4, 4, 4]);
	await radio(ann, 'tone', 'plain').press('1');
	await radio(ann, 'goal', '5').press('5');
	await radio(ann, 'end', 'solved').press('1');
	await ann.saved();
	await ann.page.keyboard.press('Control+Shift+Enter');
	await ann.page.getByRole('dialog').getByRole('button', { name: 'Submit dialogue' }).click();

	await rev.open(id);
	await rev.page.getByRole('button', { name: 'Claim' }).click();
	await expect(rev.page.getByRole('button', { name: 'Return…' })).toBeVisible();
	await rev.rate([3, 3, 3]);
	await radio(rev, 'tone', 'warm').press('2');
	await rev.saved();
	await expect(rev.page.locator('.other')).toHaveCount(0);
	await expect(rev.page.getByRole('button', { name: 'Accept' })).toHaveAttribute('aria-disabled', 'true');
	await rev.turn(1).focus();
	await rev.page.keyboard.press('Control+Enter'); // done with the turn: nothing else is open but the whole
	await expect(radio(rev, 'goal', '0')).toBeFocused();
	await rev.page.keyboard.press('2');
	await radio(rev, 'end', 'solved').press('1');
	await expect(whole(rev).getByText('ann 5')).toBeVisible();
	await expect(rev.page.getByText('ann: plain')).toBeVisible();
	await rev.page.getByRole('button', { name: 'Accept' }).click();
	await expect(rev.page.getByRole('button', { name: 'Accept' })).toHaveCount(0);
	const { turns } = await api.ok<ApiDialogue>('GET', `/dialogues/${id}`);
	expect(Object.keys(turns[1]?.ratings ?? {})).toHaveLength(2);
	await lead.getByRole('button', { name: 'Switch off Rate blind' }).click();
	await expect(lead.getByRole('button', { name: 'Switch on Rate blind' })).toBeVisible();
});

test('[RUBRIC-9] a lead looks at a preset and publishes it, by keyboard; new dialogues are rated by it', async () => {
	await reload(lead);
	const rubric = lead.getByRole('combobox', { name: 'Another rubric' });
	await expect(lead.getByText('Rubric: Every kind, version 2')).toBeVisible();
	await rubric.focus();
	await rubric.selectOption('InstructGPT');
	await lead.getByText('What InstructGPT asks').click();
	await expect(lead.getByText('It has violent content.')).toBeVisible();
	await lead.getByRole('button', { name: 'Publish as version 3' }).press('Enter');
	await expect(lead.getByText('Rubric: InstructGPT, version 3')).toBeVisible();
	await expect(lead.getByRole('button', { name: 'This one is in use' })).toBeFocused();

	const id = await answeredDialogue(api);
	await ann.open(id);
	await radio(ann, 'Overall quality', '7').press('7');
	await expect(flagIn(ann, 'Fails the instruction')).toBeFocused();
	await ann.page.keyboard.press('0'); // the tenth
	await expect(flagIn(ann, 'Moral judgement')).toHaveAttribute('aria-pressed', 'true');
	await expect(ann.page.getByText('1 of 1 rated', { exact: true })).toBeVisible();
});

for (const look of LOOKS)
	test(`[RUBRIC-7] axe finds nothing in flags, choices and what is asked of the whole: ${nameOf(look)}`, async () => {
		await publishOwn();
		const id = await answeredDialogue(api);
		const { page } = ann;
		await wear(page, stage.origin, look);
		const clean = async (what: string, of = page): Promise<void> => {
			await expectSound(of, what);
			const cut = await of.evaluate(() =>
				[...document.querySelectorAll('main button, main select, main label')]
					.filter((one) => one.checkVisibility({ visibilityProperty: true }))
					.filter((one) => one.getBoundingClientRect().right > innerWidth)
					.map(({ textContent }) => textContent),
			);
			expect(cut).toEqual([]);
		};
		await ann.open(id);
		const pane = page.getByRole('button', { name: /^(Rate|评分) \d/ });
		if (look.width < 900) await pane.click();
		const flags = page.getByRole('toolbar').first();
		await clean('open');
		await ann.rate([1, 4, 4]);
		await flags.getByRole('button').nth(1).click();
		await page.getByRole('radio').nth(20).scrollIntoViewIfNeeded();
		await clean('given');
		await page.locator('[data-level="dialogue"] input').last().check();
		await clean('whole');
		await page.keyboard.press('Control+Shift+Enter');
		await expect(page.getByRole('dialog')).toBeVisible();
		await clean('submit');

		await publish({ preset: 'instructgpt' });
		await ann.open(await answeredDialogue(api));
		if (look.width < 900) await pane.click();
		await flags.getByRole('button').nth(9).click();
		await clean('instructgpt');

		await wear(lead, stage.origin, look);
		await visit(lead, '/settings');
		await lead.locator('summary').last().click();
		await lead.getByRole('combobox').last().scrollIntoViewIfNeeded();
		await clean('settings', lead);
	});
