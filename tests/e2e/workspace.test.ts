import { expect, test, type CDPSession, type Locator, type Page, type Route } from '@playwright/test';
import type { ApiClient, ApiDialogue, ApiTurn } from '../support/api-client.ts';
import { answeredDialogue, rateAll } from '../support/live-dialogue.ts';
import type { StandInOptions } from '../support/openai-stand-in.ts';
import { visit, Workspace } from '../support/pages.ts';
import { Stage } from '../support/stage.ts';

const ENGLISH = 'Water boils at 90 degrees at sea level. A lid saves time.';
const CHINESE = '量子计算利用比特进行信息处理，速度很快。';
/** Far longer than the page, slow enough to be read along. */
const LONG = Array.from({ length: 2000 }, (_, i) => `Line ${i + 1} of a long answer.`).join('\n');

const answers = new Map<string, string>();
const bot: StandInOptions = { answers, chunk: 8, delayMs: 0 };
let stage: Stage;
let ann: Workspace;
let rev: Workspace;
let lead: Page;
let annApi: ApiClient;
let revApi: ApiClient;
let leadApi: ApiClient;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
	stage = await Stage.set(browser, { bot });
	[ann, rev] = await stage.workspaces('ann', 'rev');
	lead = await stage.enter('lea');
	[annApi, revApi, leadApi] = [stage.api('ann'), stage.api('rev'), stage.api('lea')];
});
test.afterAll(() => stage?.strike());
test.beforeEach(() => {
	stage.bot.setMode('ok');
	Object.assign(bot, { chunk: 8, delayMs: 0 });
});

/** A dialogue in which these prompts have been answered. */
async function dialogueOf(
	turns: readonly [prompt: string, answer: string][],
	language: 'en' | 'zh' = 'en',
): Promise<number> {
	for (const [prompt, answer] of turns) answers.set(prompt, answer);
	return answeredDialogue(
		annApi,
		turns.map(([prompt]) => prompt),
		language,
	);
}

const stored = (id: number): Promise<ApiDialogue> => annApi.ok<ApiDialogue>('GET', `/dialogues/${id}`);
async function botTurn(id: number, nth = 0): Promise<ApiTurn | undefined> {
	return (await stored(id)).turns.filter(({ role }) => role === 'bot')[nth];
}

const editors = ({ page }: Workspace): Locator => page.locator('.transcript .cm-editor');
const transcript = ({ page }: Workspace): Locator => page.getByRole('region', { name: 'Transcript' });
const rated = ({ page }: Workspace, n: number): Locator => page.getByText(`${n} of 3 rated`);
const composerNotice = ({ page }: Workspace): Locator => page.locator('.composer').getByRole('status');

/** Two pictures on, or a moment where the window draws none: what an event sets off within the page has then happened. */
const drawn = (page: Page): Promise<void> =>
	page.evaluate(async () => {
		const next = () =>
			new Promise((done) => {
				requestAnimationFrame(done);
				setTimeout(done, 250);
			});
		for (let frame = 0; frame < 2; frame++) await next();
	});

/** A digit of the number pad with Num Lock on, which the driver's own key names have only without it. */
async function numpad(page: Page, digit: number): Promise<void> {
	const cdp = await page.context().newCDPSession(page);
	const key = {
		key: String(digit),
		code: `Numpad${digit}`,
		windowsVirtualKeyCode: 96 + digit,
		isKeypad: true,
	};
	await cdp.send('Input.dispatchKeyEvent', { ...key, type: 'keyDown', text: String(digit) });
	await cdp.send('Input.dispatchKeyEvent', { ...key, type: 'keyUp' });
	await cdp.detach();
}

/** Selects `wanted` in the open editor by keyboard, and types over it. */
async function replace(page: Page, text: string, wanted: string, by: string): Promise<void> {
	await page.keyboard.press('Control+Home');
	for (let i = 0; i < text.indexOf(wanted); i++) await page.keyboard.press('ArrowRight');
	for (let i = 0; i < wanted.length; i++) await page.keyboard.press('Shift+ArrowRight');
	await page.keyboard.insertText(by);
}

/** Presses a button that says it is not to be pressed now. */
async function inVain(button: Locator): Promise<void> {
	await expect(button).toHaveAttribute('aria-disabled', 'true');
	await button.focus();
	await button.press('Enter');
}

async function submit(one: Workspace): Promise<void> {
	await one.page.keyboard.press('Control+Shift+Enter');
	await one.page.getByRole('dialog').getByRole('button', { name: 'Submit dialogue' }).click();
	await expect(one.page.getByText('Submitted').first()).toBeVisible();
}

