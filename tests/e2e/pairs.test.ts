import { setTimeout as pause } from 'node:timers/promises';
import { expect, test, type CDPSession, type Locator } from '@playwright/test';
import type { ApiDialogue } from '../support/api-client.ts';
import { standsBehind, caretSeen, leaksOf, watchCaret, watchFor } from '../support/caret-watch.ts';
import { answeredDialogue } from '../support/live-dialogue.ts';
import type { Workspace } from '../support/pages.ts';
import { Stage } from '../support/stage.ts';

/** Eight keys a second, three times twenty seconds: a minute of two people at one response. */
const KEY_MS = 125;
const KEYS = 160;
/** Every word of the input method begins with one of these, and nothing else has them: a half-typed one is seen. */
const HALF = 'jqxz';
const ENGLISH = [
	' That holds at sea level; on a mountain the air is thinner, so it boils at less. In Cusco it is about 89 degrees, on Mont Blanc about 85, and on Everest about 70.',
	' Less heat is lost to the air, and the steam keeps the lid hot. A pot that is full takes longer than half a pot; salt changes little, whatever people say about it.',
	' Turn the flame down once it boils: it does not get hotter than that. What you hear before is small bubbles that break near the bottom, where the metal is hottest.',
].map((text) => text.slice(0, KEYS));
const WORDS: readonly (readonly [preedit: string, text: string])[] = [
	["xian'jiang", '先将'],
	["qing'shui", '清水'],
	["zhu'kai", '煮开'],
	["zai'jia", '再加'],
	['xiang', '香'],
	["jiang'si", '姜丝'],
	["zhong'huo", '中火'],
	['xiao', '小'],
	["zhi'qi", '直起'],
	["jiu'shi", '就是'],
	["zui'zao", '最早'],
	["qi'pao", '气泡'],
];
const FIRST = 'Water boils at 90 degrees.';
const SECOND = '水在高山上更早沸腾。';
const THIRD = 'A lid saves time.';
const ANSWER = [FIRST, SECOND, THIRD].join('\n\n');

let stage: Stage;
let ann: Workspace;
let rev: Workspace;
let lead: Workspace;

test.beforeAll(async ({ browser }) => {
	stage = await Stage.set(browser, { bot: { answers: () => ANSWER, chunk: 400 } });
	[ann, rev, lead] = await stage.workspaces('ann', 'rev', 'lea');
});
test.afterAll(() => stage?.strike());

const editor = ({ page }: Workspace): Locator => page.locator('#turn-1 .cm-content');
/** The lines of an open editor as its person sees them. */
const edited = (one: Workspace): Promise<string> =>
	editor(one)
		.locator('.cm-line')
		.allTextContents()
		.then((lines) => lines.join('\n'));

/** One key after another at the pace of somebody who types well. */
async function atPace(keys: readonly (() => Promise<unknown>)[]): Promise<void> {
	const began = performance.now();
	for (const [i, key] of keys.entries()) {
		await pause(Math.max(0, began + i * KEY_MS - performance.now()));
		await key();
	}
}

const typing = (one: Workspace, text: string) => [...text].map((key) => () => one.page.keyboard.type(key));

/** As an input method does it: the word grows letter by letter, and is chosen by one key more. */
function composing(ime: CDPSession, from: number): { keys: (() => Promise<unknown>)[]; text: string } {
	const keys: (() => Promise<unknown>)[] = [];
	let text = '';
	for (let word = from; keys.length < KEYS; word++) {
		const [preedit = '', chosen = ''] = WORDS[word % WORDS.length] ?? [];
		for (let end = 1; end <= preedit.length; end++) {
			if (preedit[end - 1] === "'") continue;
			const open = { text: preedit.slice(0, end), selectionStart: end, selectionEnd: end };
			keys.push(() => ime.send('Input.imeSetComposition', open));
		}
		keys.push(() => ime.send('Input.insertText', { text: chosen }));
		text += chosen;
	}
	return { keys, text };
}

