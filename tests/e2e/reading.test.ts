import { expect, test, type Locator } from '@playwright/test';
import type { ApiClient } from '../support/api-client.ts';
import { answeredDialogue } from '../support/live-dialogue.ts';
import { expectSound, LOOKS, nameOf, wear } from '../support/looks.ts';
import type { Workspace } from '../support/pages.ts';
import { Stage } from '../support/stage.ts';

const ODD = 'Water\u200b boils at\u00a0100 degrees，at sea level.';

let stage: Stage;
let ann: Workspace;
let rev: Workspace;
let lead: Workspace;
let api: ApiClient;
let answer = ODD;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
	stage = await Stage.set(browser, { bot: { answers: () => answer, chunk: 40 } });
	[ann, rev, lead] = await stage.workspaces('ann', 'rev', 'lea');
	api = stage.api('ann');
});
test.afterAll(() => stage?.strike());

/** A dialogue with these prompts, each with this answer, open before both. */
async function both(prompts: string[], given: string): Promise<number> {
	answer = given;
	const id = await answeredDialogue(api, prompts);
	for (const one of [ann, rev]) await one.open(id);
	return id;
}
const textOf = async (id: number, n: number): Promise<string | undefined> =>
	(await api.ok<{ turns: { text: string }[] }>('GET', `/dialogues/${id}`)).turns[n]?.text;

const warnings = ({ page }: Workspace, n: number): Locator =>
	page.locator('.answer').getByRole('button', { name: n === 1 ? '1 warning' : `${n} warnings` });
const signs = (one: Workspace) =>
	one.page
		.locator('.answer .invisible')
		.evaluateAll((all) => all.map((sign) => (sign as HTMLElement).dataset['sign']));

test('[LINT-8] what is not seen is shown, and each warning leads to its place and changes nothing', async () => {
	const id = await both(['How hot?'], ODD);
	const { keyboard } = ann.page;
	expect(await signs(ann)).toEqual(['ZWSP', 'NBSP']);
	expect(await ann.finalText(1)).toBe(ODD);

	await warnings(ann, 3).focus();
	await keyboard.press('Enter');
	const rows = ann.page.locator('.menu:popover-open').getByRole('button');
	await expect(rows).toHaveText([/zero-width character/, /unusual space/, /，.*full-width in Latin text/]);
	await keyboard.press('Tab');
	await keyboard.press('Enter');
	await expect(ann.final(1)).toBeFocused();
	await expect(rows).toHaveCount(0);
	await expect(ann.page.locator('.cm-content .invisible')).toHaveCount(2);
	await ann.saved();
	expect(await textOf(id, 1)).toBe(ODD);

	await keyboard.press('Delete'); // the place is selected
	await expect(warnings(ann, 2)).toBeVisible();
	await expect(warnings(rev, 2)).toBeVisible();
	await ann.saved();
	expect(await textOf(id, 1)).toBe(ODD.replace('\u200b', ''));

	// To another place while the editor is open, with the mouse.
	await warnings(ann, 2).click();
	await rows.last().click();
	await expect(ann.final(1)).toBeFocused();
	await keyboard.type(', ');
	await expect(warnings(rev, 1)).toBeVisible();
	await ann.saved();
	expect(await textOf(id, 1)).toBe('Water boils at\u00a0100 degrees, at sea level.');

	// Who only reads is led to the words.
	await lead.open(id);
	await warnings(lead, 1).click();
	await lead.page.locator('.menu:popover-open').getByRole('button').click();
	await expect(lead.turn(1)).toBeFocused();
	expect(await lead.page.evaluate(() => getSelection()?.toString())).toBe('\u00a0');
});

const bar = ({ page }: Workspace): Locator => page.getByRole('search', { name: 'Find in the dialogue' });
const field = (one: Workspace): Locator => bar(one).getByRole('textbox');
const count = (one: Workspace): Locator => bar(one).getByRole('status');
/** What is marked as found, and as the match that was gone to, by the browser. */
const highlighted = ({ page }: Workspace, name: 'found' | 'found-here') =>
	page.evaluate((which) => {
		const all = [...(CSS.highlights.get(which) ?? [])] as AbstractRange[];
		return all.map(({ startContainer, startOffset, endContainer, endOffset }) => {
			const range = document.createRange();
			range.setStart(startContainer, startOffset);
			range.setEnd(endContainer, endOffset);
			return range.toString();
		});
	}, name);