test('[WORK-1] the text stands in the server’s page, and nothing moves when the live document takes over', async ({
	browser,
}) => {
	const id = await dialogueOf([
		['How hot is boiling water?', ENGLISH],
		['Describe it at length.', LONG.slice(0, 2000)],
	]);
	const storageState = await ann.page.context().storageState();
	const bare = await browser.newContext({
		baseURL: stage.origin,
		storageState,
		javaScriptEnabled: false,
	});
	const plain = await bare.newPage();
	await plain.goto(`/d/${id}`);
	await expect(plain.getByText(ENGLISH)).toBeVisible();
	await expect(plain.getByText('How hot is boiling water?').last()).toBeVisible();
	await bare.close();

	const context = await browser.newContext({ baseURL: stage.origin, storageState });
	const page = await context.newPage();
	await page.addInitScript(() => {
		const shifts: number[] = [];
		Object.assign(globalThis, { shifts });
		new PerformanceObserver((list) => {
			for (const entry of list.getEntries())
				shifts.push((entry as PerformanceEntry & { value: number }).value);
		}).observe({ type: 'layout-shift', buffered: true });
		document.addEventListener('DOMContentLoaded', () => {
			Object.assign(globalThis, { sent: [...document.querySelectorAll('.turn .text')] });
		});
	});
	const live = new Workspace(page);
	await live.open(id);
	await expect(live.final(1)).toBeVisible();
	await expect(live.draft).toBeVisible();
	await drawn(page);
	const shifts = await page.evaluate(() => (globalThis as unknown as { shifts: number[] }).shifts);
	expect(shifts.reduce((sum, value) => sum + value, 0)).toBeLessThan(0.02);
	const kept = await page.evaluate(() => {
		const { sent } = globalThis as unknown as { sent: Element[] };
		return [...document.querySelectorAll('.turn .text')].map((text) => sent.includes(text));
	});
	expect(kept).toEqual([true, true, true, true]); // drawn once, however long
	await context.close();
});

test('[WORK-2] a Send that fails leaves what was typed and says why', async () => {
	const id = await dialogueOf([]);
	await ann.open(id);
	const text = 'What is the boiling point on Everest?';
	answers.set(text, ENGLISH);
	const path = '**/api/v1/dialogues/*/turns';
	const error = { code: 'unavailable', message: 'Not now' };
	// One route for both: between two of them a request could go through.
	let fail = (route: Route): Promise<void> => route.fulfill({ status: 503, json: { error } });
	await ann.page.route(path, (route) => fail(route));
	await ann.prompt(text);
	await expect(composerNotice(ann)).toContainText('The server is not ready');
	await expect(ann.draft).toHaveText(text);

	fail = (route) => route.abort();
	await ann.page.keyboard.press('Control+Enter');
	await expect(composerNotice(ann)).toContainText('The server did not answer');
	await expect(ann.draft).toHaveText(text);
	expect((await stored(id)).turns).toEqual([]);

	await ann.page.keyboard.press('Control+a');
	await ann.page.keyboard.press('Delete');
	await expect(composerNotice(ann)).toBeHidden(); // nothing is left that was not sent
	await ann.page.keyboard.insertText(text);

	await ann.page.unroute(path);
	await ann.page.keyboard.press('Control+Enter');
	await expect(ann.final(1)).toHaveText(ENGLISH);
	await expect(composerNotice(ann)).toBeHidden();
	await expect(ann.draft).toHaveText('Next prompt'); // the placeholder: it is empty
});

test('[WORK-2] offline one types on, Send says why it waits, and back online all is saved and with the other', async () => {
	const id = await dialogueOf([]);
	await ann.open(id);
	await rev.open(id);
	await ann.draft.click();
	await ann.page.keyboard.insertText('Before. ');
	await ann.saved();
	await ann.page.context().setOffline(true);
	await expect(ann.page.locator('[data-saved]')).toHaveAttribute('data-saved', 'offline');
	await ann.page.keyboard.type('Meanwhile.');
	await expect(ann.draft).toHaveText('Before. Meanwhile.');
	await expect(ann.page.getByText(/changes kept on this device/)).toBeVisible();
	await expect(ann.page.getByRole('button', { name: /^Send/ })).toHaveAttribute('aria-disabled', 'true');
	await expect(composerNotice(ann)).toContainText('Send needs a connection');
	await ann.page.keyboard.press('Control+Enter');
	await expect(rev.draft).toHaveText('Before. ');

	await ann.page.context().setOffline(false);
	await ann.saved();
	await expect(rev.draft).toHaveText('Before. Meanwhile.');
	expect(await stored(id)).toMatchObject({ draft: 'Before. Meanwhile.', turns: [] });
});

test('[WORK-3] while a bot writes Stop stands where Send was, ratings work, and stopping keeps what came', async () => {
	const id = await dialogueOf([]);
	await ann.open(id);
	answers.set('Tell me about water.', ENGLISH);
	stage.bot.setMode('stall');
	await ann.prompt('Tell me about water.');
	const came = ENGLISH.slice(0, 32); // half of its pieces of eight
	await expect(ann.turn(1).getByText(came)).toBeVisible();
	const composer = ann.page.locator('.composer');
	await expect(composer.getByRole('button')).toHaveText(['Stop']);
	await ann.rate([4, 5, 3]);
	await expect(rated(ann, 3)).toBeVisible();
	expect((await botTurn(id))?.state).toBe('generating');

	await composer.getByRole('button', { name: 'Stop' }).click();
	await expect(ann.turn(1).getByText('Stopped after')).toBeVisible();
	await expect(composer.getByRole('button')).toHaveText([/^Send/]);
	await expect(ann.final(1)).toHaveText(came);
	await expect(rated(ann, 3)).toBeVisible();
	expect(await botTurn(id)).toMatchObject({ state: 'stopped', text: came, original: came });
});

