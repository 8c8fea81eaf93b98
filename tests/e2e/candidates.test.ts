import { expect, test, type Locator } from '@playwright/test';
import { answered, projectOf, type ApiClient, type ApiDialogue } from '../support/api-client.ts';
import { openedDialogue } from '../support/live-dialogue.ts';
import { expectSound, nameOf, wear } from '../support/looks.ts';
import { startStandIn, type StandIn, type StandInOptions } from '../support/openai-stand-in.ts';
import { reload, tabTo, visit, type Workspace } from '../support/pages.ts';
import { Stage } from '../support/stage.ts';

const NAMES = ['Qwen of the east', 'Llama of the west'] as const;
const SAYS = ['Boil it in the morning, with a lid on.', 'Steam it at night. 晚上蒸，不要盖。'] as const;

const pace: StandInOptions[] = SAYS.map((said) => ({ answers: () => said, chunk: 4, delayMs: 0 }));
let stage: Stage;
/** Who answers beside the stage's bot. */
let other: StandIn;
let api: ApiClient;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
	const [first, second] = pace as [StandInOptions, StandInOptions];
	other = await startStandIn(second);
	stage = await Stage.set(browser, { bot: first, model: NAMES[0] });
	api = stage.api('ann');
});
test.afterAll(async () => {
	await stage?.strike();
	await other?.close();
});
test.beforeEach(() => {
	for (const bot of [stage.bot, other]) bot.setMode('ok');
	for (const options of pace) options.delayMs = 0;
});

const view = (id: number): Promise<ApiDialogue> => api.ok('GET', `/dialogues/${id}`);
async function asked(): Promise<number> {
	const id = await openedDialogue(api);
	await api.ok('POST', `/dialogues/${id}/turns`, { text: 'How do I cook it?' });
	return id;
}

const candidate = ({ page }: Workspace, slot: string): Locator =>
	page.getByRole('article', { name: `Candidate ${slot}` });
const best = ({ page }: Workspace): Locator => page.getByRole('radiogroup', { name: 'Best response' });
const degree = ({ page }: Workspace): Locator => page.getByRole('radiogroup', { name: 'How much better' });
const textOf = async (card: Locator): Promise<string> =>
	((await card.locator('.reading').textContent()) ?? '').trim();

test('[CAND-1] a lead sets the number of responses by keyboard, in the settings', async () => {
	const lead = await stage.enter('lea');
	await visit(lead, '/settings?edit=new');
	await lead.getByRole('textbox', { name: 'Name' }).fill(NAMES[1]);
	await lead.getByRole('textbox', { name: 'Address' }).fill(other.url);
	await lead.getByRole('textbox', { name: 'Model' }).fill('llama');
	await lead.getByRole('button', { name: 'Save' }).click();
	await expect(lead.getByText(NAMES[1])).toBeVisible();
	const two = lead.getByRole('button', { name: '2 responses' });
	await tabTo(two);
	await lead.keyboard.press('Enter');
	await expect(two).toHaveAttribute('aria-pressed', 'true');
	await expect(two).toBeFocused();
	await reload(lead);
	await expect(two).toHaveAttribute('aria-pressed', 'true');
	await lead.context().close();
});