/** Presses the keys until the editor shows `wanted`, as often as there may be steps. */
async function until(one: Workspace, keys: string, wanted: string): Promise<void> {
	await editor(one).focus();
	for (let step = 0; step < 3 * KEYS && (await edited(one)) !== wanted; step++)
		await one.page.keyboard.press(keys);
	expect(await edited(one)).toBe(wanted);
}

test('[PAIR-1] [PAIR-2] [WORK-8] [WORK-12] two people type into one response for a minute, and a third watches', async () => {
	const id = await answeredDialogue(stage.api('ann'), ['How hot is boiling water?']);
	for (const one of [ann, rev, lead]) await one.open(id);
	for (const one of [ann, rev]) await one.edit(1);
	await lead.page
		.locator('.presence')
		.getByRole('button', { name: /^ann\b/ })
		.click();
	const ime = await rev.page.context().newCDPSession(rev.page);
	for (const one of [ann, lead]) await watchFor(one.page, HALF);
	const chinese: string[] = [];

	/** Both at once; the caret of each stays behind what they wrote, at every picture. */
	const together = async (english: string): Promise<string> => {
		const { keys, text } = composing(ime, chinese.length);
		chinese.push(text);
		await watchCaret(ann.page, english);
		await watchCaret(rev.page, text, "[a-z']*");
		await Promise.all([atPace(typing(ann, english)), atPace(keys)]);
		for (const [one, plan] of [
			[ann, english],
			[rev, text],
		] as const) {
			await expect.poll(async () => (await caretSeen(one.page)).typed).toBe(plan.length);
			expect((await caretSeen(one.page)).jumps).toEqual([]);
		}
		return text;
	};
	/** The same in both editors, with the one who watches, and on the server. */
	const everywhere = async (wanted: string): Promise<void> => {
		for (const one of [ann, rev]) await expect.poll(() => edited(one)).toBe(wanted);
		await expect.poll(() => lead.page.locator('#turn-1 .final .body .text').textContent()).toBe(wanted);
		for (const one of [ann, rev]) await one.saved();
		const { turns } = await stage.api('ann').ok<ApiDialogue>('GET', `/dialogues/${id}`);
		expect(turns[1]?.text).toBe(wanted);
	};
	const text = (first: string, second: string, third: string) =>
		[FIRST + first, SECOND + second, third].join('\n\n');
	const [en1 = '', en2 = '', en3 = ''] = ENGLISH;

	// paragraphs of their own
	await ann.page.keyboard.press('Control+Home');
	await ann.page.keyboard.press('End');
	await rev.page.keyboard.press('Control+Home');
	for (const key of ['ArrowDown', 'ArrowDown', 'End']) await rev.page.keyboard.press(key);
	const zh1 = await together(en1);
	await everywhere(text(en1, zh1, THIRD));

	// one paragraph, before and behind
	await ann.page.keyboard.press('Control+End');
	await rev.page.keyboard.press('Control+End');
	await rev.page.keyboard.press('Home');
	const zh2 = await together(en2);
	await everywhere(text(en1, zh1, zh2 + THIRD + en2));

	// the very same place
	for (const one of [ann, rev]) await one.page.keyboard.press('Control+End');
	const zh3 = await together(en3);
	const whole = text(
		en1,
		zh1,
		zh2 + THIRD + en2 + ((await edited(ann)).endsWith(en3) ? zh3 + en3 : en3 + zh3),
	);
	await everywhere(whole);

	for (const one of [ann, lead]) expect(await leaksOf(one.page)).toEqual([]);
	for (const [one, caret, words] of [
		[ann, null, en3],
		[rev, null, zh3],
		[ann, '.cm-person', zh3],
		[rev, '.cm-person', en3],
		[lead, '.their-caret', en3],
	] as const)
		await expect.poll(() => standsBehind(one.page, caret, words)).toEqual([true, true]);

	const hers = text(en1, '', THIRD + en2 + en3);
	const his = text('', zh1, zh2 + THIRD + zh3);
	for (const [one, without] of [
		[ann, his],
		[rev, hers],
	] as const) {
		await until(one, 'Control+z', without);
		await one.page.keyboard.press('Control+z'); // nothing is left that one may take back
		await everywhere(without);
		await until(one, 'Control+y', whole);
		await everywhere(whole);
	}
});
