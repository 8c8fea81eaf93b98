import { expect, test, vi } from 'vitest';
import { commit, compose, press, same, twoDesks, type Desk } from '../support/editor-page.ts';
import { random, type Random } from '../support/random.ts';

const STEPS = 25;
/** Seeds that once failed come first; the last is new each time. */
const SEEDS = [...Array.from({ length: 24 }, (_, i) => i + 1), Date.now() % 1e9];

const TEXTS = [
	'',
	'ONE LINE',
	'FIRST 你好\nSECOND 😀 LINE\n\n- LIST 👨‍👩‍👧\n\nLAST',
	'AAAA AAAA\nAAAA',
	'😀😁😀😁\n👍🏽👍🏽',
];
const PREEDITS = ['n', 'ni', 'ni h', 'ni hao', 'w', 'wo men', 'zhong guo'];
const RESULTS = ['你好', '我们', '中国', '好', '，', '😁', 'N'];
const TYPED = ['A', 'B', ' ', '好', '😀', '👨‍👩‍👧'];
const KEYS = ['A', 'B', '{Enter}', '{Backspace}', '{Delete}', '{Backspace}'];
const MOVES = ['{ArrowLeft}', '{ArrowRight}', '{ArrowUp}', '{Shift>}{ArrowLeft}{/Shift}', '{Home}', '{End}'];
const PASTED = ['X\r\nY\r\n', 'P\rQ', 'LONG '.repeat(12)];
const INSERTED = ['', 'Q', 'QQ\nQQ', '🎉', '中文', '\n'];

/** A position that splits no code point, as every writer keeps them. */
function place(text: string, dice: Random, from = 0): number {
	const at = from + dice.int(text.length + 1 - from);
	const unit = text.charCodeAt(at);
	return unit >= 0xdc00 && unit < 0xe000 ? at - 1 : at;
}

function paste(desk: Desk, text: string): void {
	const clipboardData = new DataTransfer();
	clipboardData.setData('text/plain', text);
	desk.view.contentDOM.dispatchEvent(
		new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
	);
}

test.each(SEEDS)('[TEXT-1] [TEXT-2] [TEXT-24] both hold one text after anything (seed %i)', async (seed) => {
	const dice = random(seed);
	const { ana, bo, wire } = await twoDesks(dice.pick(TEXTS));
	let preedit = false;
	const finish = async (result: string): Promise<void> => {
		if (result === '') await compose('');
		else await commit(result);
		preedit = false;
	};
	/** The keyboard is at one desk at a time. */
	let typist = ana;
	const sitDown = (desk: Desk): void => {
		typist = desk;
		desk.select(place(desk.editorText, dice));
	};
	sitDown(ana);

	const typing: (() => unknown)[] = [
		() => commit(dice.pick(TYPED)),
		() => press(dice.pick(KEYS)),
		() => press(dice.pick(MOVES)),
		() => typist.select(place(typist.editorText, dice)),
		() => typist.select(place(typist.editorText, dice), place(typist.editorText, dice)),
		() => paste(typist, dice.pick(PASTED)),
		() => press('{Control>}z{/Control}'),
		() => press('{Control>}y{/Control}'),
		() => sitDown(typist === ana ? bo : ana),
	];
	const elsewhere: (() => unknown)[] = [
		() => {
			const desk = dice.pick([ana, bo]);
			const from = place(desk.sharedText, dice);
			const to = dice.chance(0.5) ? from : place(desk.sharedText, dice, from);
			desk.editOutside(from, Math.max(from, to), dice.pick(INSERTED));
		},
		() => {
			const { view } = typist === ana ? bo : ana;
			view.dispatch({
				changes: [
					{ from: 0, insert: 'S' },
					{ from: view.state.doc.length, insert: 'E' },
				],
			});
		},
		() => (wire.held ? wire.release() : (wire.held = true)),
	];
	for (let step = 0; step < STEPS; step++) {
		if (dice.chance(0.35)) await dice.pick(elsewhere)();
		else if (preedit) {
			if (dice.chance(0.45)) await compose(dice.pick(PREEDITS));
			else await finish(dice.chance(0.7) ? dice.pick(RESULTS) : '');
		} else if (dice.chance(0.4)) {
			preedit = true;
			await compose(dice.pick(['n', 'w', 'zh']));
		} else await dice.pick(typing)();
	}
	if (preedit) await finish('完');
	wire.release();

	await vi.waitFor(() => {
		expect(ana.sharedText).toBe(bo.sharedText);
		// A zero-width joiner is drawn as a widget of its own
		if (ana.sharedText.includes('\u200d'))
			expect([ana.editorText, bo.editorText]).toEqual([ana.sharedText, ana.sharedText]);
		else same(ana, bo, ana.sharedText);
	});
	expect(ana.sharedText).not.toMatch(/[\r\ufffd]/);
	expect([...ana.leaks, ...bo.leaks, ...ana.lost, ...bo.lost, ...ana.errors, ...bo.errors]).toEqual([]);
});