test('[WORK-4] the transcript follows the bot only while the reader is near the end', async () => {
	const id = await dialogueOf([]);
	await ann.open(id);
	answers.set('At length.', LONG);
	Object.assign(bot, { chunk: 64, delayMs: 15 });
	await ann.prompt('At length.');
	const scroller = transcript(ann);
	const where = () =>
		scroller.evaluate(({ scrollTop, scrollHeight, clientHeight }) => ({
			top: scrollTop,
			left: scrollHeight - scrollTop - clientHeight,
			height: scrollHeight,
		}));
	/** Until so much more of the answer stands there. */
	const grown = async (by: number): Promise<void> => {
		const { height } = await where();
		await expect.poll(async () => (await where()).height).toBeGreaterThan(height + by);
	};
	/** A picture may lag behind the text; left behind for good, it would only get farther. */
	const following = () => expect.poll(async () => (await where()).left).toBeLessThan(96);
	await expect.poll(async () => (await where()).top).toBeGreaterThan(300);
	await grown(60);
	await following();
	await expect(ann.page.getByRole('button', { name: 'New text' })).toHaveCount(0);

	await scroller.hover();
	await ann.page.mouse.wheel(0, -260);
	await expect(ann.page.getByRole('button', { name: 'New text' })).toBeVisible();
	const { top } = await where();
	await grown(120);
	expect((await where()).top).toBe(top);

	await ann.page.getByRole('button', { name: 'New text' }).click();
	await expect(ann.page.getByRole('button', { name: 'New text' })).toHaveCount(0);
	await grown(60);
	await following();
	await ann.page.getByRole('button', { name: 'Stop' }).click();
	await expect(ann.final(1)).toBeVisible();
});

test('[WORK-5] one editor at a time, Esc leads back to its turn, and no command leaves the focus nowhere', async () => {
	const id = await dialogueOf([
		['First?', ENGLISH],
		['Second?', ENGLISH],
	]);
	await ann.open(id);
	await rev.open(id);
	await ann.edit(1);
	await expect(editors(ann)).toHaveCount(1);
	await ann.page.getByRole('textbox', { name: 'Prompt of turn 2' }).click();
	await expect(ann.page.getByRole('textbox', { name: 'Prompt of turn 2' })).toBeFocused();
	await expect(editors(ann)).toHaveCount(1);
	await ann.edit(2);
	await expect(editors(ann)).toHaveCount(1);
	await ann.page.keyboard.press('Escape');
	await expect(editors(ann)).toHaveCount(0);
	await expect(ann.turn(2)).toBeFocused();

	/** After a command has shown its effect, something on the page has the focus. */
	const kept = async (one: Workspace, effect: Locator): Promise<void> => {
		await expect(effect).toBeVisible();
		await drawn(one.page);
		expect(await one.page.evaluate(() => document.activeElement !== document.body)).toBe(true);
	};
	const button = (one: Workspace, name: string | RegExp) =>
		one.page.getByRole('button', { name, exact: typeof name === 'string' });
	answers.set('Third?', ENGLISH);
	stage.bot.setMode('stall');
	await ann.prompt('Third?');
	await kept(ann, button(ann, 'Stop'));
	await button(ann, 'Stop').click();
	await kept(ann, ann.final(3));
	await button(ann, 'Regenerate').click();
	await kept(ann, button(ann, 'Stop'));
	await ann.page.getByRole('radio').first().focus();
	await ann.page.keyboard.press('4');
	stage.bot.setMode('500');
	await button(ann, 'Stop').click();
	await button(ann, 'Regenerate').click();
	await expect(button(ann, 'Try again')).toBeVisible();
	stage.bot.setMode('ok');
	await button(ann, 'Try again').click();
	await kept(ann, ann.final(3));
	for (const n of [1, 2, 3]) {
		await ann.turn(n).focus();
		await ann.rate([4, 4, 4]);
	}
	await ann.page.keyboard.press('Control+Shift+Enter');
	await ann.page.keyboard.press('Enter');
	await kept(ann, button(ann, 'Undo'));
	await button(ann, 'Undo').click();
	await kept(ann, button(ann, 'Submit dialogue'));
	await submit(ann);
	await kept(ann, button(ann, 'Take back'));
	await rev.page.getByRole('button', { name: 'Claim' }).click();
	await kept(rev, button(rev, /^Accept/));
	await rev.page.keyboard.press('x');
	await rev.page.keyboard.press('Escape');
	await kept(rev, button(rev, /^Return…/));
	await button(rev, /^Accept/).click();
	await kept(rev, rev.page.getByRole('link', { name: 'Next review' }));
	await kept(ann, ann.page.getByText('Accepted').first());
});

