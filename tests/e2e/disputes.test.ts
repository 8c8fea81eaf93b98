import { expect, test } from '@playwright/test';
import { en } from '#lib/i18n/en.ts';
import { zh } from '#lib/i18n/zh.ts';
import { submittedDialogue } from '../support/live-dialogue.ts';
import { expectSound, LOOKS, nameOf, wear } from '../support/looks.ts';
import { reload, visit } from '../support/pages.ts';
import { Stage } from '../support/stage.ts';

let stage: Stage;
test.beforeAll(async ({ browser }) => {
	stage = await Stage.set(browser, { bot: { answers: () => 'Water boils at 100 degrees.', chunk: 40 } });
});
test.afterAll(() => stage?.strike());

test('[DISPUTE-3] the annotator disputes, the reviewer upholds with a reason, each at once before the other', async () => {
	const api = stage.api('rev');
	const id = await submittedDialogue(stage.origin, stage.api('ann'), stage.account('ann').token);
	await api.ok('POST', `/dialogues/${id}/claim`);
	await api.ok('POST', `/dialogues/${id}/accept`);
	const [ann, rev] = await stage.workspaces('ann', 'rev');
	const lead = await stage.enter('lea');
	for (const workspace of [ann, rev]) await workspace.open(id);

	const { keyboard } = ann.page;
	const button = ann.page.getByRole('button', { name: 'Dispute…' });
	await button.press('Enter');
	const reason = ann.page.getByRole('textbox', { name: 'Reason' });
	await expect(reason).toBeFocused();
	await keyboard.press('Control+Enter');
	await expect(reason).toBeFocused();
	await keyboard.type('The source says otherwise.');
	await keyboard.press('Escape');
	await button.press('Enter');
	await expect(reason).toHaveValue('The source says otherwise.');
	await keyboard.press('Control+Enter');
	await expect(reason).toHaveCount(0);
	await expect(button).toHaveCount(0);

	const said = rev.page.getByText('The source says otherwise.');
	await expect(said).toBeVisible();
	await visit(lead, '/dialogues');
	await expect(lead.getByRole('row').filter({ hasText: 'Disputed' })).toHaveCount(1);
	await rev.page.getByRole('button', { name: 'Uphold…' }).press('Enter');
	await expect(rev.page.getByRole('textbox', { name: 'Reason' })).toBeFocused();
	await rev.page.keyboard.type('It was outdated.');
	await rev.page.keyboard.press('Control+Enter');
	await expect(ann.page.getByText('It was outdated.')).toBeVisible();
	await expect(rev.page.getByRole('button', { name: 'Uphold…' })).toHaveCount(0);
	await expect(ann.page.getByText('Accepted').first()).toBeVisible();
});

test('[DISPUTE-4] a lead has what is disputed listed, in any state or in one, until it is answered', async () => {
	const [annotator, reviewer] = [stage.api('ann'), stage.api('rev')];
	const submitted = () => submittedDialogue(stage.origin, annotator, stage.account('ann').token);
	const disputed = await submitted();
	await reviewer.ok('POST', `/dialogues/${disputed}/claim`);
	await reviewer.ok('POST', `/dialogues/${disputed}/accept`);
	await annotator.ok('POST', `/dialogues/${disputed}/dispute`, { reason: 'The source says otherwise.' });
	const other = await submitted();
	const page = await stage.enter('lea');
	const row = (id: number) => page.getByRole('row').filter({ has: page.locator(`a[href="/d/${id}"]`) });

	await visit(page, '/dialogues');
	await expect(row(other)).toHaveCount(1);
	await page
		.getByRole('navigation', { name: 'Disputes' })
		.getByRole('link', { name: 'Disputed' })
		.press('Enter');
	await expect(row(other)).toHaveCount(0);
	await expect(row(disputed)).toHaveCount(1);
	const state = page.getByRole('combobox', { name: 'State' });
	await state.selectOption('Returned');
	await expect(page.getByText('No dispute is open')).toBeVisible();
	await state.selectOption('Accepted');
	await expect(row(disputed)).toHaveCount(1);
	await expect(page.getByRole('heading', { name: 'Accepted · Disputed' })).toBeVisible();
	await reload(page);
	await expect(row(disputed)).toHaveCount(1);
	await expect(row(other)).toHaveCount(0);

	await reviewer.ok('POST', `/dialogues/${disputed}/uphold`, { reason: 'It was outdated.' });
	await reload(page);
	await expect(row(disputed)).toHaveCount(0);
	await page.getByRole('link', { name: 'Clear filters' }).click();
	for (const id of [disputed, other]) await expect(row(id)).toHaveCount(1);
});