const inSight = ({ page }: Workspace) =>
	page.evaluate(() => {
		const [here] = [...(CSS.highlights.get('found-here') ?? [])] as Range[];
		if (!here) return false;
		const range = document.createRange();
		range.setStart(here.startContainer, here.startOffset);
		range.setEnd(here.endContainer, here.endOffset);
		const { top, bottom } = range.getBoundingClientRect();
		return top > 0 && bottom < innerHeight;
	});
const LONG = `Water boils.\n\n${'A line of nothing much.\n\n'.repeat(20)}The lid keeps WATER in.`;

async function ask(one: Workspace, wanted: string): Promise<void> {
	await one.page.keyboard.press('Control+f');
	await expect(field(one)).toBeFocused();
	await one.page.keyboard.press('Control+a');
	await one.page.keyboard.type(wanted);
}

test('[FIND-3] every match is counted and brought before the eyes, in prompts and texts', async () => {
	await both(['Why does water boil?', 'And then?'], LONG);
	const { page } = ann;
	const { keyboard } = page;
	await ann.turn(1).focus();
	await ask(ann, 'wAter');
	await expect(count(ann)).toHaveText('1 of 5');
	await expect.poll(() => highlighted(ann, 'found-here')).toEqual(['water']);
	for (const [nth, word] of [
		[2, 'Water'],
		[3, 'WATER'],
		[4, 'Water'],
		[5, 'WATER'],
		[1, 'water'],
	] as const) {
		await keyboard.press('Enter');
		await expect(count(ann)).toHaveText(`${nth} of 5`);
		await expect.poll(() => highlighted(ann, 'found-here')).toEqual([word]);
		await expect.poll(() => inSight(ann)).toBe(true);
		await expect(field(ann)).toBeFocused();
	}
	await keyboard.press('Shift+Enter');
	await expect(count(ann)).toHaveText('5 of 5');
});

test('[FIND-3] in a comment, whose pane opens for it, and where the mark of one cuts a word in two', async () => {
	await both(['Why does it boil?'], LONG);
	const { page } = ann;
	const { keyboard } = page;
	await page.locator('.answer .text').evaluate((text) => {
		text.scrollIntoView();
		const node = document.createTreeWalker(text, NodeFilter.SHOW_TEXT).nextNode() as Text;
		getSelection()?.setBaseAndExtent(node, 3, node, 9);
	});
	await page.getByRole('button', { name: 'Comment', exact: true }).click();
	await keyboard.type('Which water?');
	await keyboard.press('Control+Enter');
	await expect(page.locator('.answer mark').first()).toHaveText('er boi');
	await page.getByRole('tab', { name: 'Rubric' }).click();
	await ann.turn(1).focus();

	await ask(ann, 'water');
	for (const [nth, word] of [
		[1, 'Water'],
		[2, 'WATER'],
		[3, 'water'],
		[1, 'Water'],
	] as const) {
		await expect(count(ann)).toHaveText(`${nth} of 3`);
		await expect.poll(() => highlighted(ann, 'found-here')).toEqual([word]);
		await expect.poll(() => inSight(ann)).toBe(true);
		if (word === 'water') await expect(page.getByRole('region', { name: 'Comments' })).toBeVisible();
		await keyboard.press('Enter');
	}
	await ask(ann, 'water?');
	await expect(count(ann)).toHaveText('1 of 1');
	await expect.poll(() => highlighted(ann, 'found-here')).toEqual(['water?']);
	await ask(ann, 'water boils');
	await expect(count(ann)).toHaveText('1 of 1');
	await expect.poll(() => highlighted(ann, 'found-here')).toEqual(['Water boils']);
});

