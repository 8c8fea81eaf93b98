import { expect, test, type Page } from '@playwright/test';
import type { ApiClient, ApiDialogue } from '../support/api-client.ts';
import { answeredDialogue } from '../support/live-dialogue.ts';
import { expectSound, LOOKS, nameOf, wear } from '../support/looks.ts';
import { reload, visit, Workspace } from '../support/pages.ts';
import { Stage } from '../support/stage.ts';

const HIDDEN = 'Their ratings appear when yours are in';
const UNDECIDED = 'The reviewer’s ratings appear after the decision';
const BLIND_HERE = /Ratings are blind here/;
const WHY = 'the annotator misses a source';

/** A second reviewer is among them. */
const cast = { ann: 'annotator', rev: 'reviewer', other: 'reviewer', lea: 'lead' } as const;

let stage: Stage<keyof typeof cast>;
let ann: Workspace;
let rev: Workspace;
let lead: Page;
let api: ApiClient;
let annId: number;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
	stage = await Stage.set(browser, { cast });
	[ann, rev] = await stage.workspaces('ann', 'rev');
	lead = await stage.enter('lea');
	api = stage.api('ann');
	annId = (await api.ok<{ user: { id: number } }>('GET', '/me')).user.id;
});
test.afterAll(() => stage?.strike());

const hidden = ({ page }: Workspace) => page.getByText(HIDDEN);
/** A value that somebody else gave, as it stands beside one's own. */
const beside = ({ page }: Workspace, name: string) => page.locator('.other').filter({ hasText: name });

/** Everything that comes to a page from now on: frames of its sockets, and bodies of its requests. */
function everything(page: Page): { times: (said: string) => number } {
	const heard: Buffer[] = [];
	page.on('websocket', (socket) =>
		socket.on('framereceived', ({ payload }) => heard.push(Buffer.from(payload))),
	);
	page.on('response', (response) => {
		response.body().then(
			(body) => heard.push(body),
			() => undefined, // a redirect has none
		);
	});
	return {
		times: (said) => heard.filter((bytes) => bytes.includes(said)).length,
	};
}

test('[BLIND-12] a lead switches blind rating on with the keyboard, and reads what it does', async () => {
	await visit(lead, '/settings');
	const button = lead.getByRole('button', { name: 'Switch on Rate blind' });
	await expect(button).toHaveAccessibleDescription(/only when their own are in.*opened from now on/);
	await button.focus();
	await lead.keyboard.press('Enter');
	await expect(lead.getByRole('button', { name: 'Switch off Rate blind' })).toBeFocused();
	await reload(lead);
	await expect(lead.getByRole('button', { name: 'Switch off Rate blind' })).toBeVisible();
});

test('[BLIND-7] two people rate blind: what comes to the reviewer’s page holds nothing before, and all of it after', async () => {
	const id = await answeredDialogue(api);
	const came = everything(rev.page);
	await ann.open(id);
	await rev.open(id);
	await expect(hidden(ann)).toBeVisible();
	await expect(hidden(rev)).toBeVisible();

	await ann.rate([2, 4, 5]);
	await ann.page.getByRole('textbox', { name: /^Why/ }).fill(WHY);
	await ann.page.getByRole('textbox', { name: /^Why/ }).press('Control+Enter');
	await ann.saved();
	await expect(ann.page.getByText(UNDECIDED)).toBeVisible();
	await expect(hidden(rev)).toBeVisible();
	await rev.page.reload();
	await rev.saved();
	await expect(hidden(rev)).toBeVisible();
	await ann.page.keyboard.press('Control+Shift+Enter');
	await ann.page.getByRole('dialog').getByRole('button', { name: 'Submit dialogue' }).click();
	await rev.page.getByRole('button', { name: 'Claim' }).click();
	await expect(rev.page.getByRole('button', { name: 'Return…' })).toBeVisible();

	// Not to be decided before: the button, its key and the panel say so.
	await expect(rev.page.getByRole('button', { name: 'Accept' })).toHaveAttribute('aria-disabled', 'true');
	await rev.page.locator('.turn.current').focus();
	await rev.page.keyboard.press('a');
	await expect(rev.page.getByRole('alert')).toContainText('Some ratings are still missing');
	await rev.page.keyboard.press('x');
	await rev.page.keyboard.press('1');
	await expect(rev.page.getByText('Some ratings are still missing')).toHaveCount(2);
	await rev.page.keyboard.press('Escape');

	await rev.rate([3, 4]);
	await rev.saved();
	await expect(hidden(rev)).toBeVisible();
	await expect(rev.page.locator('.other')).toHaveCount(0);
	const response = (await api.ok<ApiDialogue>('GET', `/dialogues/${id}`)).turns[1]?.id ?? '';
	expect(came.times(WHY)).toBe(0);
	expect(came.times(response), 'the dialogue').toBeGreaterThan(0);
	expect(came.times(`${response}/`), 'a rating, in a frame').toBe(0); // one's own do not come back
	expect(came.times(`"${annId}":{"helpful"`) + came.times('helpful:{value'), 'one in JSON or a page').toBe(0);

	await rev.page.keyboard.press('4'); // the last criterion has the focus
	await expect(beside(rev, 'ann 2')).toContainText(WHY);
	await expect(beside(rev, 'ann')).toHaveCount(3);
	await expect(hidden(rev)).toHaveCount(0);
	await expect(rev.page.getByText('Some ratings are still missing')).toHaveCount(0);
	expect(came.times(WHY)).toBeGreaterThan(0);
	expect(came.times(`${response}/helpful`)).toBeGreaterThan(0);

	await rev.page.reload();
	await expect.poll(() => came.times('helpful:{value'), 'what was looked for in pages').toBeGreaterThan(0);
	// As the page is first shown, before its script has run, too.
	const context = await rev.page
		.context()
		.browser()
		?.newContext({
			baseURL: stage.origin,
			storageState: await rev.page.context().storageState(),
			javaScriptEnabled: false,
		});
	const still = await context?.newPage();
	await still?.goto(`/d/${id}`);
	await expect(still?.locator('.other').first() ?? rev.page.locator('none')).toContainText('ann 2');
	await context?.close();

	await expect(ann.page.locator('.other')).toHaveCount(0);
	await rev.page.getByRole('button', { name: 'Accept' }).click();
	await expect(beside(ann, 'rev 3')).toBeVisible();
	await expect(beside(ann, 'rev')).toHaveCount(3);
	await expect(ann.page.getByText(UNDECIDED)).toHaveCount(0);
});

