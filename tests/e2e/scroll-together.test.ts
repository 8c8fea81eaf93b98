import { expect, test, type Locator } from '@playwright/test';
import { projectOf } from '../support/api-client.ts';
import { answeredDialogue } from '../support/live-dialogue.ts';
import { expectSound, LOOKS, nameOf, wear } from '../support/looks.ts';
import type { Workspace } from '../support/pages.ts';
import { Stage } from '../support/stage.ts';

/** No two answers are as long. */
let said = 0;
const answer = (): string =>
	Array.from({ length: 60 + 40 * (said++ % 2) }, (_, i) => `Step ${i + 1}: stir it well.`).join('\n\n');

let stage: Stage;
let ann: Workspace;
let id: number;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
	stage = await Stage.set(browser, { bot: { answers: answer, chunk: 200 } });
	const lead = stage.api('lea');
	await lead.ok('PATCH', `/projects/${await projectOf(lead)}`, { responses: 2 });
	id = await answeredDialogue(stage.api('ann'), ['How do I cook it?']);
	ann = await stage.workspace('ann');
});
test.afterAll(() => stage?.strike());

const area = (slot: string): Locator => ann.page.getByRole('group', { name: `Text of candidate ${slot}` });
/** How far it is scrolled, of all it can be. */
const share = (slot: string): Promise<number> =>
	area(slot).evaluate((one) => one.scrollTop / (one.scrollHeight - one.clientHeight));
const toggle = () => ann.page.getByRole('button', { name: 'Scroll together' });

test('[CAND-11] long responses side by side scroll together, by wheel and by keyboard', async () => {
	await ann.page.setViewportSize({ width: 1280, height: 860 });
	await ann.open(id);
	await expect(toggle()).toHaveAttribute('aria-pressed', 'true');
	await area('A').hover();
	await ann.page.mouse.wheel(0, 400);
	await expect.poll(() => share('A')).toBeGreaterThan(0.05);
	await expect.poll(async () => Math.abs((await share('A')) - (await share('B')))).toBeLessThan(0.01);

	await area('B').focus();
	await ann.page.keyboard.press('End');
	await expect.poll(() => share('B')).toBeGreaterThan(0.99);
	await expect.poll(() => share('A')).toBeGreaterThan(0.99);
	await ann.page.keyboard.press('Home');
	await expect.poll(() => share('A')).toBe(0);
});

test('[CAND-11] switched off each scrolls alone, also after a reload; the palette switches it, too', async () => {
	const kept = ann.page.waitForResponse('**/preferences');
	await toggle().press('Enter');
	await expect(toggle()).toHaveAttribute('aria-pressed', 'false');
	await kept;
	await expect
		.poll(
			async () => (await ann.page.context().cookies()).find(({ name }) => name === 'scroll-together')?.value,
		)
		.toBe('off');
	await ann.open(id);
	await expect(toggle()).toHaveAttribute('aria-pressed', 'false');
	await area('A').focus();
	await ann.page.keyboard.press('End');
	await expect.poll(() => share('A')).toBeGreaterThan(0.99);
	expect(await share('B')).toBe(0);
	await ann.page.keyboard.press('Control+k');
	await ann.page.keyboard.type('Scroll candidates');
	await ann.page.keyboard.press('Enter');
	await expect(toggle()).toHaveAttribute('aria-pressed', 'true');
	await area('A').focus();
	await ann.page.keyboard.press('Home');
	await ann.page.keyboard.press('PageDown');
	await expect.poll(() => share('B')).toBeGreaterThan(0.02);
});

test('[CAND-11] where one stands alone it is read whole, and there is nothing to switch', async () => {
	await ann.page.setViewportSize({ width: 360, height: 740 });
	await ann.open(id);
	await expect(ann.page.getByRole('article', { name: 'Candidate A' })).toBeVisible();
	await expect(toggle()).toHaveCount(0);
	await expect(area('A')).toHaveCount(0);
	await expect(ann.page.getByText('Step 60').first()).toBeAttached();
});

test('[LOOK-1] axe finds nothing in long responses, side by side or alone, in both themes, languages and widths', async () => {
	for (const look of LOOKS) {
		await wear(ann.page, stage.origin, look);
		await ann.open(id);
		await expect(ann.page.getByRole('article').first()).toContainText('Step 1');
		await expectSound(ann.page, `long responses, ${nameOf(look)}`);
	}
});