test('[CAND-9] two people see both responses come, and the annotator chooses, says by how much and rates by keyboard alone', async () => {
	const [ann, rev] = await stage.workspaces('ann', 'rev');
	const id = await openedDialogue(api);
	await ann.open(id);
	await rev.open(id);
	for (const options of pace) options.delayMs = 250;
	await tabTo(ann.draft);
	const keys = ann.page.keyboard;
	await keys.type('How do I cook it?');
	await keys.press('Control+Enter');
	for (const who of [ann, rev])
		for (const slot of ['A', 'B']) await expect(candidate(who, slot).locator('.reading')).not.toBeEmpty();
	const [a, b] = await Promise.all(['A', 'B'].map((slot) => candidate(ann, slot).boundingBox()));
	expect(a?.y).toBe(b?.y);
	expect(b?.x).toBeGreaterThan((a?.x ?? 0) + (a?.width ?? 0));
	await expect(ann.page.getByText('Choose the best response to copy it here')).toBeVisible();
	await expect(rev.page.getByText('The annotator chooses the response')).toBeVisible();
	for (const name of NAMES)
		for (const who of [ann, rev]) await expect(who.page.getByText(name)).toHaveCount(0);

	// While both still write: to the choice, B, much better, and on to the criteria.
	await keys.press('Escape');
	await keys.press('n');
	await expect(best(ann).getByRole('radio', { name: 'A', exact: true })).toBeFocused();
	await keys.press('2');
	await expect(degree(ann).getByRole('radio', { name: 'Better', exact: true })).toBeFocused();
	await expect(degree(ann).getByRole('radio', { name: 'Better', exact: true })).toBeChecked();
	await keys.press('3');
	await expect(ann.scale('Helpful').getByRole('radio').first()).toBeFocused();
	for (const digit of ['4', '5', '5']) await keys.press(digit);
	await expect(ann.page.getByText('3 of 3 rated')).toBeVisible();
	await answered(api, id);
	const chosen = await textOf(candidate(ann, 'B'));
	expect(SAYS).toContain(chosen);
	for (const who of [ann, rev]) await expect(who.final(1)).toHaveText(chosen);
	await expect(candidate(ann, 'B').getByText('Copied to Final')).toBeVisible();
	// The bots are named to who has chosen; who has still to choose sees what the other chose, and no name.
	await expect(candidate(ann, 'B').getByText(NAMES[SAYS.indexOf(chosen as never)] ?? '')).toBeVisible();
	await expect(rev.page.getByText('ann: B, much better')).toBeVisible();
	for (const name of NAMES) await expect(rev.page.getByText(name)).toHaveCount(0);
	const { turns } = await view(id);
	const choice = turns[1]?.choice;
	expect(Object.values(choice?.given ?? {})).toEqual([{ best: choice?.candidates[1]?.id, degree: 3 }]);

	// The reviewer, asked in, chooses too; Final stays the annotator's.
	await rev.page.keyboard.press('n');
	await expect(best(rev).getByRole('radio', { name: 'A', exact: true })).toBeFocused();
	await rev.page.keyboard.press('=');
	await expect(rev.scale('Helpful').getByRole('radio').first()).toBeFocused();
	await expect(ann.page.getByText('rev: Tie')).toBeVisible();
	await expect(rev.page.getByText(NAMES[0]).first()).toBeVisible();
	await expect(ann.final(1)).toHaveText(chosen);
	await Promise.all([ann.page.context().close(), rev.page.context().close()]);
});

test('[CAND-7] another choice brings the other text, keeps what was edited, and says how it comes back', async () => {
	const ann = await stage.workspace('ann');
	const id = await asked();
	await answered(api, id);
	await ann.open(id);
	const [a, b] = await Promise.all(['A', 'B'].map((slot) => textOf(candidate(ann, slot))));
	await best(ann).getByRole('radio', { name: 'A', exact: true }).click();
	await expect(ann.final(1)).toHaveText(a ?? '');
	await ann.edit(1);
	await ann.page.keyboard.insertText(' Checked by me.');
	await ann.page.keyboard.press('Escape');
	await ann.saved();
	await best(ann).getByRole('radio', { name: 'B', exact: true }).click();
	await expect(ann.final(1)).toHaveText(b ?? '');
	await ann.page.getByText('Earlier answers (1)').click();
	await expect(ann.turn(1).getByText(`${a} Checked by me.`)).toBeVisible();
	await expect(ann.page.getByText('Choose A again to bring it back')).toBeVisible();
	await best(ann).getByRole('radio', { name: 'A', exact: true }).click();
	await expect(ann.final(1)).toHaveText(`${a} Checked by me.`);
	// All bad: nothing stands there, and it is written anew.
	await best(ann).getByRole('radio', { name: 'All bad', exact: true }).click();
	await expect(ann.final(1)).toHaveText('');
	await ann.edit(1);
	await ann.page.keyboard.insertText('My own answer.');
	await ann.page.keyboard.press('Escape');
	await ann.saved();
	await expect(ann.final(1)).toHaveText('My own answer.');
	await expect(degree(ann)).toHaveCount(0);
	await ann.page.context().close();
});