test('[WORK-6] digits act in the focused criterion alone, and typed in a text they are text', async () => {
	const id = await dialogueOf([['How hot?', ENGLISH]]);
	await ann.open(id);
	await ann.turn(1).focus();
	await ann.page.keyboard.press('4');
	await numpad(ann.page, 4);
	await expect(rated(ann, 0)).toBeVisible();
	await ann.edit(1);
	await ann.page.keyboard.press('4');
	await numpad(ann.page, 5);
	await expect(ann.final(1)).toHaveText(`${ENGLISH}45`);
	await expect(rated(ann, 0)).toBeVisible();

	await ann.scale('Helpful').getByRole('radio').first().focus();
	await numpad(ann.page, 5);
	await expect(ann.scale('Helpful').getByRole('radio', { name: '5' })).toBeChecked();
	await expect(ann.scale('Honest').getByRole('radio', { name: '1' })).toBeFocused();
	await ann.page.keyboard.press('9'); // no such value
	await ann.page.keyboard.press('Numpad5'); // no digit: Num Lock is off
	await ann.page.keyboard.press('Control+4');
	await expect(rated(ann, 1)).toBeVisible();
	await ann.page.keyboard.press('2');
	const why = ann.page.getByRole('textbox', { name: /^Why/ });
	await why.click();
	await ann.page.keyboard.press('3');
	await numpad(ann.page, 4);
	await expect(why).toHaveValue('34');
	await expect(ann.scale('Honest').getByRole('radio', { name: '2' })).toBeChecked();
	await expect(rated(ann, 2)).toBeVisible();
});

test('[WORK-7] single keys act outside of text, without modifiers, and not under a dialog', async () => {
	const id = await dialogueOf([
		['First?', ENGLISH],
		['Second?', ENGLISH],
	]);
	await ann.open(id);
	const { keyboard } = ann.page;
	const changes = (n: number) => ann.turn(n).getByRole('tab', { name: 'Changes' });
	await ann.draft.click();
	await keyboard.type('jkned?ax');
	await expect(ann.draft).toHaveText('jkned?ax');
	await keyboard.press('Escape');
	await expect(ann.turn(2)).toBeFocused();

	for (const modifier of ['Control', 'Alt', 'Meta']) await keyboard.press(`${modifier}+d`);
	await expect(changes(2)).toHaveAttribute('aria-selected', 'false');
	await keyboard.press('k');
	await expect(ann.turn(1)).toBeFocused();
	await keyboard.press('d');
	await expect(changes(1)).toHaveAttribute('aria-selected', 'true');
	await keyboard.press('j');
	await expect(ann.turn(2)).toBeFocused();

	await keyboard.press('?');
	await expect(ann.page.getByRole('dialog')).toBeVisible();
	for (const key of ['d', 'e', 'k', 'n']) await keyboard.press(key);
	await keyboard.press('Escape');
	await expect(ann.page.getByRole('dialog')).toHaveCount(0);
	await expect(ann.turn(2)).toBeFocused();
	await expect(changes(2)).toHaveAttribute('aria-selected', 'false');
	await expect(editors(ann)).toHaveCount(0);

	await keyboard.press('n');
	await expect(ann.scale('Helpful').getByRole('radio').first()).toBeFocused();
	await keyboard.press('e');
	await expect(editors(ann)).toHaveCount(1);
	await expect(ann.page.locator('.transcript .cm-content')).toBeFocused();
});

test('[WORK-8] a half-typed pinyin never reaches the other, and keys that belong to it mean nothing else', async () => {
	const id = await dialogueOf([['说说量子计算。', CHINESE]], 'zh');
	await ann.open(id);
	await rev.open(id);
	await ann.edit(1);
	await rev.final(1).click();
	await rev.page.keyboard.press('Control+Home');
	await rev.page.evaluate(() => {
		const leaks: string[] = [];
		Object.assign(globalThis, { leaks });
		const editor = document.querySelector('.transcript .cm-content');
		if (!editor) throw new Error('no editor');
		new MutationObserver(() => {
			const letters = /[a-z]+/.exec(editor.textContent ?? '');
			if (letters) leaks.push(letters[0]);
		}).observe(editor, { subtree: true, childList: true, characterData: true });
	});
	const cdp: CDPSession = await ann.page.context().newCDPSession(ann.page);
	const compose = (text: string) =>
		cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
	const ime = ann.page.locator('.transcript .cm-content');
	for (const [i, preedit] of ['h', 'he', 'hen', "hen'k", "hen'kuai"].entries()) {
		await compose(preedit);
		await rev.page.keyboard.type(String(i));
	}
	await expect(ime).toContainText("hen'kuai");
	await rev.saved();
	await ann.page.keyboard.press('Control+Enter');
	await ann.page.keyboard.press('Escape');
	await expect(editors(ann)).toHaveCount(1);
	await expect(ime).toBeFocused();
	await expect(ime).toContainText("hen'kuai");
	expect((await botTurn(id))?.text).toBe(`01234${CHINESE}`);

	await cdp.send('Input.insertText', { text: '很快' });
	const whole = `01234${CHINESE}很快`;
	await expect(rev.page.locator('.transcript .cm-content')).toHaveText(whole);
	await expect(ime).toHaveText(whole);
	await ann.saved();
	expect((await botTurn(id))?.text).toBe(whole);
	expect(await rev.page.evaluate(() => (globalThis as unknown as { leaks: string[] }).leaks)).toEqual([]);
	await ann.page.keyboard.press('Escape');
	await expect(editors(ann)).toHaveCount(0);
});

