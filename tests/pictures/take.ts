/**
 * Takes the pictures of the README anew: `npm run pictures [-- <folder> [<width> [png]]]`, from what is built. Small, and as
 * like the last ones as the product is.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { KETTLE, OWED, QUANTUM, REFUND } from './said.ts';
import { Studio, type Look } from './studio.ts';

const DOCS = fileURLToPath(new URL('../../static/docs/', import.meta.url));
const [folder = DOCS, given = '1280', asked] = process.argv.slice(2);
const width = Number(given);
const format = asked === 'png' ? 'png' : 'webp';

async function take(page: Page, name: string): Promise<void> {
	const cdp = await page.context().newCDPSession(page);
	await page.evaluate(() => document.fonts.ready);
	const { data } = await cdp.send('Page.captureScreenshot', { format, quality: 88 });
	const bytes = Buffer.from(data, 'base64');
	writeFileSync(join(folder, `${name}.${format}`), bytes);
	console.log(`${name}.${format} ${Math.round(bytes.length / 1024)} KB`);
}

const look = (locale: Look['locale'], theme: Look['theme']): Look => ({ locale, theme, width });

mkdirSync(folder, { recursive: true });
const studio = await Studio.set();
try {
	// two people in one response, with comments beside it
	const refund = await studio.asked('en', [REFUND, OWED]);
	const li = await studio.open('Li', refund, look('en', 'light'));
	const ana = await studio.open('Ana', refund, look('en', 'light'));
	await ana.turn(2).focus();
	await ana.page.keyboard.press('c');
	await ana.page.keyboard.type('Name the rule this comes from, @Li ');
	await ana.page.keyboard.press('Control+Enter');
	await ana.turn(1).focus();
	await ana.page.keyboard.press('c');
	await ana.page.keyboard.type('Good. Say where: the desk, or the app.');
	await ana.page.keyboard.press('Control+Enter');
	await ana.saved();
	await li.edit(2);
	await li.page.keyboard.type(' Receipts for food and a hotel are refunded too');
	await ana.edit(2);
	await ana.page.keyboard.press('Control+Home');
	await li.page.locator('#turn-2 .cm-person').waitFor();
	if (width >= 900) await li.page.getByRole('tab', { name: /^Comments/ }).click();
	await ana.page.keyboard.type('Yes. ');
	await li.page.locator('#turn-2 .cm-content').filter({ hasText: 'Yes. You' }).waitFor();
	await ana.saved();
	await li.page.waitForFunction(() => {
		const flag = document.querySelector('#turn-2 .cm-person-flag');
		return flag !== null && getComputedStyle(flag).opacity === '1';
	});
	await take(li.page, 'together');

	// a lead goes where the annotator is
	const wu = await studio.open('Wu', refund, look('en', 'dark'));
	await wu.page.locator('.presence').getByRole('button', { name: /^Li\b/ }).click();
	await wu.page.locator('.their-caret').waitFor();
	await take(wu.page, 'follow');

	// every command, with its key
	const zh = await studio.asked('zh', [QUANTUM]);
	const liZh = await studio.open('Li', zh, look('zh', 'light'));
	await liZh.page.locator('#turn-1').focus();
	await liZh.page.keyboard.press('Control+k');
	await liZh.page.getByRole('dialog').waitFor();
	await take(liZh.page, 'palette');
	await liZh.page.context().close();

	// what was changed
	await ana.page.keyboard.press('Escape');
	await ana.page.keyboard.press('d');
	await ana.page.locator('#turn-2 ins').first().waitFor();
	await take(ana.page, 'changes');

	// what a lead sees
	await ana.turn(2).focus();
	await ana.page.keyboard.press('h');
	await wu.page.goto('/dialogues');
	await wu.page.getByRole('img', { name: /^Ana/ }).first().waitFor();
	await take(wu.page, 'dialogues');
	for (const one of [li, ana, wu]) await one.page.context().close();

	// two responses, side by side while they come
	await studio.hireSecondBot();
	await studio.responses(2);
	const kettle = await studio.asked('zh', []);
	const choosing = await studio.open('Li', kettle, look('zh', 'dark'));
	studio.pace(400);
	await choosing.page.locator('.composer .cm-content').click();
	await choosing.page.keyboard.insertText(KETTLE);
	await choosing.page.keyboard.press('Control+Enter');
	await choosing.page.getByText('30 分').waitFor();
	await take(choosing.page, 'candidates');
	await choosing.page.context().close();
} finally {
	await studio.strike();
}
process.exit(0);
