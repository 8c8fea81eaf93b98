import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Browser, type Locator } from '@playwright/test';
import { answered, ApiClient } from '../support/api-client.ts';
import { startStandIn, type StandIn } from '../support/openai-stand-in.ts';
import { signedIn, Workspace, type Account } from '../support/pages.ts';
import { RunningServer } from '../support/running-server.ts';

const ANSWER = 'Water boils at 90 degrees at sea level, and a lid saves time.';
let standIn: StandIn;
let server: RunningServer;
let ann: Workspace;
/** The reviewer at two machines. */
let desk: Workspace;
let laptop: Workspace;
let api: ApiClient;

test.describe.configure({ mode: 'serial' });

async function account(name: string, role: 'annotator' | 'reviewer'): Promise<Account> {
	const email = `${name}@example.org`;
	return { email, ...(await server.person(email, role)) };
}
const at = async (browser: Browser, who: Account) => new Workspace(await signedIn(browser, server, who));

test.beforeAll(async ({ browser }) => {
	standIn = await startStandIn({ answers: () => ANSWER, chunk: 40, delayMs: 0 });
	server = await RunningServer.start({ env: { BOT_BASE_URL: standIn.url, BOT_MODEL: 'qwen3-8b' } });
	const [annotator, reviewer] = [await account('ann', 'annotator'), await account('rev', 'reviewer')];
	ann = await at(browser, annotator);
	[desk, laptop] = [await at(browser, reviewer), await at(browser, reviewer)];
	api = new ApiClient(server.origin, annotator.token);
});
test.afterAll(async () => {
	await server?.stop();
	await standIn?.close();
});

/** A dialogue with three answered prompts. */
async function dialogue(): Promise<number> {
	const { items } = await api.ok<{ items: { id: number; language: string }[] }>('GET', '/topics');
	const topicId = items.find(({ language }) => language === 'en')?.id;
	const { id } = await api.ok<{ id: number }>('POST', '/dialogues', { topicId });
	for (const text of ['How hot is boiling water?', 'And on a mountain?', 'And tea?']) {
		await api.ok('POST', `/dialogues/${id}/turns`, { text });
		await answered(api, id);
	}
	return id;
}

/** Leaves the dialogue, once the server knows. */
async function leave({ page }: Workspace): Promise<void> {
	const told = page.waitForResponse((response) => response.url().endsWith('/look'));
	await page
		.getByRole('link', { name: 'All dialogues' })
		.or(page.locator('.bar .home'))
		.first()
		.press('Enter');
	await told;
}
const inList = ({ page }: Workspace): Locator =>
	page.locator('.rail .row', { hasText: 'Changed since you last looked' });
const inTurn = (one: Workspace, n: number): Locator => one.turn(n).getByText('Since you last looked:');

async function type(one: Workspace, turn: number, text: string): Promise<void> {
	await one.turn(turn).focus();
	await one.page.keyboard.press('e');
	await expect(one.final(turn)).toBeFocused();
	await one.page.keyboard.press('Control+Home');
	await one.page.keyboard.type(text);
	await one.page.keyboard.press('Escape');
	await one.saved();
}

test('[SINCE-5] what changed is marked on every machine, U goes through it and shows it, and looking takes the mark away', async () => {
	const id = await dialogue();
	await desk.open(id);
	await expect(desk.turn(3)).toBeVisible();
	await leave(desk);

	await ann.open(id);
	await type(ann, 1, 'Pure ');
	await type(ann, 3, 'Surely: ');
	await ann.turn(1).focus();
	await ann.page.keyboard.press('n');
	await expect(ann.turn(2)).toHaveAttribute('aria-current', 'true');
	await ann.page.keyboard.press('4');
	await ann.saved();

	await laptop.open(id);
	await expect(inList(laptop)).toHaveCount(3);
	await expect(inTurn(laptop, 1)).toHaveText('Since you last looked: text');
	await laptop.turn(3).focus();
	await expect(inList(laptop)).toHaveCount(2);
	await laptop.page.keyboard.press('u');
	await expect(laptop.turn(1)).toBeFocused();
	await expect(laptop.turn(1).locator('ins')).toHaveText(['+1', 'Pure ']);
	await expect(laptop.turn(1).getByRole('tab', { name: 'Since last look' })).toHaveAttribute(
		'aria-selected',
		'true',
	);
	await expect(inList(laptop)).toHaveCount(1);
	await laptop.page.keyboard.press('Escape');
	await expect(laptop.turn(1)).toBeFocused();
	await expect(laptop.turn(1).locator('ins')).toHaveCount(0);
	await leave(laptop);

	await desk.open(id);
	await expect(inList(desk)).toHaveCount(1);
	await expect(inTurn(desk, 1)).toHaveCount(0);
	await expect(inTurn(desk, 2)).toHaveText('Since you last looked: rating');
	await desk.turn(1).focus();
	await desk.page.keyboard.press('u');
	await expect(desk.turn(2)).toBeFocused();
	await expect(inList(desk)).toHaveCount(0);
	await leave(desk);
	await laptop.open(id);
	await expect(laptop.turn(3)).toBeVisible();
	await expect(laptop.page.locator('.since .dot')).toHaveCount(0);
});

test('[SINCE-6] a prompt’s change is shown too, one’s own is none, and nothing of it moves a text or fails axe', async () => {
	const id = await dialogue();
	for (const one of [ann, desk]) await one.open(id);
	for (const one of [ann, desk]) await leave(one);
	await ann.open(id);
	await ann.page.getByRole('textbox', { name: 'Prompt of turn 2' }).press('Enter');
	await ann.page.keyboard.press('Control+Home');
	await ann.page.keyboard.type('Well, ');
	await ann.page.keyboard.press('Escape');
	await ann.saved();
	await leave(ann);

	const texts = () =>
		desk.page
			.locator('.turn .reading')
			.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
	let answer: (() => void) | undefined;
	const held = new Promise<void>((resolve) => (answer = resolve));
	await desk.page.route('**/changes', async (route) => {
		await held;
		await route.continue();
	});
	await desk.open(id);
	const before = await texts();
	answer?.();
	await expect(inList(desk)).toHaveCount(1);
	expect(await texts()).toEqual(before);
	await desk.page.unroute('**/changes');
	await desk.turn(1).focus();
	await desk.page.keyboard.press('u');
	await expect(desk.turn(2).locator('.prompt ins')).toHaveText('Well, ');
	const { violations } = await new AxeBuilder({ page: desk.page }).analyze();
	expect(violations.map(({ id: rule }) => rule)).toEqual([]);
	await desk.page.keyboard.press('Escape');
	await expect(desk.turn(2).locator('.prompt ins')).toHaveCount(0);

	await ann.open(id);
	await expect(ann.turn(3)).toBeVisible();
	await expect(inList(ann)).toHaveCount(0);
});