test('[WORK-9] what the server refused is shown to be copied, nothing calls it saved, and nobody else sees it', async () => {
	const id = await dialogueOf([['How hot?', ENGLISH]]);
	await ann.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
	await ann.open(id);
	await rev.open(id);
	await ann.rate([4, 4, 4]);
	await ann.saved();
	await ann.edit(1);
	await ann.page.context().setOffline(true);
	await expect(ann.page.locator('[data-saved]')).toHaveAttribute('data-saved', 'offline');
	await ann.page.keyboard.type(' Typed too late.');
	await annApi.ok('POST', `/dialogues/${id}/submit`);
	await ann.page.evaluate(() => {
		const claims: string[] = [];
		Object.assign(globalThis, { claims });
		const look = (): void => {
			const claim = /Back online|All changes saved/.exec(document.body.innerText)?.[0];
			if (claim) claims.push(claim);
			const mark = document.querySelector('[data-saved]')?.textContent?.trim() ?? '';
			if (/^Saved\b/.test(mark)) claims.push(mark);
		};
		new MutationObserver(look).observe(document.body, {
			subtree: true,
			childList: true,
			characterData: true,
		});
	});
	await ann.page.context().setOffline(false);

	const lost = ann.page.getByRole('region', { name: 'Late changes' });
	await expect(lost).toContainText('Typed too late.');
	await expect(ann.page.getByText('Submitted').first()).toBeVisible();
	await expect(ann.page.locator('[data-saved]')).toContainText('Not saved');
	await lost.getByRole('button', { name: 'Copy text' }).click();
	await expect(lost.getByRole('button', { name: 'Copied' })).toBeVisible();
	expect(await ann.page.evaluate(() => navigator.clipboard.readText())).toBe(`${ENGLISH} Typed too late.`);
	await drawn(ann.page);
	expect(await ann.page.evaluate(() => (globalThis as unknown as { claims: string[] }).claims)).toEqual([]);
	expect((await botTurn(id))?.text).toBe(ENGLISH);
	await expect(rev.page.getByText('Submitted').first()).toBeVisible();
	await expect(rev.page.getByText('Typed too late.')).toHaveCount(0);
	await expect(ann.turn(1).getByText('Typed too late.')).toHaveCount(0);
	await lost.getByRole('button', { name: 'Drop' }).click();
	await expect(lost).toHaveCount(0);
	await ann.saved();
});

test('[WORK-11] Submit leads to what is not rated, Return needs a reason, and both reach the annotator', async () => {
	const id = await dialogueOf([
		['First?', ENGLISH],
		['Second?', ENGLISH],
	]);
	await ann.open(id);
	await rev.open(id);
	await ann.rate([4]);
	await ann.page.keyboard.press('Control+Shift+Enter');
	const dialog = ann.page.getByRole('dialog');
	await expect(dialog).toContainText('2 turns are not rated yet');
	await expect(dialog.getByRole('button', { name: 'Turn 2: Honest and Harmless' })).toBeVisible();
	await inVain(dialog.getByRole('button', { name: 'Submit dialogue' }));
	await expect(dialog).toBeVisible();
	expect((await stored(id)).state).toBe('in_progress');

	await dialog.getByRole('button', { name: 'Turn 1: Helpful, Honest, and Harmless' }).click();
	await expect(dialog).toHaveCount(0);
	await expect(ann.turn(1)).toHaveAttribute('aria-current', 'true');
	await expect(ann.scale('Helpful').getByRole('radio').first()).toBeFocused();
	for (const digit of ['4', '4', '4']) await ann.page.keyboard.press(digit);
	await ann.page.keyboard.press('Control+Shift+Enter');
	await dialog.getByRole('button', { name: 'Turn 2: Honest and Harmless' }).click();
	await expect(ann.scale('Honest').getByRole('radio').first()).toBeFocused();
	for (const digit of ['4', '4']) await ann.page.keyboard.press(digit);
	await submit(ann);

	await rev.page.getByRole('button', { name: 'Claim' }).click();
	await rev.page.getByRole('button', { name: /^Return…/ }).click();
	const panel = rev.page.getByRole('dialog', { name: 'Return with reasons' });
	await expect(panel).toContainText('Choose a reason');
	await rev.page.keyboard.press('Control+Enter');
	await inVain(panel.getByRole('button', { name: /^Return/ }));
	await expect(panel).toBeVisible();
	expect((await stored(id)).state).toBe('in_review');
	await panel.getByRole('checkbox').first().focus();
	await numpad(rev.page, 1);
	await panel.getByRole('textbox').fill('It is 100 degrees.');
	await rev.page.keyboard.press('Control+Enter');
	await expect(panel).toHaveCount(0);

	const banner = ann.page.locator('.banner').filter({ hasText: 'Returned by rev' });
	await expect(banner).toContainText('It is 100 degrees.');
	const { returned } = await stored(id);
	expect(returned).toEqual({ reasons: ['factual'], note: 'It is 100 degrees.' });
	await expect(banner).toContainText(/fact/i);
	await ann.page.reload();
	await expect(banner).toContainText('It is 100 degrees.');
});

