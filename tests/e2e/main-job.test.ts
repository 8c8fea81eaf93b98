import { expect, test, type Page } from '@playwright/test';
import { visit, Workspace } from '../support/pages.ts';
import { realInput } from '../support/real-input.ts';
import { Stage } from '../support/stage.ts';

const tasks = realInput();
/** UTF-16 units. */
const TOKEN = 4;

let stage: Stage;
let ann: Workspace;
let rev: Workspace;
let lead: Page;
/** What the bot waits for when it has said half of its answer. */
let halfHeard = Promise.resolve();
const expected: string[] = [];

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
	const answers = new Map(
		tasks.flatMap(({ turns }) => turns.map(({ prompt, answer }) => [prompt, answer] as const)),
	);
	const bot = { answers, chunk: TOKEN, delayMs: 3, halfway: () => halfHeard };
	stage = await Stage.set(browser, { bot, model: 'recorded' });
	[ann, rev] = await stage.workspaces('ann', 'rev');
	lead = await stage.enter('lea');
});
test.afterAll(() => stage?.strike());

for (const { name, language, turns } of tasks) {
	test(`[MAIN-1] two people answer, correct, rate and accept ${name}`, async () => {
		await visit(ann.page, '/queue');
		await ann.page.getByRole('button', { name: /Next dialogue/ }).click();
		await ann.page.waitForURL('**/d/*');
		const id = Number(ann.page.url().split('/').at(-1));
		await ann.saved();
		await rev.open(id);

		const row: { role: string; content: string }[] = [];
		for (const [i, { prompt, answer }] of turns.entries()) {
			const n = i + 1;
			const heard = Promise.withResolvers<void>();
			halfHeard = heard.promise;
			await ann.prompt(prompt);
			// Both see it appear: the first half, while the bot still writes.
			const half = answer.slice(0, Math.ceil(answer.length / TOKEN / 2) * TOKEN);
			for (const one of [ann, rev]) {
				await expect(one.turn(n)).toContainText(half.trim());
				await expect(one.page.getByRole('button', { name: 'Stop' })).toBeVisible();
				await expect(one.final(n)).toHaveCount(0);
			}
			heard.resolve();
			await expect(ann.final(n)).toBeVisible();
			await expect(rev.final(n)).toBeVisible();

			// Both write in the same response at the same time, each at an end of it.
			await ann.edit(n);
			await rev.final(n).click();
			await rev.page.keyboard.press('Control+Home');
			const [before, after] =
				language === 'zh' ? ['【审核】', '（已核对✅）'] : ['[reviewed] ', ' — checked ✅'];
			await Promise.all([
				ann.page.keyboard.type(after, { delay: 25 }),
				rev.page.keyboard.type(before, { delay: 25 }),
			]);
			const final = `${before}${answer}${after}`;
			for (const one of [ann, rev]) await one.page.keyboard.press('Escape');
			await Promise.all([ann, rev].map((one) => expect.poll(() => one.finalText(n)).toBe(final)));

			// Both rate, with digits on the focused group, and see each other's values.
			await ann.rate([4, 5, 3]);
			await rev.rate([3, 4, 5]);
			await expect(ann.page.getByText('rev 4')).toBeVisible();
			await expect(rev.page.getByText('ann 4')).toBeVisible();
			await Promise.all([ann.saved(), rev.saved()]);
			row.push({ role: 'user', content: prompt }, { role: 'assistant', content: final });
		}

		await ann.page.keyboard.press('Control+Shift+Enter');
		await ann.page.getByRole('dialog').getByRole('button', { name: 'Submit dialogue' }).click();
		await rev.page.getByRole('button', { name: 'Claim' }).click();
		await rev.page.getByRole('button', { name: 'Accept' }).click();
		await expect(ann.page.getByText('Accepted').first()).toBeVisible();
		expected.push(JSON.stringify({ messages: row }));
	});
}

test('[MAIN-2] the lead downloads the accepted dialogues: byte for byte what was typed', async () => {
	await visit(lead, '/export');
	const [download] = await Promise.all([
		lead.waitForEvent('download'),
		lead.getByRole('link', { name: /Download/ }).click(),
	]);
	const chunks: Buffer[] = [];
	for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
	expect(Buffer.concat(chunks).toString('utf8')).toBe(expected.map((line) => `${line}\n`).join(''));
});

test('[MAIN-3] the lead sees every dialogue and who is in it, opens one live, and changes nothing', async () => {
	// The annotator picks a topic, and the reviewer joins.
	await visit(ann.page, '/queue');
	const offer = ann.page.getByRole('button', { name: /^Open / }).last();
	const topic = ((await offer.getAttribute('aria-label')) ?? '').replace('Open ', '');
	await offer.click();
	await ann.page.waitForURL('**/d/*');
	const id = Number(ann.page.url().split('/').at(-1));
	await rev.open(id);

	const rows = lead.getByRole('row');
	const row = rows.filter({ has: lead.locator(`a[href="/d/${id}"]`) });
	await visit(lead, '/dialogues');
	await expect(rows).toHaveCount(tasks.length + 2);
	await expect(rows.filter({ hasText: 'Accepted' })).toHaveCount(tasks.length);
	await expect(row).toContainText(topic);
	await expect(row).toContainText('Draft');
	await expect(row).toContainText('now');
	for (const name of ['ann', 'rev']) await expect(row.getByRole('img', { name })).toBeVisible();

	const watching = new Workspace(lead);
	await watching.open(id);
	await expect(ann.page.getByTitle('lea is observing')).toBeVisible();
	const { prompt, answer } = tasks[0]?.turns[0] ?? { prompt: '', answer: '' };
	await ann.prompt(prompt);
	await expect(watching.turn(1)).toContainText(prompt);
	await expect(watching.turn(1)).toContainText(answer);
	await ann.edit(1);
	await ann.page.keyboard.type(' 直播✍️');
	await expect(watching.turn(1)).toContainText('直播✍️');
	await expect(lead.getByRole('textbox')).toHaveCount(0);
	await expect(lead.getByRole('button', { name: /Send|Stop|Regenerate|Submit|Claim|Accept/ })).toHaveCount(0);
	await visit(lead, '/dialogues');
	await expect(row).toContainText('In progress');
	await expect(row.getByRole('cell').nth(4)).toHaveText('1');
});
