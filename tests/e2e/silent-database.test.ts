import { expect, test, type Page } from '@playwright/test';
import type { ApiTurn } from '../support/api-client.ts';
import { answeredDialogue } from '../support/live-dialogue.ts';
import { visit, type Workspace } from '../support/pages.ts';
import { Stage } from '../support/stage.ts';

const ANSWER = 'Water boils at 90 degrees at sea level.';

let stage: Stage;

test.beforeAll(async ({ browser }) => {
	stage = await Stage.set(browser, { bot: { answers: () => ANSWER, chunk: 8 } });
});
test.afterAll(() => stage?.strike());

/** A dialogue of Ann's with one answered prompt. */
const dialogue = () => answeredDialogue(stage.api('ann'), ['How hot?']);
async function stored(id: number): Promise<string | undefined> {
	const { turns } = await stage.api('ann').ok<{ turns: ApiTurn[] }>('GET', `/dialogues/${id}`);
	return turns.find(({ role }) => role === 'bot')?.text;
}

/** From now on the database of this browser answers nobody: another tab has a transaction that does not end. */
async function silence({ page }: Workspace): Promise<void> {
	const other: Page = await page.context().newPage();
	await visit(other, '/queue');
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

test('[OFFLINE-13] from the start: the page is used as ever, and says that nothing is kept', async () => {
	const id = await dialogue();
	const one = await stage.workspace('ann');
	await one.open(id); // so that there is a database
	await silence(one);
	await one.open(id);
	await one.append(1, ' Typed.');
	await one.saved();
	expect(await stored(id)).toBe(`${ANSWER} Typed.`);
	await expect(
		one.page.getByRole('status').filter({ hasText: 'keeps no changes on this device' }),
	).toBeVisible();
	await one.page.context().close();
});

test('[OFFLINE-13] from a moment on: offline it says what is not kept, and what was refused is handed back', async () => {
	const id = await dialogue();
	const one = await stage.workspace('ann');
	await one.open(id);
	await one.rate([4, 4, 4]);
	await one.saved();
	await silence(one);
	await one.goOffline();
	await one.append(1, ' Typed too late.');
	await expect(one.page.locator('.banner').filter({ hasText: 'Offline.' })).toContainText(
		'1 change not saved and not kept on this device',
	);
	await stage.api('ann').ok('POST', `/dialogues/${id}/submit`);
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

test('[OFFLINE-13] signed out meanwhile: what is unsent is shown to be copied', async () => {
	const id = await dialogue();
	const one = await stage.workspace('ann');
	await one.open(id);
	await silence(one);
	await one.goOffline();
	await one.append(1, ' Unsent.');
	const { origin } = stage;
	await one.page.request.post('/sign-out', { headers: { origin } });
	await one.page.context().setOffline(false);
	const unsent = one.page.getByRole('region', { name: 'Not sent' });
	await expect(unsent).toContainText('Unsent.', { timeout: 60_000 });
	await expect(unsent).toContainText('Not saved and not kept on this device: copy your text first');
	await one.page.context().close();
});