test('[WORK-11] what Submit still asks for is done elsewhere while it asks: the focus goes on to what is left', async () => {
	const id = await dialogueOf([
		['First?', ENGLISH],
		['Second?', ENGLISH],
	]);
	await ann.open(id);
	await ann.page.keyboard.press('Control+Shift+Enter');
	const dialog = ann.page.getByRole('dialog');
	await expect(dialog.getByRole('button', { name: /^Turn 1/ })).toBeFocused();
	await rateAll(stage.origin, annApi, stage.account('ann').token, id);
	await expect(dialog.getByRole('button', { name: 'Submit dialogue' })).toBeFocused();
	await ann.page.keyboard.press('Enter');
	await expect(dialog).toHaveCount(0);
	expect((await stored(id)).state).toBe('submitted');
});

test('[WORK-12] Undo takes back one’s own edits and nobody else’s', async () => {
	const id = await dialogueOf([['How hot?', ENGLISH]]);
	await ann.open(id);
	await rev.open(id);
	await ann.edit(1);
	await ann.page.keyboard.type(' Mine.');
	await rev.final(1).click();
	await rev.page.keyboard.press('Control+Home');
	await rev.page.keyboard.type('Theirs. ');
	const text = ann.page.locator('.transcript .cm-content');
	await expect(text).toHaveText(`Theirs. ${ENGLISH} Mine.`);
	const { keyboard } = ann.page;
	for (let presses = 0; presses < 10; presses++) await keyboard.press('Control+z');
	await expect(text).toHaveText(`Theirs. ${ENGLISH}`);
	await expect(rev.page.locator('.transcript .cm-content')).toHaveText(`Theirs. ${ENGLISH}`);
	for (let presses = 0; presses < 10; presses++) await keyboard.press('Control+Shift+Z');
	await expect(rev.page.locator('.transcript .cm-content')).toHaveText(`Theirs. ${ENGLISH} Mine.`);
});

test('[WORK-13] Regenerate keeps the earlier answer, as people left it, under “Earlier answers”', async () => {
	const id = await dialogueOf([['How hot?', ENGLISH]]);
	await ann.open(id);
	await ann.edit(1);
	await ann.page.keyboard.type(' Edited.');
	await ann.page.keyboard.press('Escape');
	await ann.saved();
	answers.set('How hot?', 'A hundred degrees.');
	await ann.page.getByRole('button', { name: 'Regenerate' }).click();
	await expect(ann.final(1)).toHaveText('A hundred degrees.');
	const earlier = ann.turn(1).getByRole('listitem');
	await expect(earlier).toBeHidden();
	await ann.turn(1).getByText('Earlier answers (1)').click();
	await expect(earlier.getByText(`${ENGLISH} Edited.`)).toBeVisible();
	await expect(earlier.getByText(ENGLISH, { exact: true })).toBeVisible();
	await expect(earlier.getByText('qwen3-8b')).toBeVisible();
	expect((await botTurn(id))?.earlier).toMatchObject([{ text: `${ENGLISH} Edited.`, original: ENGLISH }]);
});

for (const { language, answer, wanted, by } of [
	{ language: 'en', answer: ENGLISH, wanted: '90', by: '100' },
	{ language: 'zh', answer: CHINESE, wanted: '比特', by: '叠加' },
] as const)
	test(`[WORK-14] Changes marks exactly the words that changed, and the original stays (${language})`, async () => {
		const id = await dialogueOf([['说。', answer]], language);
		await ann.open(id);
		await ann.edit(1);
		await replace(ann.page, answer, wanted, by);
		const changed = answer.replace(wanted, by);
		await expect(ann.final(1)).toHaveText(changed);
		await ann.page.keyboard.press('Escape');
		const view = (name: string) => ann.turn(1).getByRole('tab', { name }).click();
		const panel = ann.turn(1).getByRole('tabpanel');
		await view('Changes');
		await expect(panel.locator('.reading ins')).toHaveText([by]);
		await expect(panel.locator('.reading del')).toHaveText([wanted]);
		await expect(panel.locator('.reading')).toHaveText(answer.replace(wanted, wanted + by));
		await view('Original');
		await expect(panel.locator('.reading')).toHaveText(answer);
		await expect(panel.getByRole('textbox')).toHaveCount(0);
		await view('Final');
		await expect(ann.final(1)).toHaveText(changed);
		await ann.saved();
		expect(await botTurn(id)).toMatchObject({ text: changed, original: answer });
	});

test('[WORK-15] a notice above, another view of a response or a chosen value moves nothing that is read', async () => {
	const id = await dialogueOf([['At length?', LONG.slice(0, 6000)]]);
	await ann.open(id);
	await expect(ann.final(1)).toBeVisible();
	const { page } = ann;
	const place = (what: Locator) =>
		what.evaluate((element) => Math.round(element.getBoundingClientRect().top));
	await transcript(ann).evaluate((element) => (element.scrollTop = 700));
	await drawn(page);
	const read = await place(ann.final(1));
	await page.context().setOffline(true);
	await expect(page.getByText('Offline. What you write is kept')).toBeVisible();
	await drawn(page);
	expect(await place(ann.final(1))).toBe(read);
	await page.context().setOffline(false);
	await expect(page.getByText('Back online')).toBeVisible();
	await drawn(page);
	expect(await place(ann.final(1))).toBe(read);
	await expect(page.getByText('Back online')).toBeHidden();
	await drawn(page);
	expect(await place(ann.final(1))).toBe(read);

	await transcript(ann).evaluate((element) => (element.scrollTop = 0));
	const text = ann.turn(1).getByRole('tabpanel').locator('.reading');
	const final = await place(text);
	for (const view of ['Changes', 'Original']) {
		await ann.turn(1).getByRole('tab', { name: view }).click();
		await drawn(page);
		expect(await place(text)).toBe(final);
	}

	const next = ann.scale('Harmless');
	const before = await place(next);
	for (const value of ['3', '4', '5']) {
		await ann.scale('Helpful').getByRole('radio', { name: value }).check({ force: true });
		await ann.scale('Honest').getByRole('radio', { name: value }).check({ force: true });
		expect(await place(next)).toBe(before);
	}
});

