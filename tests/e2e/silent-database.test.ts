import { expect, test, type Browser, type Page } from '@playwright/test';
import { answered, ApiClient, type ApiDialogue, type ApiTurn } from '../support/api-client.ts';
import { startStandIn, type StandIn } from '../support/openai-stand-in.ts';
import { signedIn, Workspace, type Account } from '../support/pages.ts';
import { RunningServer } from '../support/running-server.ts';

const ANSWER = 'Water boils at 90 degrees at sea level.';

let standIn: StandIn;
let server: RunningServer;
let ann: Account;
let annApi: ApiClient;

test.beforeAll(async () => {
	standIn = await startStandIn({ answers: new Map([['How hot?', ANSWER]]), chunk: 8, delayMs: 0 });
	server = await RunningServer.start({ env: { BOT_BASE_URL: standIn.url, BOT_MODEL: 'qwen3-8b' } });
	const email = 'ann@example.org';
	ann = { email, ...(await server.person(email, 'annotator')) };
	annApi = new ApiClient(server.origin, ann.token);
});
test.afterAll(async () => {
	await server?.stop();
	await standIn?.close();
});

/** A dialogue of Ann's with one answered prompt. */
async function dialogue(): Promise<number> {
	const { items } = await annApi.ok<{ items: { id: number; language: string }[] }>('GET', '/topics');
	const topicId = items.find(({ language }) => language === 'en')?.id;
	const { id } = await annApi.ok<ApiDialogue>('POST', '/dialogues', { topicId });
	await annApi.ok('POST', `/dialogues/${id}/turns`, { text: 'How hot?' });
	await answered(annApi, id);
	return id;
}
async function stored(id: number): Promise<string | undefined> {
	const { turns } = await annApi.ok<{ turns: ApiTurn[] }>('GET', `/dialogues/${id}`);
	return turns.find(({ role }) => role === 'bot')?.text;
}

const enter = async (browser: Browser): Promise<Workspace> =>
	new Workspace(await signedIn(browser, server, ann));

/** From now on the database of this browser answers nobody: another tab has a transaction that does not end. */
async function silence({ page }: Workspace): Promise<void> {
	const other: Page = await page.context().newPage();
	await other.goto('/queue');
	await other.evaluate(
		() =>
			new Promise<void>((resolve) => {
				const opening = indexedDB.open('duologue-1');
				opening.onsuccess = () => {
					const names = opening.result.objectStoreNames;
					const visits = opening.result.transaction(names, 'readwrite').objectStore('visits');
					const goOn = (): void => {
						visits.count().onsuccess = goOn;
						resolve();
					};
					visits.count().onsuccess = goOn;
				};
			}),
	);
}

async function offline({ page }: Workspace): Promise<void> {
	await page.context().setOffline(true);
	await expect(page.locator('[data-saved]')).toHaveAttribute('data-saved', 'offline');
}

async function type(one: Workspace, text: string): Promise<void> {
	await one.edit(1);
	await one.page.keyboard.insertText(text);
}

test('[OFFLINE-13] from the start: the page is used as ever, and says that nothing is kept', async ({
	browser,
}) => {
	const id = await dialogue();
	const one = await enter(browser);
	await one.open(id); // so that there is a database
	await silence(one);
	await one.open(id);
	await type(one, ' Typed.');
	await one.saved();
	expect(await stored(id)).toBe(`${ANSWER} Typed.`);
	await expect(
		one.page.getByRole('status').filter({ hasText: 'keeps no changes on this device' }),
	).toBeVisible();
	await one.page.context().close();
});

test('[OFFLINE-13] from a moment on: offline it says what is not kept, and what was refused is handed back', async ({
	browser,
}) => {
	const id = await dialogue();
	const one = await enter(browser);
	await one.open(id);
	await one.rate([4, 4, 4]);
	await one.saved();
	await silence(one);
	await offline(one);
	await type(one, ' Typed too late.');
	await expect(one.page.locator('.banner').filter({ hasText: 'Offline.' })).toContainText(
		'1 change not saved and not kept on this device',
	);
	await annApi.ok('POST', `/dialogues/${id}/submit`);
	await one.page.context().setOffline(false);
	const late = one.page.getByRole('region', { name: 'Late changes' });
	await expect(late).toContainText('Typed too late.', { timeout: 60_000 });
	expect(await stored(id)).toBe(ANSWER);

	// And the page goes on: what is taken back can be written in, with what was late.
	await one.page.getByRole('button', { name: 'Take back' }).click();
	await late.getByRole('button', { name: 'Apply', exact: true }).click();
	await expect(late).toHaveCount(0);
	await one.saved();
	expect(await stored(id)).toBe(`${ANSWER} Typed too late.`);
	await one.page.context().close();
});

test('[OFFLINE-13] signed out meanwhile: what is unsent is shown to be copied', async ({ browser }) => {
	const id = await dialogue();
	const one = await enter(browser);
	await one.open(id);
	await silence(one);
	await offline(one);
	await type(one, ' Unsent.');
	const { origin } = server;
	await one.page.request.post('/sign-out', { headers: { origin } });
	await one.page.context().setOffline(false);
	const unsent = one.page.getByRole('region', { name: 'Not sent' });
	await expect(unsent).toContainText('Unsent.', { timeout: 60_000 });
	await expect(unsent).toContainText('Not saved and not kept on this device: copy your text first');
	await one.page.context().close();
});