test('[CAND-4] each response has its Stop; an error is said in its slot', async () => {
	for (const bot of [stage.bot, other]) bot.setMode('stall');
	const ann = await stage.workspace('ann');
	const id = await asked();
	await ann.open(id);
	for (const slot of ['A', 'B']) await expect(candidate(ann, slot).locator('.reading')).not.toBeEmpty();
	await ann.page.getByRole('button', { name: 'Stop candidate A' }).click();
	await expect(candidate(ann, 'A').getByText(/Stopped after/)).toBeVisible();
	await expect(candidate(ann, 'B').getByText(/writing/)).toBeVisible();
	await expect(ann.page.getByRole('button', { name: 'Stop candidate A' })).toHaveCount(0);
	await ann.page.locator('.composer').getByRole('button', { name: 'Stop' }).click();
	await expect(candidate(ann, 'B').getByText(/Stopped after/)).toBeVisible();

	other.setMode('ok');
	stage.bot.setMode('500');
	const failing = await asked();
	await answered(api, failing);
	await ann.open(failing);
	const cards = ann.page.getByRole('article');
	await expect(cards.getByText('The bot answered with an error')).toHaveCount(1);
	await expect(best(ann).getByRole('radio', { disabled: true })).toHaveCount(1);
	await ann.page.context().close();
});

test('[CAND-8] what is not chosen holds back the next prompt and the submission, and both lead to the choice', async () => {
	const ann = await stage.workspace('ann');
	const id = await asked();
	await answered(api, id);
	await ann.open(id);
	await ann.prompt('And then? 1 = 0');
	await expect(ann.page.locator('.composer').getByText('Choose the best response first')).toBeVisible();
	await expect(ann.draft).toHaveText('And then? 1 = 0');
	// digits, = and 0 are text in a text
	expect(Object.keys((await view(id)).turns[1]?.choice?.given ?? {})).toEqual([]);
	await ann.page.keyboard.press('Escape');
	await ann.page.keyboard.press('1');
	await ann.page.keyboard.press('Control+Shift+Enter');
	await ann.page.getByRole('button', { name: /Turn 1: Best response, Helpful/ }).click();
	await expect(best(ann).getByRole('radio', { name: 'A', exact: true })).toBeFocused();
	expect(Object.keys((await view(id)).turns[1]?.choice?.given ?? {})).toEqual([]);
	await ann.page.keyboard.press('0');
	for (const digit of ['4', '5', '5']) await ann.page.keyboard.press(digit);
	await expect(ann.page.getByText('3 of 3 rated')).toBeVisible();
	await ann.draft.click();
	await ann.page.keyboard.press('Control+Enter');
	await expect(ann.turn(2)).toBeVisible();
	await ann.page.context().close();
});

/** Each two of a language, a theme, a width, and whether one is chosen meet in one of these. */
const UNCHOSEN = [
	{ locale: 'en', theme: 'light', width: 1680 },
	{ locale: 'en', theme: 'dark', width: 1280 },
	{ locale: 'zh', theme: 'dark', width: 360 },
] as const;
const CHOSEN = [
	{ locale: 'zh', theme: 'dark', width: 1680 },
	{ locale: 'zh', theme: 'light', width: 1280 },
	{ locale: 'en', theme: 'light', width: 360 },
] as const;

for (const count of [2, 4])
	test(`[CAND-9] ${count} responses fit: abreast, two by two or one at a time; axe finds nothing and nothing scrolls sideways`, async () => {
		const lead = stage.api('lea');
		await lead.ok('PATCH', `/projects/${await projectOf(lead)}`, { responses: count });
		const id = await asked();
		await answered(api, id);
		const ann = await stage.workspace('ann');
		const { page } = ann;
		await page.emulateMedia({ reducedMotion: 'reduce' });
		for (const looks of [UNCHOSEN, CHOSEN]) {
			if (looks === CHOSEN) {
				const { choice } = (await view(id)).turns[1] ?? {};
				const wish = { best: choice?.candidates[1]?.id };
				await api.ok('POST', `/dialogues/${id}/turns/${choice?.id}/choose`, wish);
			}
			for (const look of looks) {
				await wear(page, stage.origin, look);
				await ann.open(id);
				const cards = page.getByRole('article').filter({ visible: true });
				await expect(cards).toHaveCount(look.width === 360 ? 1 : count);
				const tops = await cards.evaluateAll((all) => all.map((card) => card.getBoundingClientRect().top));
				const rows = new Set(tops.map(Math.round)).size;
				expect(rows, `${count} at ${look.width}`).toBe(look.width === 1280 && count === 4 ? 2 : 1);
				await expectSound(page, nameOf(look));
			}
		}
		await expect(candidate(ann, 'B')).toBeVisible();
		await page.getByRole('tab', { name: 'B' }).focus();
		await page.keyboard.press('ArrowLeft');
		await expect(candidate(ann, 'A')).toBeVisible();
		await expect(candidate(ann, 'B')).toBeHidden();
		await page.context().close();
	});