test('[WORK-15] claiming a dialogue wraps its text no other way', async () => {
	const id = await dialogueOf([['At length?', LONG.slice(0, 2000).replaceAll('\n', ' ')]]);
	await ann.open(id);
	await ann.rate([4, 4, 4]);
	await ann.saved();
	await annApi.ok('POST', `/dialogues/${id}/submit`);
	const shape = () =>
		rev
			.turn(1)
			.locator('.answer .reading')
			.evaluate((text) => [text.clientWidth, text.clientHeight]);
	for (const width of [1000, 1280, 1600]) {
		await rev.page.setViewportSize({ width, height: 800 });
		await rev.open(id);
		const before = await shape();
		await rev.page.getByRole('button', { name: 'Claim' }).click();
		await expect(rev.page.getByRole('button', { name: 'Return…' })).toBeVisible();
		await expect(rev.turn(1).getByRole('button', { name: /^Edit/ })).toBeVisible();
		expect(await shape()).toEqual(before);
		await revApi.ok('POST', `/dialogues/${id}/return`, { reasons: ['other'], note: 'Once more' });
		await annApi.ok('POST', `/dialogues/${id}/submit`);
	}
	await rev.page.setViewportSize({ width: 1280, height: 800 });
});

test('[WORK-16] a failed answer offers one way on, and only to who may take it', async () => {
	const id = await dialogueOf([]);
	await ann.open(id);
	stage.bot.setMode('401');
	await ann.prompt('How hot is it?');
	await expect(ann.turn(1).getByText('The bot answered with an error')).toBeVisible();
	await expect(ann.turn(1).getByRole('button', { name: /Try again|Regenerate/ })).toHaveText(['Try again']);
	await lead.goto(`/d/${id}`);
	const watched = new Workspace(lead).turn(1);
	await expect(watched.getByText('The bot answered with an error')).toBeVisible();
	await expect(watched.getByText('Try again')).toHaveCount(0);
});

test('[WORK-17] an edit above a response makes it stale: kept or written anew from there, and nothing is lost', async () => {
	const id = await dialogueOf([
		['How hot?', ENGLISH],
		['And high up?', 'Less.'],
		['How much less?', 'Ten degrees.'],
	]);
	await ann.open(id);
	const notice = (n: number): Locator => ann.turn(n).locator('[data-stale]');
	await ann.edit(1);
	await ann.page.keyboard.type(' Edited.');
	await ann.page.keyboard.press('Escape');
	await expect(notice(2)).toBeVisible();
	await expect(notice(3)).toBeVisible();
	await expect(notice(1)).toHaveCount(0);
	await ann.page.keyboard.press('Control+Shift+Enter');
	const dialog = ann.page.getByRole('dialog');
	await expect(dialog.getByText('The text above 2 responses changed')).toBeVisible();
	await inVain(dialog.getByRole('button', { name: 'Submit dialogue' }));
	await dialog.getByRole('button', { name: 'Turn 2' }).click();
	await expect(dialog).toBeHidden();
	await notice(2).getByRole('button', { name: 'Keep all 2' }).click();
	await expect(notice(2)).toHaveCount(0);
	await expect(notice(3)).toHaveCount(0);

	await ann.edit(1);
	await ann.page.keyboard.type(' Again.');
	await ann.page.keyboard.press('Escape');
	answers.set('And high up?', 'Ninety.');
	await notice(2).getByRole('button', { name: 'Regenerate from here' }).click();
	await expect(ann.final(2)).toHaveText('Ninety.');
	await expect(ann.turn(3)).toHaveCount(0);
	await ann.turn(2).getByText('Earlier answers (1)').click();
	await expect(ann.turn(2).getByText('Ten degrees.')).toBeVisible();
	await ann.turn(2).getByRole('button', { name: 'Bring back answer 1' }).click();
	await expect(ann.final(2)).toHaveText('Less.');
	await expect(ann.final(3)).toHaveText('Ten degrees.');
	expect((await stored(id)).turns.map(({ stale }) => stale)).toEqual([
		false,
		false,
		false,
		true,
		false,
		true,
	]);
});

