import { expect, test, type Browser, type Locator } from '@playwright/test';
import { rate } from '#lib/document/ratings.ts';
import { answered } from '../support/api-client.ts';
import { answeredDialogue, live } from '../support/live-dialogue.ts';
import { tabTo, Workspace } from '../support/pages.ts';
import { Stage } from '../support/stage.ts';

const PROMPTS = ['How hot is boiling water?', 'On a mountain?', 'And tea?', 'And milk?', 'And oil?', 'Why?'];
/** Each signs in for one test. */
const cast = {
	effort: 'annotator',
	clean: 'annotator',
	quick: 'reviewer',
	ann: 'annotator',
	rev: 'reviewer',
} as const;
type Name = keyof typeof cast;

let stage: Stage<Name>;

test.beforeAll(async ({ browser }) => {
	stage = await Stage.set(browser, { bot: { answers: () => 'It boils at 100 degrees.', chunk: 40 }, cast });
});
test.afterAll(() => stage?.strike());

const POINTER = ['pointerdown', 'pointermove', 'mousedown', 'mousemove', 'touchstart', 'wheel'];

/** Somebody with nothing but a keyboard: presses are counted, what is typed into a text is not. */
class Typist extends Workspace {
	presses = 0;
	/** Events of a pointer that reached any page of theirs. */
	readonly pointed: string[] = [];

	static async at(browser: Browser, name: Name): Promise<Typist> {
		const { email, password } = stage.account(name);
		const context = await browser.newContext({ baseURL: stage.origin });
		const one = new Typist(await context.newPage());
		await context.exposeFunction('pointed', (kind: string) => one.pointed.push(kind));
		await context.addInitScript((kinds: string[]) => {
			const { pointed } = globalThis as unknown as { pointed: (kind: string) => void };
			for (const kind of kinds) addEventListener(kind, () => pointed(kind), { capture: true, passive: true });
		}, POINTER);
		await one.page.goto('/sign-in');
		await one.tabTo(one.page.getByLabel('Email'));
		await one.type(email);
		await one.tabTo(one.page.getByLabel('Password'));
		await one.type(password);
		await one.press('Enter');
		await one.page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
		return one;
	}

	async press(...keys: string[]): Promise<void> {
		for (const key of keys) {
			this.presses++;
			await this.page.keyboard.press(key);
		}
	}
	type(text: string): Promise<void> {
		return this.page.keyboard.type(text);
	}
	/** What this many presses took. */
	async counting(work: () => Promise<void>): Promise<number> {
		const before = this.presses;
		await work();
		return this.presses - before;
	}
	tabTo(wanted: Locator): Promise<void> {
		return tabTo(wanted, () => this.press('Tab'));
	}
	/** The focus is in the first criterion of this turn. */
	async atRatingOf(turn: number): Promise<void> {
		await expect(this.turn(turn)).toHaveAttribute('aria-current', 'true');
		await expect(this.page.getByRole('radiogroup').first().locator(':focus')).toHaveCount(1);
	}
}

/** A dialogue of six answered prompts that its annotator has rated and submitted. */
async function submitted(name: Name): Promise<number> {
	const ann = stage.api(name);
	const id = await answeredDialogue(ann, PROMPTS);
	const { turns } = await answered(ann, id);
	const { user } = await ann.ok<{ user: { id: number } }>('GET', '/me');
	const { doc, provider } = await live(stage.origin, id, stage.account(name).token);
	for (const { id: turn, role } of turns)
		if (role === 'bot')
			for (const criterion of ['helpful', 'honest', 'harmless'])
				rate(doc, String(user.id), turn, criterion, { value: 4 });
	await expect.poll(async () => (await ann.fetch('POST', `/dialogues/${id}/submit`)).ok).toBe(true);
	provider.destroy();
	return id;
}

