import { expect, test, type Locator } from '@playwright/test';
import * as Y from 'yjs';
import { openDatabase } from '../../server/store/database.ts';
import { packUpdates } from '../../server/store/update-log.ts';
import { answeredDialogue } from '../support/live-dialogue.ts';
import { expectSound, LOOKS, nameOf, wear } from '../support/looks.ts';
import type { Workspace } from '../support/pages.ts';
import { Stage } from '../support/stage.ts';

const ANSWER = 'Water boils at 90 degrees at sea level, and a lid saves time.';
let stage: Stage;
let ann: Workspace;
/** The reviewer at two machines. */
let desk: Workspace;
let laptop: Workspace;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
	stage = await Stage.set(browser, { bot: { answers: () => ANSWER, chunk: 40 } });
	[ann, desk, laptop] = await stage.workspaces('ann', 'rev', 'rev');
});
test.afterAll(() => stage?.strike());

const PROMPTS = ['How hot is boiling water?', 'And on a mountain?', 'And tea?'];
const dialogue = () => answeredDialogue(stage.api('ann'), PROMPTS);

/** Leaves the dialogue, once the server knows and the next page is there: it may be gone a moment later. */
async function leave({ page }: Workspace): Promise<void> {
	const told = page.waitForResponse((response) => response.url().endsWith('/look'));
	await page
		.getByRole('link', { name: 'All dialogues' })
		.or(page.locator('.bar .home'))
		.first()
		.press('Enter');
	await told;
	await page.waitForURL(({ pathname }) => !pathname.startsWith('/d/'));
}
/** Opens the dialogue, sees it, and leaves it. */
async function lookAt(one: Workspace, id: number): Promise<void> {
	await one.open(id);
	await expect(one.turn(3)).toBeVisible();
	await leave(one);
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
	await lookAt(desk, id);

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

test('[SINCE-6] a prompt’s change is shown too, one’s own is none, and nothing of it moves a text', async () => {
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
	for (const width of [360, 1280]) {
		await desk.page.setViewportSize({ width, height: 800 });
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
	}
	await desk.turn(1).focus();
	await desk.page.keyboard.press('u');
	await expect(desk.turn(2).locator('.prompt ins')).toHaveText('Well, ');
	await desk.page.keyboard.press('Escape');
	await expect(desk.turn(2).locator('.prompt ins')).toHaveCount(0);

	await ann.open(id);
	await expect(ann.turn(3)).toBeVisible();
	await expect(inList(ann)).toHaveCount(0);
});

/** With too long a history, which the reviewer has not looked at; one for each look. */
const unmarked: number[] = [];

test('[SINCE-7] of a dialogue with too long a history the page says that nothing is marked', async () => {
	while (unmarked.length < LOOKS.length) unmarked.push(await dialogue());
	const id = await dialogue();
	for (const one of [id, ...unmarked]) await lookAt(desk, one);
	const said = desk.page.getByText(
		'Too much has been written here to mark what changed since you last looked',
	);

	await stage.server.terminate();
	const db = await openDatabase({ dir: stage.server.dataDir });
	for (const one of [id, ...unmarked]) {
		await db.query(
			`with moved as (update head set head = head + 50000 where dialogue = $1 returning head)
			 insert into update_log (dialogue, seq, author, body)
			 select $1, head - 50000 + k, 0, $2 from moved, generate_series(1, 50000) k`,
			[one, Buffer.from(packUpdates([Y.encodeStateAsUpdate(new Y.Doc())]))],
		);
	}
	await db.close();
	await stage.server.run();
	await desk.open(id);
	await expect(said).toBeVisible();
	await expect(desk.page.locator('.since .dot')).toHaveCount(0);
	await desk.page.locator('.notices').getByRole('button', { name: 'Close' }).press('Enter');
	await expect(said).toHaveCount(0);

	// Nothing was written since.
	await leave(desk);
	await desk.open(id);
	await expect(desk.turn(3)).toBeVisible();
	await desk.page.waitForLoadState('networkidle');
	await expect(said).toHaveCount(0);
});

for (const look of LOOKS) {
	test(`[LOOK-1] axe finds nothing in what changed since one looked, and where nothing is marked: ${nameOf(look)}`, async () => {
		const id = await dialogue();
		await lookAt(desk, id);
		await ann.open(id);
		await type(ann, 1, 'Pure ');
		await leave(ann);

		const rev = await stage.workspace('rev');
		await wear(rev.page, stage.origin, look);
		await rev.open(id);
		await expect(rev.page.locator('.since .dot').first()).toBeAttached();
		await rev.page.locator('#turn-3').focus();
		await rev.page.keyboard.press('u');
		await expect(rev.page.locator('#turn-1 ins').last()).toHaveText('Pure ');
		await expectSound(rev.page, `what changed, ${nameOf(look)}`);
		await rev.open(unmarked.pop() ?? 0);
		await expect(rev.page.locator('.notices .banner')).toBeVisible();
		await expectSound(rev.page, `nothing marked, ${nameOf(look)}`);
		await rev.page.context().close();
	});
}
