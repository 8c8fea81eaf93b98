import { expect, test, type Locator, type Page } from '@playwright/test';
import { answeredDialogue, submittedDialogue } from '../support/live-dialogue.ts';
import { expectSound, LOOKS, wear } from '../support/looks.ts';
import { signOut, visit, type Workspace } from '../support/pages.ts';
import { Stage } from '../support/stage.ts';

const ANSWER = 'Water boils at 90 degrees at sea level, and a lid saves time. Salt changes little.';

let stage: Stage;
let ann: Workspace;
let rev: Workspace;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
	stage = await Stage.set(browser, { bot: { answers: () => ANSWER, chunk: 40 } });
	[ann, rev] = await stage.workspaces('ann', 'rev');
});
test.afterAll(() => stage?.strike());

/** A dialogue with one answered prompt, open before both. */
async function both(): Promise<number> {
	const id = await answeredDialogue(stage.api('ann'), ['How hot is boiling water?']);
	for (const one of [ann, rev]) await one.open(id);
	return id;
}

const tab = ({ page }: Workspace): Locator => page.getByRole('tab', { name: /^Comments/ });
const panel = ({ page }: Workspace): Locator => page.getByRole('region', { name: 'Comments' });
const box = (one: Workspace, label = 'Write a comment'): Locator =>
	one.page.getByRole('textbox', { name: label });
const comment = (one: Workspace, words: string): Locator =>
	panel(one).getByRole('article').filter({ hasText: words });
/** What is marked in the text as it is read. */
const marked = ({ page }: Workspace): Locator => page.locator('.answer mark');
const inEditor = ({ page }: Workspace): Locator => page.locator('.answer .cm-comment');
const spoken = ({ page }: Workspace, words: string): Locator =>
	page.locator('.room > [role=status]').filter({ hasText: words });

/** Selects words of the first response in its editor, by keyboard. */
async function selectInEditor({ page }: Workspace, words: string): Promise<void> {
	const { keyboard } = page;
	await keyboard.press('Control+Home');
	const text = (await page.locator('.answer .cm-content').textContent()) ?? '';
	for (let i = 0; i < text.indexOf(words); i++) await keyboard.press('ArrowRight');
	for (let i = 0; i < words.length; i++) await keyboard.press('Shift+ArrowRight');
}

/** Selects words of the first response as it is read, as a mouse does. */
async function selectWords({ page }: Workspace, words: string): Promise<void> {
	const ends = await page.locator('.answer .text').evaluate((element, wanted) => {
		const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
		for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
			const at = node.nodeValue?.indexOf(wanted) ?? -1;
			if (at < 0) continue;
			const range = document.createRange();
			range.setStart(node, at);
			range.setEnd(node, at + wanted.length);
			const { left, right, top, bottom } = range.getBoundingClientRect();
			return { left, right, middle: (top + bottom) / 2 };
		}
		return null;
	}, words);
	if (ends === null) throw new Error(`${words} is not there`);
	await page.mouse.move(ends.left, ends.middle);
	await page.mouse.down();
	await page.mouse.move(ends.right, ends.middle, { steps: 5 });
	await page.mouse.up();
}

/** To the comments, by keyboard. */
async function toComments({ page }: Workspace): Promise<void> {
	await page.getByRole('tablist', { name: 'Ratings and comments' }).locator('[tabindex="0"]').focus();
	const selected = await page.getByRole('tab', { name: /^Comments/ }).getAttribute('aria-selected');
	if (selected !== 'true') await page.keyboard.press('ArrowRight');
	await expect(page.getByRole('tab', { name: /^Comments/ })).toBeFocused();
}

async function press(button: Locator): Promise<void> {
	await button.focus();
	await button.press('Enter');
}

async function commentOnTurn(one: Workspace, text: string): Promise<void> {
	await one.turn(1).focus();
	await one.page.keyboard.press('c');
	await expect(box(one)).toBeFocused();
	await one.page.keyboard.type(text);
	await one.page.keyboard.press('Control+Enter');
	await expect(comment(one, text)).toBeVisible();
}

