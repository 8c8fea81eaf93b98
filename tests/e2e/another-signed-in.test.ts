import { expect, test, type Page } from '@playwright/test';
import type { NamedShare } from '#lib/measure/shares.ts';
import { answered, ApiClient, type ApiDialogue, type ApiTurn } from '../support/api-client.ts';
import { startStandIn, type StandIn } from '../support/openai-stand-in.ts';
import { signedIn, signIn, Workspace, type Account } from '../support/pages.ts';
import { RunningServer } from '../support/running-server.ts';

const ANSWER = 'Water boils at 90 degrees at sea level.';
const ANNS = ' Typed by Ann.';
const REVS = ' Typed by Rev.';

type Written = ApiTurn & { authorship: NamedShare[] };

let standIn: StandIn;
let server: RunningServer;
let ann: Account;
let rev: Account;
let annApi: ApiClient;

test.beforeAll(async () => {
	standIn = await startStandIn({ answers: new Map([['How hot?', ANSWER]]), chunk: 8, delayMs: 0 });
	server = await RunningServer.start({ env: { BOT_BASE_URL: standIn.url, BOT_MODEL: 'qwen3-8b' } });
	const person = async (email: string, role: 'annotator' | 'reviewer'): Promise<Account> => ({
		email,
		...(await server.person(email, role)),
	});
	ann = await person('ann@example.org', 'annotator');
	rev = await person('rev@example.org', 'reviewer');
	annApi = new ApiClient(server.origin, ann.token);
});
test.afterAll(async () => {
	await server?.stop();
	await standIn?.close();
});

/** A dialogue of Ann's with one answered prompt, in which the reviewer may write too. */
async function shared(): Promise<number> {
	const { items } = await annApi.ok<{ items: { id: number; language: string }[] }>('GET', '/topics');
	const topicId = items.find(({ language }) => language === 'en')?.id;
	const { id } = await annApi.ok<ApiDialogue>('POST', '/dialogues', { topicId });
	await annApi.ok('POST', `/dialogues/${id}/turns`, { text: 'How hot?' });
	await answered(annApi, id);
	await annApi.ok('POST', `/dialogues/${id}/together`, { together: true });
	return id;
}

/** The network of this tab alone: its neighbours keep theirs. */
async function networkOf(page: Page): Promise<{ cut(): Promise<void>; mend(): Promise<void> }> {
	const session = await page.context().newCDPSession(page);
	await session.send('Network.enable');
	const be = async (offline: boolean): Promise<void> => {
		const conditions = { offline, latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
		await session.send('Network.emulateNetworkConditions', conditions);
	};
	return { cut: () => be(true), mend: () => be(false) };
}

/** The page of a dialogue can be had without the server from now on. */
async function copied(page: Page, id: number): Promise<void> {
	await page.evaluate(async () => void (await navigator.serviceWorker.ready));
	await expect
		.poll(() => page.evaluate(async (path) => (await caches.match(path)) !== undefined, `/d/${id}`))
		.toBe(true);
}

async function signOut(page: Page): Promise<void> {
	await page.getByRole('button', { name: /account/ }).click();
	await page.getByRole('button', { name: 'Sign out' }).click();
}

async function type(one: Workspace, text: string): Promise<void> {
	await one.edit(1);
	await one.page.keyboard.insertText(text);
}

test('[DOOR-10] a page stays open while another signs in beside it: Send sends nothing in their name, and says why', async ({
	browser,
}) => {
	const id = await shared();
	const anns = new Workspace(await signedIn(browser, server, ann));
	const revs = await signedIn(browser, server, rev);
	await anns.open(id);
	await anns.page.context().addCookies(await revs.context().cookies());
	const before = await annApi.ok<ApiDialogue>('GET', `/dialogues/${id}`);
	await anns.prompt('And on a mountain?');
	await expect(anns.page.getByRole('status').filter({ hasText: 'another account' })).toBeVisible();
	await expect(anns.draft).toContainText('And on a mountain?');
	expect((await annApi.ok<ApiDialogue>('GET', `/dialogues/${id}`)).turns).toEqual(before.turns);
	await anns.page.context().close();
	await revs.context().close();
});

test('[OFFLINE-12] typed offline by one, then another signs in beside the open page: theirs is none of it, and it waits for its person', async ({
	browser,
}) => {
	const id = await shared();
	const response = async (): Promise<Written> => {
		const { turns } = await annApi.ok<{ turns: Written[] }>('GET', `/dialogues/${id}`);
		return turns.find(({ role }) => role === 'bot') as Written;
	};
	const anns = new Workspace(await signedIn(browser, server, ann));
	const context = anns.page.context();
	await anns.open(id);
	const network = await networkOf(anns.page);
	await copied(anns.page, id);
	await network.cut();
	// What is typed now is under a client id that the server has never heard of.
	await anns.page.reload();
	await type(anns, ANNS);
	await expect(anns.page.locator('.banner')).toContainText('Offline. 1 change kept on this device');

	const beside = await context.newPage();
	await beside.goto('/queue');
	await signOut(beside);
	await beside.getByRole('button', { name: 'Keep them and sign out' }).click();
	await beside.waitForURL('**/sign-in');
	await signIn(beside, rev);
	const revs = new Workspace(beside);
	await revs.open(id);

	await network.mend();
	await expect(anns.page.locator('[data-saved]')).toHaveAttribute('data-saved', /^(saved|failed)$/);
	expect((await response()).text).toBe(ANSWER);
	await expect(anns.page.getByRole('alert').filter({ hasText: 'another account' })).toBeVisible();
	const unsent = anns.page.getByRole('region', { name: 'Not sent' });
	await expect(unsent).toContainText('1 change kept on this device, and sent when you are back');
	await expect(unsent).toContainText(ANNS.trim());
	await type(revs, REVS);
	await revs.saved();
	expect((await response()).text).toBe(`${ANSWER}${REVS}`);
	await revs.page.keyboard.press('Escape');
	await expect(revs.final(1)).toHaveText(`${ANSWER}${REVS}`);

	const opening = context.waitForEvent('page');
	await anns.page.getByRole('link', { name: 'New tab' }).click();
	const home = await opening;
	await signOut(home);
	await home.waitForURL('**/sign-in');
	await signIn(home, ann);
	await anns.page.getByRole('button', { name: 'Reload' }).click();
	await expect(anns.final(1)).toContainText(ANNS.trim());
	await anns.saved();
	const { text, authorship } = await response();
	// Both typed at the same place: either order is right.
	expect([`${ANSWER}${ANNS}${REVS}`, `${ANSWER}${REVS}${ANNS}`]).toContain(text);
	const people = authorship.filter(({ author }) => author.kind === 'person');
	expect(people).toMatchObject([
		{ author: { name: 'ann' }, characters: ANNS.length },
		{ author: { name: 'rev' }, characters: REVS.length },
	]);
	await context.close();
});