test('[FIND-3] in an editor that is open, and in an original that people made something else of, in its view', async () => {
	await both(['Why does it boil?', 'And then?'], LONG);
	const { page } = ann;
	const { keyboard } = page;
	await ann.edit(2);
	await keyboard.press('Control+Home');
	for (let i = 0; i < 'Water'.length; i++) await keyboard.press('Delete');
	await keyboard.type('Steam');
	await ask(ann, 'steam boils');
	await expect(count(ann)).toHaveText('1 of 1');
	await expect(page.locator('.cm-content')).toHaveCount(2); // and the draft's
	await expect.poll(() => highlighted(ann, 'found-here')).toEqual(['Steam boils']);
	await expect(field(ann)).toBeFocused();

	await ask(ann, 'water boils');
	await expect(count(ann)).toHaveText('1 of 1');
	await bar(ann).getByRole('button', { name: 'Search original responses too' }).click();
	await expect(count(ann)).toHaveText('1 of 2');
	await field(ann).press('Enter');
	await expect(count(ann)).toHaveText('2 of 2');
	const view = (name: string) => ann.turn(2).getByRole('tab', { name });
	await expect(view('Original')).toHaveAttribute('aria-selected', 'true');
	await expect.poll(() => highlighted(ann, 'found-here')).toEqual(['Water boils']);
	await expect.poll(() => inSight(ann)).toBe(true);
	await expect(field(ann)).toBeFocused();
	await ask(ann, 'steam');
	await expect(count(ann)).toHaveText('1 of 1');
	await expect(view('Final')).toHaveAttribute('aria-selected', 'true');
	await expect.poll(() => highlighted(ann, 'found-here')).toEqual(['Steam']);
});

test('[FIND-4] while another edits, matches and the one that was gone to stay right', async () => {
	await both(['Why does water boil?'], 'Tea is hot. Some tea, more tea.');
	await rev.turn(1).focus();
	await ask(rev, 'tea');
	await rev.page.keyboard.press('Enter');
	await rev.page.keyboard.press('Enter');
	await expect(count(rev)).toHaveText('3 of 3');
	await expect.poll(() => highlighted(rev, 'found-here')).toEqual(['tea']);

	await ann.edit(1);
	await ann.page.keyboard.press('Control+Home');
	await ann.page.keyboard.type('Tea and tea. ');
	await expect(count(rev)).toHaveText('5 of 5');
	await expect.poll(() => highlighted(rev, 'found')).toHaveLength(4);
	const behind = () =>
		rev.page.evaluate(() => {
			const [here] = [...(CSS.highlights.get('found-here') ?? [])] as AbstractRange[];
			return here?.startContainer.nodeValue?.slice(here.endOffset);
		});
	await expect.poll(behind).toBe('.');
	await ann.page.keyboard.press('Control+End');
	await ann.page.keyboard.press('Backspace');
	await ann.page.keyboard.press('Backspace');
	await expect(count(rev)).toHaveText('1 of 4'); // it is gone: on around the end
	await expect(field(rev)).toBeFocused();

	// In one's own editor, where the other writes too.
	await ask(ann, 'and');
	await expect(count(ann)).toHaveText('1 of 1');
	await expect.poll(() => highlighted(ann, 'found-here')).toEqual(['and']);
	await ann.page.keyboard.press('Escape');
	await expect(ann.final(1)).toBeFocused();
	expect(await highlighted(ann, 'found-here')).toEqual([]);
});

test('[FIND-5] Esc leads back, a second Ctrl F is the browser’s, and nothing half-typed is looked for', async () => {
	await both(['Why?'], 'It is 水 that boils.');
	const { page } = ann;
	await ann.edit(1);
	await page.keyboard.press('ArrowLeft');
	await page.keyboard.press('Control+f');
	await expect(field(ann)).toBeFocused();
	await page.evaluate(() => {
		addEventListener('keydown', (event) => {
			if (event.key === 'f') document.body.dataset['ours'] = 'heard';
		});
	});
	await page.keyboard.press('Control+f');
	expect(await page.evaluate(() => document.body.dataset['ours'])).toBeUndefined();

	const devtools = await page.context().newCDPSession(page);
	await devtools.send('Input.imeSetComposition', { text: 'shui', selectionStart: 4, selectionEnd: 4 });
	await expect(field(ann)).toHaveValue('shui');
	await expect(count(ann)).toHaveText('');
	await devtools.send('Input.insertText', { text: '水' });
	await expect(count(ann)).toHaveText('1 of 1');
	await page.keyboard.press('Escape');
	await expect(bar(ann)).toHaveCount(0);
	await expect(ann.final(1)).toBeFocused();
	await page.keyboard.type('!');
	await ann.saved();
	expect(await page.locator('.answer .cm-content').textContent()).toBe('It is 水 that boils!.');

	await page.keyboard.press('Escape');
	await page.keyboard.press('/');
	await expect(field(ann)).toBeFocused();
	await page.keyboard.press('Escape');
	await expect(ann.turn(1)).toBeFocused();
});

