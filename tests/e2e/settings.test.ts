import { expect, test, type Page } from '@playwright/test';
import { answered, type ApiClient, type ApiDialogue } from '../support/api-client.ts';
import { startStandIn, type StandIn } from '../support/openai-stand-in.ts';
import { reload, visit } from '../support/pages.ts';
import { Stage } from '../support/stage.ts';

const KEY = 'sk-known-to-the-bot-alone';
const OTHER_KEY = 'sk-the-next-one';

let standIn: StandIn;
let stage: Stage;
let lead: Page;
let ann: ApiClient;
/** Every body that came to the lead's browser. */
const bodies: Promise<string>[] = [];

test.describe.configure({ mode: 'serial' });
test.beforeAll(async ({ browser }) => {
	standIn = await startStandIn({ answers: () => 'I answer in words.', chunk: 4 });
	stage = await Stage.set(browser);
	lead = await stage.enter('lea');
	ann = stage.api('ann');
	lead.on('response', (response) => {
		bodies.push(response.text().catch(() => '')); // a redirect has none
	});
});
test.afterAll(async () => {
	await stage?.strike();
	await standIn?.close();
});

async function answer(): Promise<string | undefined> {
	const { id } = await ann.ok<ApiDialogue>('POST', '/dialogues', { topicId: 1 });
	await ann.ok('POST', `/dialogues/${id}/turns`, { text: 'Who are you?' });
	return (await answered(ann, id)).turns[1]?.text;
}

test('[BOT-FORM-5] a lead adds a bot, is told what is wrong with it, tries it, and it answers', async () => {
	await visit(lead, '/settings');
	await lead.getByRole('link', { name: 'Add bot' }).click();
	await lead.getByLabel(/^Name/).fill('House model');
	await lead.getByLabel(/^Address/).fill(standIn.url.replace('http:', 'ftp:'));
	await lead.getByLabel(/^Model/).fill('house-1');
	await lead.getByLabel(/^Key/).fill(KEY);
	await lead.getByLabel('System prompt').fill('回答简短。');
	await lead.getByLabel(/^Temperature/).fill('0.3');
	await lead.getByRole('button', { name: 'Save' }).click();
	await expect(lead.getByText('Enter an address that starts with http:// or https://')).toBeVisible();
	await expect(lead.getByLabel(/^Model/)).toHaveValue('house-1');
	await lead.getByLabel(/^Address/).fill(standIn.url);
	await lead.getByLabel(/^Key/).fill(KEY);
	await lead.getByRole('button', { name: 'Save' }).click();

	const row = lead.getByRole('listitem').filter({ hasText: 'House model' });
	await expect(row).toContainText('house-1');
	standIn.setMode('401');
	await row.getByRole('button', { name: 'Test House model' }).click();
	await expect(lead.getByRole('alert')).toContainText('The address answered with an error');
	standIn.setMode('ok');
	await row.getByRole('button', { name: 'Test House model' }).click();
	await expect(row.getByText('Answers and streams.')).toBeVisible();
	await expect(row.getByText('I answer in words.')).toBeVisible();

	await lead.getByRole('button', { name: 'Switch off Practice' }).click();
	await expect(row.getByText('Answers new dialogues')).toBeVisible();
	expect(await answer()).toBe('I answer in words.');
	expect(standIn.authorizations.at(-1)).toBe(`Bearer ${KEY}`);
	expect(standIn.requests.at(-1)).toMatchObject({
		model: 'house-1',
		temperature: 0.3,
		messages: [
			{ role: 'system', content: '回答简短。' },
			{ role: 'user', content: 'Who are you?' },
		],
	});
});

test('[BOT-FORM-5] a key is kept, changed and never sent to a browser', async () => {
	const edit = async (change: () => Promise<void>): Promise<void> => {
		await lead.getByRole('link', { name: 'Edit House model' }).click();
		await expect(lead.getByLabel(/^Key/)).toHaveValue('');
		await change();
		await lead.getByRole('button', { name: 'Save' }).click();
		await expect(lead.getByLabel(/^Key/)).toHaveCount(0);
	};
	await edit(() => lead.getByLabel(/^Model/).fill('house-2'));
	await answer();
	expect(standIn.authorizations.at(-1)).toBe(`Bearer ${KEY}`);
	expect(standIn.requests.at(-1)).toMatchObject({ model: 'house-2' });
	await edit(() => lead.getByLabel(/^Key/).fill(OTHER_KEY));
	await answer();
	expect(standIn.authorizations.at(-1)).toBe(`Bearer ${OTHER_KEY}`);

	await visit(lead, '/settings?edit=2');
	await reload(lead);
	const all = (await Promise.all(bodies)).join('\n');
	expect(all).toContain('house-2');
	for (const key of [KEY, OTHER_KEY]) expect(all).not.toContain(key);
});
