import { expect, test, type Locator } from '@playwright/test';
import type { Role } from '#lib/document/workflow.ts';
import { answeredDialogue, openedDialogue, rateAll } from '../support/live-dialogue.ts';
import { expectSound, LOOKS, nameOf, wear } from '../support/looks.ts';
import { visit, Workspace } from '../support/pages.ts';
import { Stage } from '../support/stage.ts';

// One annotator for each look: who was taken out of the project does not come back.
const cast: Record<string, Role> = { rev: 'reviewer', lea: 'lead' };
const annotator = (look: (typeof LOOKS)[number]): string => nameOf(look).replaceAll(' ', '-');
for (const look of LOOKS) cast[annotator(look)] = 'annotator';

const ANSWER = { en: 'Water boils at 90 degrees at sea level.', zh: '在海平面，水在 90 度沸腾。' };
const PROMPT = { en: 'How hot does water get?', zh: '水能烧到多少度？' };

let stage: Stage<string>;
let release = (): void => {};

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
	const bot = {
		answers: (messages: { content: string }[]) =>
			/\p{Script=Han}/u.test(messages.at(-1)?.content ?? '') ? ANSWER.zh : ANSWER.en,
		chunk: 4,
		halfway: () => halfway,
	};
	stage = await Stage.set(browser, { bot, cast });
});
test.afterAll(() => stage?.strike());

/** Where the bot waits with half of its answer out. */
let halfway: Promise<void> = Promise.resolve();
const hold = (): void => void (halfway = new Promise((resolve) => (release = resolve)));

const final = ({ page }: Workspace, turn: number): Locator =>
	page.locator(`#turn-${turn} .final [role=textbox]`);

async function write(one: Workspace, turn: number, text: string): Promise<void> {
	await final(one, turn).click();
	await expect(final(one, turn)).toBeFocused();
	await one.page.keyboard.press('Control+End');
	await one.page.keyboard.insertText(text);
	await one.page.keyboard.press('Escape');
}

async function removed(email: string): Promise<void> {
	const lead = await stage.enter('lea');
	await visit(lead, '/members');
	const row = lead.getByRole('listitem').or(lead.getByRole('row')).filter({ hasText: email });
	await row.getByRole('button', { name: /Remove/ }).click();
	await lead
		.getByRole('dialog')
		.getByRole('button', { name: /Remove/ })
		.click();
	await expect(row).toHaveCount(0);
	await lead.context().close();
}

for (const look of LOOKS) {
	const { locale } = look;
	const name = nameOf(look);
	const own = annotator(look);
	const api = () => stage.api(own);

	/** Somebody for whom everything looks so. */
	const enter = async (who: string): Promise<Workspace> => {
		const one = new Workspace(await stage.enter(who, { reducedMotion: 'reduce' }));
		await wear(one.page, stage.origin, look);
		return one;
	};

	test(`[LOOK-1] axe finds nothing while a bot writes, when it fails, and where the text above changed: ${name}`, async () => {
		const id = await openedDialogue(api(), locale);
		const ann = await enter(own);
		hold();
		await api().ok('POST', `/dialogues/${id}/turns`, { text: PROMPT[locale] });
		await ann.open(id);
		await expect(ann.page.locator('#turn-1')).toContainText(ANSWER[locale].slice(0, 4));
		await expectSound(ann.page, `a bot writes, ${name}`);
		halfway = Promise.resolve();
		release();
		await expect(final(ann, 1)).toHaveText(ANSWER[locale]);

		await api().ok('POST', `/dialogues/${id}/turns`, { text: PROMPT[locale] });
		await expect(final(ann, 2)).toHaveText(ANSWER[locale]);
		await write(ann, 1, ' 100.');
		await expect(ann.page.locator('#turn-2 [data-stale]')).toBeVisible();
		await expectSound(ann.page, `stale, ${name}`);

		stage.bot.setMode('error');
		await api().ok('POST', `/dialogues/${id}/turns`, { text: PROMPT[locale] });
		await expect(ann.page.locator('#turn-3 .fault')).toBeVisible();
		await expectSound(ann.page, `the bot failed, ${name}`);
		stage.bot.setMode('ok');
		await ann.page.context().close();
	});

	test(`[LOOK-1] axe finds nothing in what is asked at Submit and Return, and in what was returned: ${name}`, async () => {
		const id = await answeredDialogue(api(), [PROMPT[locale]], locale);
		const ann = await enter(own);
		await ann.open(id);
		await ann.page.keyboard.press('Control+Shift+Enter');
		await expect(ann.page.getByRole('dialog')).toBeVisible();
		await expectSound(ann.page, `not rated, ${name}`);
		await ann.page.keyboard.press('Escape');
		await rateAll(stage.origin, api(), stage.account(own).token, id);
		await ann.page.keyboard.press('Control+Shift+Enter');
		await expect(ann.page.getByRole('dialog').locator('.button.primary')).toBeFocused();
		await expectSound(ann.page, `to submit, ${name}`);
		await ann.page.keyboard.press('Enter');
		await expect(ann.page.getByRole('dialog')).toHaveCount(0);

		await stage.api('rev').ok('POST', `/dialogues/${id}/claim`);
		const rev = await enter('rev');
		await rev.open(id);
		await rev.page.locator('[data-command="return"]').click();
		const dialog = rev.page.getByRole('dialog');
		await dialog.getByRole('checkbox').first().check();
		await dialog.getByRole('textbox').fill(ANSWER[locale]);
		await expectSound(rev.page, `to return, ${name}`);
		await rev.page.keyboard.press('Control+Enter');
		await expect(dialog).toHaveCount(0);
		await expect(ann.page.locator('.banner')).toContainText(ANSWER[locale]);
		await expectSound(ann.page, `returned, ${name}`);
		for (const one of [ann, rev]) await one.page.context().close();
	});

	test(`[LOOK-1] axe finds nothing offline, in late changes, and in what is left to who was taken out: ${name}`, async () => {
		const id = await answeredDialogue(api(), [PROMPT[locale], PROMPT[locale]], locale);
		await rateAll(stage.origin, api(), stage.account(own).token, id);
		const ann = await enter(own);
		await ann.open(id);
		await ann.goOffline();
		await write(ann, 1, ` ${ANSWER[locale]}`);
		await write(ann, 2, ' 100 °C'.repeat(30_000));
		await expectSound(ann.page, `offline, ${name}`);
		await api().ok('POST', `/dialogues/${id}/submit`);
		await ann.page.context().setOffline(false);
		const late = ann.page.locator('.late');
		await expect(late.getByRole('listitem')).toHaveCount(2);
		await expectSound(ann.page, `late, ${name}`);
		await api().ok('POST', `/dialogues/${id}/take-back`);
		await expect(late.locator('li .muted.small')).toBeVisible();
		await expect(late.locator('li .button:not(.quiet)')).toHaveCount(3); // two to copy, one to apply
		await expectSound(ann.page, `late and too long, ${name}`);

		await removed(`${own}@example.org`);
		await expect(ann.page.locator('.banner a[href="/"]')).toBeVisible();
		await expectSound(ann.page, `taken out, ${name}`);
		await ann.page.reload();
		await expect(ann.page.getByRole('listitem')).toHaveCount(2);
		await expectSound(ann.page, `what is left, ${name}`);
		await ann.page.context().close();
	});
}