test('[DISPUTE-3] [LOOK-6] on a phone the bar keeps the whole word for the state, and disputing is among the actions', async () => {
	const id = await submittedDialogue(stage.origin, stage.api('ann'), stage.account('ann').token);
	await stage.api('rev').ok('POST', `/dialogues/${id}/claim`);
	await stage.api('rev').ok('POST', `/dialogues/${id}/return`, { reasons: ['format'] });
	const ann = await stage.workspace('ann');
	await ann.page.setViewportSize({ width: 360, height: 740 });
	await ann.open(id);
	const state = ann.page.locator('.bar .chip');
	await expect(state).toHaveText('Returned');
	expect(await state.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
	await ann.page.getByRole('button', { name: 'More actions' }).press('Enter');
	await ann.page.getByRole('button', { name: 'Dispute…' }).press('Enter');
	await expect(ann.page.getByRole('textbox', { name: 'Reason' })).toBeFocused();
});

for (const look of LOOKS) {
	test(`[LOOK-1] axe finds nothing where one disputes, where it is said and listed, and where it is answered: ${nameOf(look)}`, async () => {
		const words = { en, zh }[look.locale];
		const id = await submittedDialogue(stage.origin, stage.api('ann'), stage.account('ann').token);
		await stage.api('rev').ok('POST', `/dialogues/${id}/claim`);
		await stage.api('rev').ok('POST', `/dialogues/${id}/accept`);
		const [ann, rev] = await stage.workspaces('ann', 'rev');
		const lead = await stage.enter('lea');
		for (const page of [ann.page, rev.page, lead]) await wear(page, stage.origin, look);

		await ann.open(id);
		await ann.page.keyboard.press('Control+k');
		await ann.page.keyboard.type(words.commands.name.dispute);
		await ann.page.keyboard.press('Enter');
		await expect(ann.page.getByRole('dialog').getByRole('textbox')).toBeFocused();
		await ann.page.keyboard.insertText(words.dispute.lead.dispute);
		await expectSound(ann.page, `to dispute, ${nameOf(look)}`);
		await ann.page.keyboard.press('Control+Enter');
		await expect(ann.page.locator('.banner')).toContainText(words.dispute.lead.dispute);
		await expectSound(ann.page, `disputed, ${nameOf(look)}`);

		await visit(lead, '/dialogues');
		await expect(lead.getByRole('main')).toContainText(words.dispute.disputed);
		await expectSound(lead, `among others, ${nameOf(look)}`);
		await rev.open(id);
		await rev.page.getByRole('button', { name: words.dispute.uphold }).press('Enter');
		await expect(rev.page.getByRole('dialog').getByRole('textbox')).toBeFocused();
		await rev.page.keyboard.insertText(words.dispute.lead.uphold);
		await expectSound(rev.page, `to uphold, ${nameOf(look)}`);
		await rev.page.keyboard.press('Control+Enter');
		await expect(ann.page.locator('.banner')).toContainText(words.dispute.lead.uphold);
		await expectSound(ann.page, `upheld, ${nameOf(look)}`);
		for (const page of [ann.page, rev.page, lead]) await page.context().close();
	});
}
