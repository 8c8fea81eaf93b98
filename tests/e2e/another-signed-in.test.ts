import { expect, test, type Page } from '@playwright/test';
import type { NamedShare } from '#lib/measure/shares.ts';
import type { ApiDialogue, ApiTurn } from '../support/api-client.ts';
import { answeredDialogue, submittedDialogue } from '../support/live-dialogue.ts';
import { copied, signIn, signOut, Workspace } from '../support/pages.ts';
import { Stage } from '../support/stage.ts';

const ANSWER = 'Water boils at 90 degrees at sea level.';
const ANNS = ' Typed by Ann.';
const REVS = ' Typed by Rev.';

type Written = ApiTurn & { authorship: NamedShare[] };

let stage: Stage;

test.beforeAll(async ({ browser }) => {
	stage = await Stage.set(browser, { bot: { answers: () => ANSWER, chunk: 8 } });
});
test.afterAll(() => stage?.strike());

/** A dialogue of Ann's with one answered prompt, in which the reviewer may write too. */
async function shared(): Promise<number> {
	const id = await answeredDialogue(stage.api('ann'), ['How hot?']);
	await stage.api('ann').ok('POST', `/dialogues/${id}/together`, { together: true });
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

test('[DOOR-10] a page stays open while another signs in beside it: Send sends nothing in their name, and says why', async () => {
	const id = await shared();
	const anns = await stage.workspace('ann');
	const revs = await stage.enter('rev');
	await anns.open(id);
	await anns.page.context().addCookies(await revs.context().cookies());
	const before = await stage.api('ann').ok<ApiDialogue>('GET', `/dialogues/${id}`);
	await anns.prompt('And on a mountain?');
	await expect(anns.page.getByRole('status').filter({ hasText: 'another account' })).toBeVisible();
	await expect(anns.draft).toContainText('And on a mountain?');
	expect((await stage.api('ann').ok<ApiDialogue>('GET', `/dialogues/${id}`)).turns).toEqual(before.turns);
	await anns.page.context().close();
	await revs.context().close();
});

test('[DOOR-10] the state moves while another is signed in beside an open page: it stays its person’s', async () => {
	const id = await submittedDialogue(stage.origin, stage.api('ann'), stage.account('ann').token);
	const anns = await stage.workspace('ann');
	const revs = await stage.enter('rev');
	await anns.open(id);
	await anns.page.context().addCookies(await revs.context().cookies());
	await stage.api('ann').ok('POST', `/dialogues/${id}/take-back`);
	const readAnew = () =>
		performance.getEntriesByType('resource').some(({ name }) => name.includes('__data.json'));
	await expect.poll(() => anns.page.evaluate(readAnew)).toBe(true);
	await anns.prompt('And on a mountain?');
	await expect(anns.page.getByRole('status').filter({ hasText: 'another account' })).toBeVisible();
	await expect(anns.draft).toContainText('And on a mountain?');
	expect((await stage.api('ann').ok<ApiDialogue>('GET', `/dialogues/${id}`)).turns).toHaveLength(2);
	await anns.page.context().close();
	await revs.context().close();
});

test('[OFFLINE-12] typed offline by one, then another signs in beside the open page: theirs is none of it, and it waits for its person', async () => {
	const id = await shared();
	const response = async (): Promise<Written> => {
		const { turns } = await stage.api('ann').ok<{ turns: Written[] }>('GET', `/dialogues/${id}`);
		return turns.find(({ role }) => role === 'bot') as Written;
	};
	const anns = await stage.workspace('ann');
	const context = anns.page.context();
	await anns.open(id);
	const network = await networkOf(anns.page);
	await copied(anns.page, id);
	await network.cut();
	// What is typed now is under a client id that the server has never heard of.
	await anns.page.reload();
	await anns.append(1, ANNS);
	await expect(anns.page.locator('.banner')).toContainText('Offline. 1 change kept on this device');

	const beside = await context.newPage();
	await beside.goto('/queue');
	await signOut(beside);
	await beside.getByRole('button', { name: 'Keep them and sign out' }).click();
	await beside.waitForURL('**/sign-in');
	await signIn(beside, stage.account('rev'));
	const revs = new Workspace(beside);
	await revs.open(id);

	await network.mend();
	await expect(anns.page.locator('[data-saved]')).toHaveAttribute('data-saved', /^(saved|failed)$/);
	expect((await response()).text).toBe(ANSWER);
	await expect(anns.page.getByRole('alert').filter({ hasText: 'another account' })).toBeVisible();
	const unsent = anns.page.getByRole('region', { name: 'Not sent' });
	await expect(unsent).toContainText('1 change kept on this device, and sent when you are back');
	await expect(unsent).toContainText(ANNS.trim());
	await revs.append(1, REVS);
	await revs.saved();
	expect((await response()).text).toBe(`${ANSWER}${REVS}`);
	await revs.page.keyboard.press('Escape');
	await expect(revs.final(1)).toHaveText(`${ANSWER}${REVS}`);

	const opening = context.waitForEvent('page');
	await anns.page.getByRole('link', { name: 'New tab' }).click();
	const home = await opening;
	await signOut(home);
	await home.waitForURL('**/sign-in');
	await signIn(home, stage.account('ann'));
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
