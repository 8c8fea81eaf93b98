import { chromium, expect, test, type BrowserContext, type Locator, type Page } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiClient, ApiDialogue, ApiTurn } from '../support/api-client.ts';
import { chromium as howToStart } from '../support/chromium.ts';
import { answeredDialogue } from '../support/live-dialogue.ts';
import { copied, signIn, signOut, Workspace } from '../support/pages.ts';
import { Stage } from '../support/stage.ts';

const ANSWER = 'Water boils at 90 degrees at sea level.';

const cast = { ann: 'annotator', ben: 'annotator', rev: 'reviewer', lea: 'lead' } as const;

let stage: Stage<keyof typeof cast>;
let ann: Workspace;
let rev: Workspace;
let annApi: ApiClient;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
	stage = await Stage.set(browser, { bot: { answers: () => ANSWER, chunk: 8 }, cast });
	[ann, rev] = await stage.workspaces('ann', 'rev');
	annApi = stage.api('ann');
});
test.afterAll(() => stage?.strike());

/** A dialogue of Ann's with one answered prompt. */
const dialogue = () => answeredDialogue(annApi, ['How hot?']);
const stored = (id: number): Promise<ApiDialogue> => annApi.ok<ApiDialogue>('GET', `/dialogues/${id}`);
const botTurn = async (id: number): Promise<ApiTurn | undefined> =>
	(await stored(id)).turns.find(({ role }) => role === 'bot');

const mark = ({ page }: Workspace): Locator => page.locator('[data-saved]');
const late = ({ page }: Workspace): Locator => page.getByRole('region', { name: 'Late changes' });
const strip = ({ page }: Workspace): Locator => page.locator('.banner').filter({ hasText: 'Offline.' });

const online = (one: Workspace): Promise<void> => one.page.context().setOffline(false);

/** Leaves the editor, so that all of the text is drawn. */
async function reads(one: Workspace, text: string): Promise<void> {
	await one.page.keyboard.press('Escape');
	await expect(one.final(1)).toHaveText(text);
}

/** A browser that keeps its things in a folder, as people's do. */
class Profile {
	readonly #folder: string;
	context!: BrowserContext;

	private constructor(folder: string) {
		this.#folder = folder;
	}

	static async create(): Promise<Profile> {
		const profile = new Profile(await mkdtemp(join(tmpdir(), 'duologue-profile-')));
		await profile.start();
		return profile;
	}

	async start(): Promise<Workspace> {
		this.context = await chromium.launchPersistentContext(this.#folder, {
			...howToStart(),
			baseURL: stage.origin,
			viewport: { width: 1280, height: 800 },
			locale: 'en-GB',
		});
		return new Workspace(this.context.pages()[0] ?? (await this.context.newPage()));
	}

	/** As when its process is killed: nothing is written any more. */
	async crash(): Promise<void> {
		const browser = this.context.browser();
		if (!browser) throw new Error('The browser cannot be reached');
		const closed = new Promise((resolve) => this.context.once('close', resolve));
		const session = await browser.newBrowserCDPSession();
		session.send('Browser.crash').catch(() => undefined); // it does not live to answer
		await closed;
	}

	async remove(): Promise<void> {
		await this.context.close().catch(() => undefined);
		await rm(this.#folder, { recursive: true, force: true });
	}
}

test('[OFFLINE-1] [OFFLINE-9] typed offline, over a reload without a connection, and sent once it is back', async () => {
	const id = await dialogue();
	await ann.open(id);
	await rev.open(id);
	await copied(ann.page, id);
	await ann.goOffline();
	await ann.append(1, ' One.');
	await expect(strip(ann)).toContainText('1 change kept on this device');
	await ann.page.reload();
	await expect(strip(ann)).toContainText('1 change kept on this device');
	await expect(ann.final(1)).toHaveText(`${ANSWER} One.`);
	await ann.append(1, ' Two.');
	await expect(strip(ann)).toContainText('2 changes kept on this device');
	await expect(rev.final(1)).toHaveText(ANSWER);
	await online(ann);
	await ann.saved();
	for (const one of [ann, rev]) await reads(one, `${ANSWER} One. Two.`);
	expect((await botTurn(id))?.text).toBe(`${ANSWER} One. Two.`);
	await expect(late(ann)).toHaveCount(0);
});

