import { expect, test, type Locator } from '@playwright/test';
import { answeredDialogue } from '../support/live-dialogue.ts';
import { expectSound, LOOKS, nameOf, wear } from '../support/looks.ts';
import { visit, type Workspace } from '../support/pages.ts';
import { Stage } from '../support/stage.ts';

/** Higher than the page. */
const LONG = Array.from({ length: 60 }, (_, i) => `Line ${i + 1} of a long answer.`).join('\n');

let stage: Stage;
let ann: Workspace;
let rev: Workspace;
let lead: Workspace;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
	stage = await Stage.set(browser, { bot: { answers: () => LONG, chunk: 400 } });
	[ann, rev, lead] = await stage.workspaces('ann', 'rev', 'lea');
});
test.afterAll(() => stage?.strike());

/** A dialogue of three long turns. */
const asked = () => answeredDialogue(stage.api('ann'), ['First?', 'Second?', 'Third?']);

const following = ({ page }: Workspace, name: string): Locator =>
	page.getByText(`Following ${name}. Esc to stop`);
const avatar = ({ page }: Workspace, name: string): Locator =>
	page.locator('.presence').getByRole('button', { name: new RegExp(`^${name}\\b`) });
const caret = ({ page }: Workspace): Locator => page.locator('.their-caret');

/** Turn `n` is where this page is. */
async function isAt(one: Workspace, n: number): Promise<void> {
	await expect(one.turn(n)).toHaveAttribute('aria-current', 'true');
	await expect(one.turn(n)).toBeInViewport();
}

test('[TOGETHER-1] F or a click on an avatar follows: to the turn where they are, and to the line of their caret', async () => {
	const id = await asked();
	for (const one of [ann, rev, lead]) await one.open(id);
	await expect(avatar(lead, 'ann')).toBeVisible();
	await lead.turn(3).focus();
	await lead.page.keyboard.press('f');
	await expect(following(lead, 'ann')).toBeVisible();
	await expect(avatar(lead, 'ann')).toHaveAttribute('aria-pressed', 'true');
	await ann.turn(1).focus();
	await isAt(lead, 1);
	await avatar(rev, 'ann').click();
	await expect(following(rev, 'ann')).toBeVisible();
	await isAt(rev, 1);

	await ann.edit(1); // its end, far below what the page shows of it
	for (const one of [lead, rev]) await expect(caret(one)).toBeInViewport();
	await ann.page.keyboard.press('Control+Home');
	for (const one of [lead, rev]) await expect(caret(one)).toBeInViewport();
	await ann.page.keyboard.press('Control+End');
	await ann.page.keyboard.type('\nAnd one more.');
	for (const one of [lead, rev]) {
		await expect(one.turn(1)).toContainText('And one more.');
		await expect(caret(one)).toBeInViewport();
	}
	/** Behind the last letter, where the caret of who is followed is. */
	const behind = (): Promise<boolean[]> =>
		lead.page.evaluate(() => {
			const shown = document.querySelector('#turn-1 .answer .text');
			const words = shown && document.createTreeWalker(shown, NodeFilter.SHOW_TEXT);
			let text: Node | null = null;
			while (words?.nextNode()) if (words.currentNode.nodeValue?.trim()) text = words.currentNode;
			const mark = document.querySelector('.their-caret')?.getBoundingClientRect();
			if (!text || !mark) throw new Error('not there');
			const range = document.createRange();
			range.setStart(text, (text.nodeValue?.length ?? 0) - 1);
			range.setEnd(text, text.nodeValue?.length ?? 0);
			const last = range.getBoundingClientRect();
			return [Math.abs(mark.left + 1 - last.right) < 2, Math.abs(mark.top - last.top) < 2];
		});
	await expect.poll(behind).toEqual([true, true]);

	await ann.page.keyboard.press('Escape');
	await ann.page.keyboard.press('j');
	await ann.page.keyboard.press('j');
	for (const one of [lead, rev]) await isAt(one, 3);
	await lead.page.keyboard.press('f'); // on to the next
	await expect(following(lead, 'rev')).toBeVisible();
	await lead.page.keyboard.press('f'); // and after the last to nobody
	await expect(lead.page.getByText(/^Following/)).toHaveCount(0);
});