test('[BLIND-12] a new response hides the others’ ratings again, until it is rated too', async () => {
	const id = await answeredDialogue(api);
	await ann.open(id);
	await rev.open(id);
	await ann.rate([4, 4, 4]);
	await rev.rate([5, 5, 5]);
	await expect(beside(rev, 'ann 4')).toHaveCount(3);
	await ann.prompt('And then?');
	await expect(ann.final(2)).toBeVisible();
	await rev.page.locator('#turn-1').click();
	await expect(hidden(rev)).toBeVisible();
	await expect(rev.page.locator('.other')).toHaveCount(0);
	await rev.page.locator('#turn-2').click();
	await rev.rate([5, 5, 5]);
	await ann.page.locator('#turn-2').click();
	await ann.rate([3, 3, 3]);
	await expect(beside(rev, 'ann 3')).toHaveCount(3);
	await rev.page.locator('#turn-1').click();
	await expect(beside(rev, 'ann 4')).toHaveCount(3);
});

test('[BLIND-12] the one Saved mark speaks for the ratings too, offline and back', async () => {
	const id = await answeredDialogue(api);
	await ann.open(id);
	await ann.page.context().setOffline(true);
	await expect(ann.page.locator('[data-saved]')).toHaveAttribute('data-saved', 'offline');
	await ann.rate([4, 4, 4]);
	await expect(ann.page.getByText(/3 changes kept on this device/)).toBeVisible();
	await ann.page.context().setOffline(false);
	await ann.saved();
	await expect(ann.page.getByText('Back online')).toBeVisible();
	const { turns } = await api.ok<ApiDialogue>('GET', `/dialogues/${id}`);
	expect(Object.keys(turns[1]?.ratings[annId] ?? {})).toEqual(['helpful', 'honest', 'harmless']);
});

test('[BLIND-12] a rating that comes too late is handed back', async () => {
	const id = await answeredDialogue(api);
	await ann.open(id);
	await ann.rate([2, 4, 4]);
	await ann.page.getByRole('textbox', { name: /^Why/ }).fill('First reason');
	await ann.page.getByRole('textbox', { name: /^Why/ }).blur();
	await ann.saved();
	await ann.page.context().setOffline(true);
	await expect(ann.page.locator('[data-saved]')).toHaveAttribute('data-saved', 'offline');
	await ann.page.getByRole('textbox', { name: /^Why/ }).fill('Too late a reason');
	await ann.page.getByRole('textbox', { name: /^Why/ }).blur();
	await api.ok('POST', `/dialogues/${id}/submit`);
	await ann.page.context().setOffline(false);
	await expect(ann.page.getByRole('region', { name: 'Late changes' })).toContainText('Too late a reason');
	const { turns } = await api.ok<ApiDialogue>('GET', `/dialogues/${id}`);
	expect(turns[1]?.ratings[annId]?.['helpful']).toEqual({ value: 2, why: 'First reason' });
});

test('[BLIND-12] a lead watches both, live; whoever else looks on is told why they do not', async () => {
	const id = await answeredDialogue(api);
	await ann.open(id);
	await ann.rate([4, 4, 4]);
	await ann.saved();
	await ann.page.keyboard.press('Control+Shift+Enter');
	await ann.page.getByRole('dialog').getByRole('button', { name: 'Submit dialogue' }).click();
	await lead.goto(`/d/${id}`);
	const watching = new Workspace(lead);
	await watching.saved();
	await expect(beside(watching, 'ann 4')).toHaveCount(3);
	await rev.open(id);
	await rev.page.getByRole('button', { name: 'Claim' }).click();
	await expect(rev.page.getByRole('button', { name: 'Return…' })).toBeVisible();
	await rev.rate([5, 5, 5]);
	await expect(beside(watching, 'rev 5')).toHaveCount(3);

	const third = await stage.workspace('other');
	const { page } = third;
	await third.open(id);
	await expect(page.getByText(BLIND_HERE)).toBeVisible();
	await expect(page.locator('.other')).toHaveCount(0);
	await page.context().close();
});

test('[LOOK-1] axe finds nothing on the pages of blind rating, in both themes, languages and widths', async () => {
	const id = await answeredDialogue(api);
	const places: [Page, string][] = [
		[lead, '/settings'],
		[ann.page, `/d/${id}`],
		[rev.page, `/d/${id}`],
	];
	for (const look of LOOKS)
		for (const [page, path] of places) {
			await wear(page, stage.origin, look);
			await page.goto(path);
			if (path.startsWith('/d/')) {
				await new Workspace(page).saved();
				if (look.width === 360) await page.locator('.panes button').nth(2).click();
				await expect(page.getByText(look.locale === 'en' ? HIDDEN : '评完后可见对方评分')).toBeVisible();
			}
			await expectSound(page, `${path} ${nameOf(look)}`);
		}
});