test('[OFFLINE-1] [OFFLINE-9] a browser killed while the server was down opens the dialogue as it was left', async () => {
	const id = await dialogue();
	const profile = await Profile.create();
	try {
		let one = new Workspace(profile.context.pages()[0] as Page);
		await one.page.goto('/sign-in');
		await signIn(one.page, stage.account('ann'));
		await one.open(id);
		await copied(one.page, id);
		await one.append(1, ' Saved.');
		await one.saved();
		await stage.server.kill();
		await expect(mark(one)).toHaveAttribute('data-saved', 'offline');
		await one.page.keyboard.insertText(' Kept.');
		await expect(strip(one)).toContainText('1 change kept on this device');
		await profile.crash();

		one = await profile.start();
		await one.page.goto(`/d/${id}`);
		await expect(strip(one)).toContainText('1 change kept on this device');
		await expect(one.final(1)).toHaveText(`${ANSWER} Saved. Kept.`);
		await one.append(1, ' More.');
		await expect(strip(one)).toContainText('2 changes kept on this device');
		await profile.context.close();

		await stage.server.run();
		one = await profile.start();
		await one.page.goto('/sign-in');
		// A killed browser may have lost its newest cookie: then its person comes in anew.
		if (new URL(one.page.url()).pathname === '/sign-in') await signIn(one.page, stage.account('ann'));
		await one.open(id);
		await reads(one, `${ANSWER} Saved. Kept. More.`);
		await one.saved();
		expect((await botTurn(id))?.text).toBe(`${ANSWER} Saved. Kept. More.`);
	} finally {
		await profile.remove();
		if (!stage.server.runs) await stage.server.run();
	}
});

test('[OFFLINE-4] two tabs of one person: what either typed offline stands once, also of the one that was closed', async () => {
	const id = await dialogue();
	await ann.open(id);
	const other = new Workspace(await ann.page.context().newPage());
	await other.open(id);
	await ann.goOffline();
	await expect(mark(other)).toHaveAttribute('data-saved', 'offline');
	await ann.append(1, ' First tab.');
	await other.final(1).click();
	await other.page.keyboard.press('Control+Home');
	await other.page.keyboard.insertText('Second tab. ');
	await expect(strip(other)).toContainText('1 change kept on this device');
	await other.page.close();
	await online(ann);
	await ann.saved();
	await reads(ann, `Second tab. ${ANSWER} First tab.`);
	await ann.saved();
	expect((await botTurn(id))?.text).toBe(`Second tab. ${ANSWER} First tab.`);
});

test('[OFFLINE-5] [OFFLINE-11] signing out asks about what is here alone; another person finds nothing of it', async () => {
	const id = await dialogue();
	const one = await stage.workspace('ann');
	const { page } = one;
	await one.open(id);
	await copied(one.page, id);
	await one.goOffline();
	await one.append(1, ' Kept for later.');
	await expect(strip(one)).toContainText('1 change kept on this device');
	await page.close(); // with it goes the connection: nothing sends what is kept
	const home = await one.page.context().newPage();
	await online(one);
	await home.goto('/queue');
	const waiting = home.getByRole('status').filter({ hasText: 'not with the server yet' });
	await expect(waiting.getByRole('link', { name: `#${id}` })).toBeVisible();

	const dialog = home.getByRole('dialog');
	await signOut(home);
	await expect(dialog).toContainText(`#${id}: 1 change`);
	await home.keyboard.press('Escape');
	await expect(dialog).toHaveCount(0);
	await signOut(home);
	await dialog.getByRole('button', { name: 'Keep them and sign out' }).click();
	await home.waitForURL('**/sign-in');
	expect(await home.evaluate(async () => (await caches.match('/d/1')) === undefined)).toBe(true);
	expect(await home.evaluate(async (path) => await caches.match(path), `/d/${id}`)).toBeUndefined();

	await signIn(home, stage.account('ben'));
	await expect(home.getByRole('link', { name: `#${id}` })).toHaveCount(0);
	await home.goto(`/d/${id}`);
	await expect(home.getByRole('heading', { name: 'Nothing here' })).toBeVisible();
	await expect(home.getByText('Kept for later.')).toHaveCount(0);
	await home.goto('/queue');
	await signOut(home); // nothing of his is unsent: nothing is asked
	await home.waitForURL('**/sign-in');

	await signIn(home, stage.account('ann'));
	const again = new Workspace(home);
	await again.open(id);
	await reads(again, `${ANSWER} Kept for later.`);
	expect((await botTurn(id))?.text).toBe(`${ANSWER} Kept for later.`);

	await again.goOffline();
	await again.append(1, ' Thrown away.');
	await expect(strip(again)).toContainText('1 change kept on this device');
	await home.close();
	const last = await one.page.context().newPage();
	await online(again);
	await last.goto('/queue');
	await signOut(last);
	await last.getByRole('button', { name: 'Discard them and sign out' }).click();
	await last.waitForURL('**/sign-in');
	await signIn(last, stage.account('ann'));
	await new Workspace(last).open(id);
	await expect(new Workspace(last).final(1)).toHaveText(`${ANSWER} Kept for later.`);
	await last.context().close();
});

test('[OFFLINE-6] where the browser keeps nothing it is said once, and work goes on', async () => {
	const id = await dialogue();
	const one = await stage.workspace('ann');
	await one.page.addInitScript(() => {
		IDBFactory.prototype.open = () => {
			throw new DOMException('Not in this window', 'SecurityError');
		};
	});
	await one.open(id);
	const notice = one.page.getByRole('status').filter({ hasText: 'keeps no changes on this device' });
	await expect(notice).toBeVisible();
	await one.append(1, ' Typed.');
	await one.saved();
	await one.goOffline();
	await expect(strip(one)).toContainText('not kept on this device');
	await one.page.keyboard.insertText(' Offline.');
	await expect(strip(one)).toContainText('1 change not saved and not kept on this device');
	await expect(strip(one)).toContainText('Leave this page open');
	await online(one);
	await one.saved();
	await notice.getByRole('button', { name: 'Close' }).click();
	await one.open(id);
	await reads(one, `${ANSWER} Typed. Offline.`);
	await expect(notice).toHaveCount(0);
	await one.page.context().close();
});