test('[COMMENT-9] two comment on words and on a turn, answer, settle and reopen, by keyboard alone', async () => {
	await both();
	const { keyboard } = ann.page;
	await ann.turn(1).focus();
	await keyboard.press('e');
	await expect(ann.final(1)).toBeFocused();
	await selectInEditor(ann, '90 degrees');
	await keyboard.press('Control+Alt+m');
	await expect(box(ann)).toBeFocused();
	await keyboard.type('Is it 100, @r');
	await expect(ann.page.getByRole('option', { name: 'rev' })).toHaveAttribute('aria-selected', 'true');
	await keyboard.press('Enter');
	await expect(box(ann)).toHaveValue('Is it 100, @rev ');
	await keyboard.type('?');
	await keyboard.press('Control+Enter');
	await expect(comment(ann, 'Is it 100, @rev ?')).toBeVisible();
	await expect(spoken(ann, 'Comment added')).toHaveCount(1);
	await expect(ann.final(1)).toBeFocused();
	await expect(inEditor(ann).first()).toBeVisible();

	await expect(marked(rev)).toHaveText('90 degrees');
	await expect(tab(rev)).toHaveAccessibleName(/^Comments 1.*1 new comment$/);
	await expect(spoken(rev, 'New comment by ann')).toHaveCount(1);
	await toComments(rev);
	await expect(comment(rev, 'Is it 100')).toContainText('Names you');
	await press(comment(rev, 'Is it 100').getByRole('button', { name: 'Reply' }));
	await expect(box(rev, 'Write a reply')).toBeFocused();
	await rev.page.keyboard.type('At sea level, yes.');
	await rev.page.keyboard.press('Control+Enter');
	await expect(comment(ann, 'At sea level, yes.')).toBeVisible();

	await keyboard.press('Control+Home');
	await keyboard.type('Note: ');
	await keyboard.press('Control+End');
	await keyboard.type(' Checked.');
	await expect(rev.turn(1)).toContainText('Note: Water boils');
	await expect(marked(rev)).toHaveText('90 degrees');

	await rev.page.keyboard.press('Escape');
	await expect(rev.turn(1)).toBeFocused();
	await commentOnTurn(rev, 'Short enough.');
	await expect(tab(ann)).toContainText('Comments 2');
	await press(comment(ann, 'Is it 100').getByRole('button', { name: 'Resolve' }));
	await expect(spoken(ann, 'Comment resolved')).toHaveCount(1);
	await expect(panel(ann).getByRole('heading', { name: 'Comments' })).toBeFocused();
	await expect(marked(rev)).toHaveCount(0);
	await expect(inEditor(ann)).toHaveCount(0);
	await expect(tab(rev)).toContainText('Comments 1');
	await press(panel(ann).locator('summary').filter({ hasText: 'Resolved' }));
	await press(comment(ann, 'Is it 100').getByRole('button', { name: 'Reopen' }));
	await expect(marked(rev)).toHaveText('90 degrees');

	await press(comment(ann, 'Is it 100').getByRole('button', { name: 'Edit comment' }));
	await expect(box(ann, 'Change your comment')).toBeFocused();
	await keyboard.press('Control+a');
	await keyboard.type('It is 100.');
	await keyboard.press('Control+Enter');
	await expect(comment(rev, 'It is 100.')).toBeVisible();
	const remove = comment(ann, 'It is 100.').getByRole('button', { name: 'Delete comment' });
	await press(remove);
	await press(comment(ann, 'It is 100.').getByRole('button', { name: 'Delete for good?' }));
	await expect(panel(rev)).toContainText('Comment deleted');
	await expect(comment(rev, 'At sea level, yes.')).toBeVisible();
	await ann.saved();
});