test('[TOGETHER-2] own scrolling, typing, going elsewhere and Esc end it; what opens and closes does not', async () => {
	const id = await asked();
	for (const one of [ann, rev]) await one.open(id);
	await ann.turn(2).focus();
	const start = async (): Promise<void> => {
		await avatar(rev, 'ann').click();
		await expect(following(rev, 'ann')).toBeVisible();
		await isAt(rev, 2);
	};
	const ended = () => expect(following(rev, 'ann')).toHaveCount(0);
	const { keyboard, mouse } = rev.page;

	await start();
	await keyboard.press('Control+/');
	await expect(rev.page.getByRole('dialog')).toBeVisible();
	await keyboard.press('Escape');
	await expect(rev.page.getByRole('dialog')).toHaveCount(0);
	await keyboard.press('Control+k');
	await keyboard.type('raise');
	await keyboard.press('Enter');
	await keyboard.press('h');
	await rev.page.getByRole('button', { name: 'More actions' }).click();
	await keyboard.press('Escape');
	await expect(following(rev, 'ann')).toBeVisible();
	await keyboard.press('Escape');
	await ended();

	await start();
	await rev.page.getByRole('region', { name: 'Transcript' }).hover();
	await mouse.wheel(0, 200);
	await ended();
	await ann.turn(1).focus();
	await ann.page.keyboard.press('h');
	await expect(avatar(rev, 'ann')).toHaveAccessibleName(/hand raised/); // what came before it has come too
	await expect(rev.turn(2)).toHaveAttribute('aria-current', 'true'); // where it was left
	await ann.page.keyboard.press('h');
	await ann.turn(2).focus();

	await start();
	await rev.turn(2).focus();
	await keyboard.press('k');
	await ended();
	await expect(rev.turn(1)).toBeFocused();

	await start();
	await rev.draft.focus();
	await keyboard.type('Mine');
	await ended();
	await expect(rev.draft).toHaveText('Mine');

	await start();
	await rev.page.getByRole('button', { name: 'Stop following' }).click();
	await ended();

	await start();
	await visit(ann.page, '/queue');
	await expect(rev.page.getByText('ann has left. Esc to stop following')).toBeVisible();
	await ann.open(id);
	await ann.turn(3).focus();
	await expect(following(rev, 'ann')).toBeVisible();
	await isAt(rev, 3);
});

test('[TOGETHER-3] a raised hand is seen by everybody in the dialogue and in the lead’s list, until it is lowered', async () => {
	const id = await asked();
	await ann.open(id);
	await rev.open(id);
	await visit(lead.page, '/dialogues');
	await expect(lead.page.getByRole('img', { name: 'ann', exact: true })).toBeVisible();
	await ann.turn(3).focus();
	await ann.page.keyboard.press('h');
	await expect(avatar(rev, 'ann')).toHaveAccessibleName(/hand raised/);
	await expect(avatar(rev, 'ann').locator('.raised')).toBeVisible();
	await expect(ann.page.locator('.presence .raised')).toBeVisible();
	await expect(rev.page.locator('p[role=status]', { hasText: 'ann raised a hand' })).toHaveCount(1);
	await expect(lead.page.getByRole('img', { name: 'ann raised a hand' })).toBeVisible();

	await rev.open(id); // who comes later sees it too
	await expect(avatar(rev, 'ann')).toHaveAccessibleName(/hand raised/);
	await ann.open(id); // it goes with its page
	await expect(rev.page.locator('.presence .raised')).toHaveCount(0);
	await ann.turn(3).focus();
	await ann.page.keyboard.press('h');
	await expect(avatar(rev, 'ann')).toHaveAccessibleName(/hand raised/);

	await ann.page.getByRole('button', { name: 'More actions' }).click();
	await ann.page.getByRole('button', { name: 'Lower hand' }).click();
	await expect(avatar(rev, 'ann')).not.toHaveAccessibleName(/hand raised/);
	await expect(rev.page.locator('.presence .raised')).toHaveCount(0);
	await expect(lead.page.getByRole('img', { name: 'ann', exact: true })).toBeVisible();
});

test('[TOGETHER-8] in the lead’s list everybody has the colour of the dialogue, and a hand hides no letter, on every width', async () => {
	const id = await asked();
	for (const one of [ann, rev]) await one.open(id);
	const watcher = await lead.page.context().newPage();
	await watcher.goto(`/d/${id}`);
	await expect(avatar(ann, 'lea')).toBeVisible();
	await ann.turn(3).focus();
	await ann.page.keyboard.press('h');
	const colour = (face: Locator) => face.evaluate((one) => getComputedStyle(one).getPropertyValue('--by'));
	for (const width of [1280, 360]) {
		await lead.page.setViewportSize({ width, height: 800 });
		await visit(lead.page, '/dialogues');
		const row = lead.page.getByRole('row').filter({ has: lead.page.locator(`a[href="/d/${id}"]`) });
		const hand = row.getByRole('img', { name: 'ann raised a hand' });
		for (const [face, name] of [
			[hand, 'ann'],
			[row.getByRole('img', { name: 'rev', exact: true }), 'rev'],
			[row.getByRole('img', { name: 'lea', exact: true }), 'lea'],
		] as const) {
			const there = name === 'ann' ? avatar(rev, name) : avatar(ann, name);
			expect(await colour(face)).toBe(await colour(there.locator('.avatar')));
		}
		const covered = await hand.evaluate((face) => {
			const letter = document.createRange();
			letter.selectNodeContents(face.firstChild as Text);
			const [{ right }, sign] = [letter.getBoundingClientRect(), face.querySelector('.raised')];
			return sign === null || sign.getBoundingClientRect().left < right;
		});
		expect(covered).toBe(false);
	}
	await lead.page.setViewportSize({ width: 1280, height: 800 });
	await watcher.close();
});