test('[EFFORT-1] a turn is rated by three criteria with 4 presses, and with 5 where it is edited too', async ({
	browser,
}) => {
	const id = await answeredDialogue(stage.api('effort'), PROMPTS);
	const ann = await Typist.at(browser, 'effort');
	await ann.open(id);
	await ann.tabTo(ann.draft);
	await ann.press('Control+Enter');
	await ann.atRatingOf(1);
	for (const turn of [1, 2, 3]) {
		const presses = await ann.counting(async () => {
			await ann.press('4', '5', '3', 'Control+Enter');
			await ann.atRatingOf(turn + 1);
		});
		expect(presses, `turn ${turn}`).toBeLessThanOrEqual(4);
	}
	for (const turn of [4, 5]) {
		const presses = await ann.counting(async () => {
			await ann.press('4', '5', '3', 'e');
			await expect(ann.final(turn)).toBeFocused();
			await ann.type(' Checked.');
			await ann.press('Control+Enter');
			await ann.atRatingOf(turn + 1);
		});
		expect(presses, `turn ${turn}, edited`).toBeLessThanOrEqual(5);
		await expect(ann.turn(turn)).toContainText('Checked.');
	}
	await ann.press('4', '5', '3', 'Control+Enter');
	await expect(ann.draft).toBeFocused();
	await expect(ann.page.locator('.rail .count')).toHaveText('6 / 6');
	expect(ann.pointed).toEqual([]);
});

test('[EFFORT-2] a clean dialogue of six turns is claimed, read through and accepted with at most 8 presses', async ({
	browser,
}) => {
	const id = await submitted('clean');
	const rev = await Typist.at(browser, 'quick');
	await expect(rev.page.getByRole('button', { name: `#${id}` })).toBeVisible();
	const presses = await rev.counting(async () => {
		await rev.press('Control+Enter');
		await rev.page.waitForURL(`**/d/${id}`);
		await rev.saved();
		for (let turn = 1; turn <= PROMPTS.length; turn++) {
			await expect(rev.turn(turn)).toHaveAttribute('aria-current', 'true');
			await expect(rev.turn(turn)).toBeInViewport();
			if (turn < PROMPTS.length) await rev.press('j');
		}
		await rev.press('a');
		await expect(rev.page.getByText('Accepted').first()).toBeVisible();
	});
	expect(presses).toBeLessThanOrEqual(8);
	expect(rev.pointed).toEqual([]);
});

test('[PAGE-4] Ctrl Enter takes the next review and the next topic though no script of the page is there', async ({
	browser,
}) => {
	const id = await submitted('clean');
	const rev = await Typist.at(browser, 'quick');
	const ann = await Typist.at(browser, 'effort');
	await expect(rev.page.getByRole('button', { name: `#${id}` })).toBeVisible();
	for (const { page } of [rev, ann]) {
		await page.route('**/_app/**/*.js', (route) => route.abort());
		await page.reload();
	}
	await rev.press('Control+Enter');
	await rev.page.waitForURL(`**/d/${id}`);
	await ann.press('Control+Enter');
	await ann.page.waitForURL('**/d/*');
});

test('[LOOK-2] from signing in to accepting by keyboard alone: no pointer event reaches a page', async ({
	browser,
}) => {
	const ann = await Typist.at(browser, 'ann');
	const rev = await Typist.at(browser, 'rev');
	await ann.press('Control+Enter');
	await ann.page.waitForURL('**/d/*');
	await ann.saved();
	await ann.tabTo(ann.draft);
	await ann.type('How do I descale a kettle?');
	await ann.press('Control+Enter');
	await expect(ann.final(1)).toBeVisible();
	await ann.press('Control+Enter');
	await ann.atRatingOf(1);
	await ann.press('4', '5', '5', 'e');
	await expect(ann.final(1)).toBeFocused();
	await ann.type(' Checked.');
	await ann.press('Control+Shift+Enter');
	await expect(ann.page.getByRole('dialog').getByRole('button', { name: 'Submit dialogue' })).toBeFocused();
	await ann.press('Enter');
	await expect(ann.page.getByText('Submitted').first()).toBeVisible();

	await rev.page.reload();
	await expect(rev.page.getByRole('button', { name: 'Claim' })).toBeVisible();
	await rev.press('Control+Enter');
	await rev.page.waitForURL('**/d/*');
	await rev.saved();
	await expect(rev.turn(1)).toContainText('Checked.');
	await rev.press('n');
	await rev.press('5', '4', '5', 'a');
	await expect(ann.page.getByText('Accepted').first()).toBeVisible();
	await expect(rev.page.getByText('Accepted').first()).toBeVisible();
	for (const one of [ann, rev]) expect(one.pointed).toEqual([]);
});