test('[COMMENT-10] a comment whose words were deleted stays, and stands on them again when they are back', async () => {
	await both();
	await selectWords(rev, 'a lid saves time');
	await rev.page.getByRole('button', { name: 'Comment', exact: true }).click();
	await expect(box(rev)).toBeFocused();
	await rev.page.keyboard.type('Energy too.');
	await panel(rev)
		.getByRole('button', { name: /^Comment/ })
		.last()
		.click();
	await expect(marked(rev)).toHaveText('a lid saves time');
	await expect(marked(ann)).toHaveText('a lid saves time');
	await marked(ann).click();
	await expect(comment(ann, 'Energy too.')).toBeVisible();
	await expect(ann.final(1)).toBeFocused();

	await selectInEditor(ann, ', and a lid saves time');
	await ann.page.keyboard.press('Delete');
	await expect(rev.turn(1)).toContainText('sea level. Salt');
	for (const one of [ann, rev]) {
		const details = panel(one).getByRole('group').filter({ hasText: 'Comment on deleted text' });
		await expect(details).toContainText('Energy too.');
		await expect(details.locator('del')).toHaveText('a lid saves time');
	}
	await expect(marked(rev)).toHaveCount(0);
	await ann.page.keyboard.press('Control+z');
	await expect(marked(rev)).toHaveText('a lid saves time');
	await expect(panel(rev)).not.toContainText('Comment on deleted text');
	await expect(inEditor(ann).first()).toBeVisible();
});

test('[COMMENT-15] who may only comment settles and reopens a thread of their own, and no other', async () => {
	const id = await both();
	await stage.api('ann').ok('POST', `/dialogues/${id}/together`, { together: false });
	await expect(rev.final(1)).toHaveCount(0);
	await commentOnTurn(ann, 'Is this right?');
	await commentOnTurn(rev, 'Nearly.');
	await toComments(rev);
	await expect(comment(rev, 'Is this right?')).toBeVisible();
	await expect(comment(rev, 'Is this right?').getByRole('button', { name: 'Resolve' })).toHaveCount(0);
	await press(comment(rev, 'Nearly.').getByRole('button', { name: 'Resolve' }));
	await expect(tab(ann)).toContainText('Comments 1');
	await press(panel(rev).locator('summary').filter({ hasText: 'Resolved' }));
	await press(comment(rev, 'Nearly.').getByRole('button', { name: 'Reopen' }));
	await expect(tab(ann)).toContainText('Comments 2');
	await press(comment(ann, 'Nearly.').getByRole('button', { name: 'Resolve' }));
	await expect(tab(rev)).toContainText('Comments 1');
	await rev.saved();
});

test('[COMMENT-11] what is typed in a comment is not lost, and signing out asks', async () => {
	const id = await both();
	const { page } = rev;
	await rev.turn(1).focus();
	await page.keyboard.press('c');
	await page.keyboard.type('Half a thou');
	await page.keyboard.press('Escape');
	await expect(rev.turn(1)).toBeFocused();
	await page.getByRole('tab', { name: 'Your rating' }).click();
	await expect(box(rev)).toHaveCount(0);
	await tab(rev).click();
	await expect(box(rev)).toHaveValue('Half a thou');
	await page.reload();
	await rev.saved();
	await page.setViewportSize({ width: 360, height: 740 });
	await page.getByRole('button', { name: /^Comments/ }).click();
	await expect(box(rev)).toHaveValue('Half a thou');
	await page.getByRole('button', { name: 'Dialogue', exact: true }).click();
	await expect(box(rev)).toBeHidden();
	await page.setViewportSize({ width: 1280, height: 800 });

	await stage.api('ann').ok('POST', `/dialogues/${id}/skip`, { reason: 'unclear' });
	await expect(panel(rev)).toContainText('Comments are closed');
	await expect(box(rev)).toHaveValue('Half a thou');
	await expect(panel(rev).getByRole('button', { name: /^Comment/ })).toHaveAttribute('aria-disabled', 'true');

	const again = await stage.workspace('rev');
	await again.open(id);
	await again.page.getByRole('tab', { name: /^Comments/ }).click();
	await expect(again.page.getByText('No comments yet')).toBeVisible(); // it is on one device alone
	await again.page.context().close();

	await visit(page, '/reviews');
	await signOut(page);
	await expect(page.getByRole('dialog')).toContainText(`#${id}: 1 change`);
	await page.keyboard.press('Escape');
	await rev.open(id);
	await tab(rev).click();
	await panel(rev).getByRole('button', { name: 'Cancel' }).click();
	await expect(box(rev)).toHaveCount(0);
});