test('[TOGETHER-4] who types is named at their avatar, and nothing moves for it', async () => {
	const id = await asked();
	await ann.open(id);
	for (const width of [1280, 1000, 360]) {
		await rev.page.setViewportSize({ width, height: 800 });
		await rev.open(id);
		await expect(avatar(rev, 'ann')).toBeVisible();
		const places = () =>
			rev.page.locator('.bar > *, .presence > *').evaluateAll((all) =>
				all.map((one) => {
					const { x, y, width, height } = one.getBoundingClientRect();
					return [x, y, width, height];
				}),
			);
		const sign = avatar(rev, 'ann').locator('.doing');
		await expect(sign).toHaveCount(0);
		const before = await places();
		await ann.draft.click();
		await ann.page.keyboard.press('Control+End');
		await expect(async () => {
			await ann.page.keyboard.type('a');
			await expect(sign).toHaveText(width < 1200 ? 'ann' : 'typing', {
				useInnerText: true,
				timeout: 1_000,
			});
			await expect(sign).toBeVisible({ timeout: 1_000 });
			expect(await places()).toEqual(before);
		}).toPass();
		await expect(sign).toHaveCount(0);
		expect(await places()).toEqual(before);
	}
	await rev.page.setViewportSize({ width: 1280, height: 800 });
});

test('[TOGETHER-6] other people’s cursors can be hidden, here and in the next dialogue', async () => {
	const id = await asked();
	for (const one of [ann, rev]) await one.open(id);
	await ann.draft.click();
	await ann.page.keyboard.type('Here I am');
	const theirs = rev.page.locator('.composer .cm-person');
	await expect(theirs).toBeVisible();
	const { keyboard } = rev.page;
	await keyboard.press('Control+k');
	await keyboard.type('cursors');
	const kept = rev.page.waitForResponse('**/preferences');
	await keyboard.press('Enter');
	await expect(theirs).toBeHidden();
	await kept;
	await rev.open(await asked());
	await rev.open(id);
	await ann.page.keyboard.type('.');
	await expect(rev.draft).toContainText('Here I am.');
	await expect(theirs).toHaveCount(1);
	await expect(theirs).toBeHidden();
	await rev.page.getByRole('button', { name: 'More actions' }).click();
	await rev.page.getByRole('button', { name: 'Other people’s cursors' }).click();
	await expect(theirs).toBeVisible();
	await keyboard.press('Escape');
});

test('[TOGETHER-7] who is observed sees by whom, on every width', async () => {
	const id = await asked();
	await ann.open(id);
	await lead.open(id);
	await expect(ann.page.locator('.presence').getByText('lea is observing')).toBeVisible();
	for (const width of [1280, 1000, 360]) {
		await ann.page.setViewportSize({ width, height: 800 });
		await expect(ann.page.getByTitle('lea is observing').locator('svg').first()).toBeVisible();
		await expect(ann.page.locator('.presence').getByText('lea is observing')).toHaveCount(1);
	}
	await visit(lead.page, '/dialogues');
	await expect(ann.page.getByTitle('lea is observing')).toHaveCount(0);
	await ann.page.setViewportSize({ width: 1280, height: 800 });
});

test('[LOOK-1] axe finds nothing while somebody is followed, has a hand raised and types', async () => {
	const id = await asked();
	await ann.open(id);
	await lead.open(id);
	await ann.turn(3).focus();
	await ann.page.keyboard.press('h');
	const { page } = rev;
	for (const look of LOOKS) {
		await wear(page, stage.origin, look);
		await rev.open(id);
		await avatar(rev, 'ann').click();
		await expect(page.locator('.presence [aria-pressed=true]')).toHaveCount(1);
		await ann.draft.click();
		await ann.page.keyboard.press('Control+End');
		await expect(async () => {
			await ann.page.keyboard.type('a');
			await expect(avatar(rev, 'ann').locator('.doing')).toBeVisible({ timeout: 1_000 });
		}).toPass();
		await expectSound(page, nameOf(look));
	}
	await page.context().clearCookies({ name: 'locale' });
});