const preview = (one: Workspace): Locator => one.page.locator('.answer .markdown');

test('[PREVIEW-4] the preview follows what another types, and is loaded when it is first asked for', async () => {
	const wanted: string[] = [];
	rev.page.on('request', (request) => wanted.push(request.url()));
	await both(['List them'], '# Three\n\n- one\n\n```js\nlet x = 1;\n```\n\n<img src=x onerror=alert(1)>');
	await rev.turn(1).focus();
	const before = wanted.length;
	await rev.page.keyboard.press('p');
	await expect(preview(rev).getByRole('heading', { name: 'Three' })).toBeVisible();
	await expect(preview(rev).locator('.hljs-keyword')).toHaveText('let');
	await expect(preview(rev)).toContainText('<img src=x onerror=alert(1)>');
	expect(wanted.slice(before).some((url) => url.endsWith('.js'))).toBe(true);

	await ann.edit(1);
	await ann.page.keyboard.type('\n\n1. **two**\n');
	await expect(preview(rev).locator('ol strong')).toHaveText('two');
	await rev.page.keyboard.press('p');
	await expect(preview(rev)).toHaveCount(0);
	await expect(rev.turn(1).getByRole('tab', { name: 'Final' })).toHaveAttribute('aria-selected', 'true');
});

test('[PREVIEW-6] of a very long text the preview shows the beginning and says so', async () => {
	const line = (n: number) => `Line **${n}** of a very long answer.\n\n`;
	const long = Array.from({ length: 2000 }, (_, i) => line(i + 1)).join('');
	await both(['Tell me all'], long);
	await rev.turn(1).focus();
	await rev.page.keyboard.press('p');
	const said = rev.page.getByText(
		/^Preview of the first 49,9\d\d of [\d,]+ characters\. Final has them all$/,
	);
	await expect(said).toBeVisible();
	const last = await preview(rev).locator('p').last().textContent();
	expect(last).toMatch(/^Line \d+ of a very long answer\.$/);
	await expect(said).toContainText(long.length.toLocaleString('en'));
	await said.scrollIntoViewIfNeeded();
	await expectSound(rev.page, 'a part of a text as its preview');
});

test('[PREVIEW-5] axe finds nothing, in both themes, languages and widths', async () => {
	const text = `# 沸点\n\nWater\u200b boils，see [the table](https://example.org).\n\n|at|°C|\n|-|-|\n|sea|100|\n\n\`\`\`py\nif hot: pass  # done\n\`\`\`\n\n> ![A kettle](https://example.org/k.png)`;
	const id = await both(['水开了,怎么办?'], text);
	const { page } = ann;
	for (const look of LOOKS) {
		await wear(page, stage.origin, look);
		await page.goto(`/d/${id}`);
		await ann.saved();
		await page.locator('.answer .warnings').click();
		await expectSound(page, `${nameOf(look)}, warnings`);
		await page.keyboard.press('Escape');
		await page.locator('.turn').first().focus();
		await page.keyboard.press('p');
		await expect(preview(ann).locator('.hljs-keyword').first()).toBeVisible();
		await expectSound(page, `${nameOf(look)}, preview`);
		await page.keyboard.press('Control+f');
		await page.keyboard.type('boils');
		await expect(page.locator('search [role=status]')).not.toBeEmpty();
		await expectSound(page, `${nameOf(look)}, found`);
	}
});