test('[COMMENT-12] what others said since one last looked is marked until it is looked at', async () => {
	const id = await both();
	await visit(rev.page, '/reviews');
	await commentOnTurn(ann, 'While you were away.');
	await ann.saved();
	await rev.open(id);
	await expect(tab(rev)).toHaveAccessibleName(/^Comments 1.*1 new comment$/);
	await tab(rev).click();
	await expect(comment(rev, 'While you were away.')).toContainText('New');
	await expect(tab(rev)).toHaveAccessibleName('Comments 1');
	await rev.page.reload();
	await rev.saved();
	await expect(tab(rev)).toHaveAccessibleName('Comments 1');
	await tab(rev).click();
	await expect(comment(rev, 'While you were away.')).not.toContainText('New');
	await commentOnTurn(ann, 'While you look.');
	await expect(comment(rev, 'While you look.')).toContainText('New');
	await expect(tab(rev)).toHaveAccessibleName('Comments 2');
	await expect(tab(ann)).toHaveAccessibleName('Comments 2'); // one's own are nothing new
});

test('[COMMENT-13] returning begins with what one’s open comments say', async () => {
	const id = await submittedDialogue(stage.origin, stage.api('ann'), stage.account('ann').token);
	await rev.open(id);
	await press(rev.page.getByRole('button', { name: 'Claim' }));
	await expect(rev.page.getByText('In review').first()).toBeVisible();
	await commentOnTurn(rev, 'It is 100 degrees.');
	await rev.page.keyboard.press('x');
	const dialog = rev.page.getByRole('dialog', { name: 'Return with reasons' });
	await expect(dialog.getByRole('textbox')).toHaveValue('Turn 1: It is 100 degrees.');
	await expect(dialog).toContainText('from 1 open comment');
	await dialog.getByRole('textbox').fill('');
	await rev.page.keyboard.press('Escape');
	await rev.page.keyboard.press('x');
	await expect(dialog.getByRole('textbox')).toHaveValue(''); // what was taken out stays out
});

test('[COMMENT-14] axe finds nothing in the comments, in both themes, languages and widths', async () => {
	const id = await both();
	await selectWords(rev, '90 degrees');
	await rev.page.getByRole('button', { name: 'Comment', exact: true }).click();
	await rev.page.keyboard.type('Is it, @ann?');
	await rev.page.keyboard.press('Control+Enter');
	await commentOnTurn(ann, 'All of this, @rev, is a rather long comment that needs more than one line.');
	await press(comment(ann, 'Is it').getByRole('button', { name: 'Reply' }));
	await ann.page.keyboard.type('It is not.');
	await ann.page.keyboard.press('Control+Enter');
	await expect(comment(ann, 'It is not.')).toBeVisible();
	await press(comment(ann, 'Is it').getByRole('button', { name: 'Reply' }));
	await ann.page.keyboard.type('And @');
	await ann.saved();
	const { page } = ann;
	for (const look of LOOKS) {
		await wear(page, stage.origin, look);
		await page.goto(`/d/${id}`);
		await ann.saved();
		await looked(page, look.width);
	}
});

async function looked(page: Page, width: number): Promise<void> {
	const name = /^(Comments|批注)/;
	await page.getByRole(width < 900 ? 'button' : 'tab', { name }).click();
	const field = page.locator('.comments textarea');
	await field.click();
	await field.press('End');
	await field.press('Backspace');
	await field.press('@');
	await expect(page.getByRole('listbox')).toBeVisible();
	await expectSound(page, String(width));
}