test('[LATE-3] [LATE-4] [LATE-5] typed offline and submitted meanwhile: late changes, over a reload, applied after Take back', async () => {
	const id = await dialogue();
	await ann.open(id);
	await rev.open(id);
	await ann.rate([4, 4, 4]);
	await ann.saved();
	await ann.goOffline();
	await ann.append(1, ' Typed too late.');
	await ann.page.keyboard.press('Escape');
	await ann.scale('Helpful').getByRole('radio').first().focus();
	await ann.page.keyboard.press('5');
	await annApi.ok('POST', `/dialogues/${id}/submit`);
	await online(ann);

	await expect(late(ann)).toContainText('Typed too late.');
	await expect(late(ann)).toContainText('Helpful: 4 → 5');
	await expect(late(ann)).toContainText('when you may write here again');
	await expect(late(ann).getByRole('button', { name: 'Apply' })).toHaveCount(0);
	await expect(mark(ann)).toContainText('Not saved');
	await ann.page.reload();
	await expect(late(ann)).toContainText('Typed too late.');
	await expect(late(ann)).toContainText('Helpful: 4 → 5');
	await expect(ann.final(1)).toHaveCount(0); // submitted: it is read
	await expect(ann.turn(1).getByText('Typed too late.')).toHaveCount(0);
	for (const hidden of [rev.page.getByText('Typed too late.'), late(rev)])
		await expect(hidden).toHaveCount(0);

	await ann.page.getByRole('button', { name: 'Take back' }).click();
	await expect(late(ann).getByRole('button', { name: 'Apply', exact: true })).toHaveCount(2);
	await rev.page.reload();
	await rev.saved();
	await late(ann).getByRole('button', { name: 'Apply', exact: true }).first().click();
	await expect(late(ann).getByRole('listitem')).toHaveCount(1);
	await expect(ann.final(1)).toHaveText(`${ANSWER} Typed too late.`);
	await expect(late(ann).getByRole('button', { name: 'Apply', exact: true })).toBeFocused();
	await ann.page.keyboard.press('Enter');
	await expect(late(ann)).toHaveCount(0);
	await ann.saved();
	await expect(rev.turn(1).getByText(`${ANSWER} Typed too late.`).first()).toBeVisible();
	const bot = (await botTurn(id)) as ApiTurn & { ratings: Record<string, { helpful: { value: number } }> };
	expect(bot.text).toBe(`${ANSWER} Typed too late.`);
	expect(Object.values(bot.ratings)).toMatchObject([{ helpful: { value: 5 } }]);
	await ann.page.reload();
	await ann.saved();
	await expect(late(ann)).toHaveCount(0);
	await expect(ann.final(1)).toHaveText(`${ANSWER} Typed too late.`);
});

test('[LATE-6] who was taken out of the project can still copy what they typed, until they drop it', async () => {
	const id = await dialogue();
	const one = await stage.workspace('rev');
	await one.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
	await annApi.ok('POST', `/dialogues/${id}/together`, { together: true });
	await one.open(id);
	await one.goOffline();
	await one.append(1, ' Of the reviewer.');
	await expect(strip(one)).toContainText('1 change kept on this device');
	const lead = await stage.workspace('lea');
	await lead.page.goto('/members');
	const row = lead.page
		.getByRole('listitem')
		.or(lead.page.getByRole('row'))
		.filter({ hasText: 'rev@example.org' });
	await row.getByRole('button', { name: /Remove/ }).click();
	await lead.page
		.getByRole('dialog')
		.getByRole('button', { name: /Remove/ })
		.click();
	await expect(row).toHaveCount(0);
	await online(one);

	await expect(late(one)).toContainText('Of the reviewer.');
	await late(one).getByRole('button', { name: 'Copy text' }).click();
	await expect(late(one).getByRole('button', { name: 'Copied' })).toBeVisible();
	expect(await one.page.evaluate(() => navigator.clipboard.readText())).toBe(`${ANSWER} Of the reviewer.`);
	await one.page.reload();
	await expect(one.page.getByRole('heading', { name: 'You typed this here' })).toBeVisible();
	await expect(one.page.getByText('Of the reviewer.')).toBeVisible();
	await one.page.getByRole('button', { name: 'Drop all 1' }).click();
	await one.page.getByRole('button', { name: 'Drop for good?' }).click();
	await expect(one.page.getByText('Of the reviewer.')).toHaveCount(0);
	await one.page.reload();
	await expect(one.page.getByRole('heading', { name: 'Nothing here' })).toBeVisible();
	await expect(one.page.getByRole('heading', { name: 'You typed this here' })).toHaveCount(0);
	await one.page.context().close();
	await lead.page.context().close();
});