test('[WORK-18] a prompt is corrected by both, and a bot that answers anew is told it as it stands', async () => {
	const id = await dialogueOf([['How hott?', ENGLISH]]);
	await ann.open(id);
	await rev.open(id);
	const prompt = ({ page }: Workspace): Locator => page.getByRole('textbox', { name: 'Prompt of turn 1' });
	for (const one of [ann, rev]) await prompt(one).click();
	await ann.page.keyboard.press('Control+Home');
	await rev.page.keyboard.press('Control+End');
	await Promise.all([ann.page.keyboard.type('Please: '), rev.page.keyboard.type(' 海拔呢？')]);
	for (const one of [ann, rev]) await one.page.keyboard.press('Escape');
	const corrected = 'Please: How hott? 海拔呢？';
	for (const one of [ann, rev]) await expect(prompt(one)).toHaveText(corrected);
	await Promise.all([ann.saved(), rev.saved()]);
	expect((await stored(id)).turns[0]?.text).toBe(corrected);
	answers.set(corrected, 'Ninety.');
	await ann.turn(1).getByRole('button', { name: 'Regenerate' }).first().click();
	await expect(rev.final(1)).toHaveText('Ninety.');
});

test('[WORK-19] 5 MB in the draft: it is said, handed back, and everybody goes on', async () => {
	const id = await dialogueOf([['How hot?', ENGLISH]]);
	await ann.open(id);
	await rev.open(id);
	await ann.draft.click();
	await ann.page.keyboard.type('Kept. ');
	await ann.saved();
	await ann.page.keyboard.insertText('five MB '.repeat((5 << 20) / 8));
	await expect(ann.page.getByRole('alert').first()).toContainText(/too large/);
	await expect(ann.page.locator('[data-saved]')).not.toHaveAttribute('data-saved', 'saved');
	await rev.draft.click();
	await rev.page.keyboard.type('And on. ');
	await rev.saved();

	await ann.page.reload();
	await ann.saved();
	await expect(ann.draft).toHaveText('Kept. And on. ');
	const late = ann.page.getByRole('region', { name: 'Late changes' });
	await expect(late).toContainText('five MB five MB');
	await late.getByRole('button', { name: 'Drop' }).click();
	await expect(late).toHaveCount(0);
	await ann.prompt('On it goes');
	await expect(rev.turn(2)).toContainText('On it goes');
});

test('[WORK-20] the mark says Saving while somebody types, and Saved once, at the end', async () => {
	const id = await dialogueOf([['How hot?', ENGLISH]]);
	await ann.open(id);
	await ann.edit(1);
	const said = await ann.page.evaluateHandle(() => {
		const mark = document.querySelector('[data-saved]');
		const words: string[] = [];
		/** What the server has is known far more often. */
		let saved = 0;
		new MutationObserver((changes) => {
			if (changes.some(({ attributeName }) => attributeName === 'data-saved'))
				saved += Number(mark?.getAttribute('data-saved') === 'saved');
			const now = mark?.querySelector('.wide')?.textContent ?? '';
			if (words.at(-1) !== now) words.push(now);
		}).observe(mark as Node, { subtree: true, childList: true, characterData: true, attributes: true });
		return { words, saved: () => saved };
	});
	for (const letter of 'A lid saves time.') await ann.page.keyboard.press(letter, { delay: 60 });
	await expect.poll(() => said.evaluate(({ words }) => words)).toEqual(['Saving…', 'Saved']);
	expect(await said.evaluate(({ saved }) => saved())).toBeGreaterThan(3);
});

test('[PAGE-2] who claims what another has just claimed is told so, and the list no longer offers it', async () => {
	const id = await dialogueOf([['How hot?', ENGLISH]]);
	await ann.open(id);
	await ann.rate([4, 4, 4]);
	await ann.saved();
	await annApi.ok('POST', `/dialogues/${id}/submit`);
	await visit(rev.page, '/reviews');
	const offer = rev.page.getByRole('button', { name: `Claim #${id}` });
	await rev.page.route(/\/reviews\?\/claim$/, async (route) => {
		await leadApi.ok('POST', `/dialogues/${id}/claim`);
		await route.continue();
	});
	await offer.click();
	await expect(rev.page.getByRole('alert')).toContainText('claimed or taken back');
	await expect(offer).toHaveCount(0);
	await rev.page.unroute(/\/reviews\?\/claim$/);
});

// The last one: it switches the project's first bot off.
test('[WORK-10] a practice bot’s text never stands without its mark', async () => {
	await visit(lead, '/settings');
	await lead.getByRole('button', { name: 'Switch off qwen3-8b' }).click();
	const id = await dialogueOf([['How do I descale a kettle?', '']]);
	await ann.open(id);
	const marks = ann.turn(1).getByText('practice', { exact: true });
	await expect(marks).toHaveCount(1);
	await expect(marks).toBeVisible();
	await ann.page.getByRole('button', { name: 'Regenerate' }).click();
	await expect(ann.turn(1).getByText('Earlier answers (1)')).toBeVisible();
	await ann.turn(1).getByText('Earlier answers (1)').click();
	await expect(marks).toHaveCount(2);
	await expect(ann.final(1)).toBeVisible();
	for (const view of ['Changes', 'Original']) {
		await ann.turn(1).getByRole('tab', { name: view }).click();
		for (const mark of await marks.all()) await expect(mark).toBeVisible();
	}
	await rev.open(id);
	await expect(rev.turn(1).getByText('practice', { exact: true }).last()).toBeVisible();
	expect(await revApi.ok('GET', `/dialogues/${id}`)).toMatchObject({
		turns: [{ role: 'user' }, { role: 'bot', bot: { practice: true } }],
	});
});
