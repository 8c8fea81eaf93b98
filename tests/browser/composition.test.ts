import { describe, expect, test, vi } from 'vitest';
import { commit, compose, drawn, press, same, twoDesks } from '../support/editor-page.ts';

const BASE = 'HELLO WORLD\nSECOND LINE\nTHIRD';

/** What the other person does meanwhile; `#` marks where the composition's result belongs. */
const EDITS: [
	name: string,
	caret: number,
	edit: [from: number, to: number, insert: string],
	expected: string,
][] = [
	['inserts before, same line', 5, [3, 3, 'XX'], 'HELXXLO# WORLD\nSECOND LINE\nTHIRD'],
	['inserts after, same line', 5, [8, 8, 'YY'], 'HELLO# WOYYRLD\nSECOND LINE\nTHIRD'],
	['inserts at the caret', 5, [5, 5, 'ZZ'], 'HELLO#ZZ WORLD\nSECOND LINE\nTHIRD'],
	['deletes around', 5, [2, 9, ''], 'HE#LD\nSECOND LINE\nTHIRD'],
	['deletes just before', 5, [3, 5, ''], 'HEL# WORLD\nSECOND LINE\nTHIRD'],
	['deletes just after', 5, [5, 8, ''], 'HELLO#RLD\nSECOND LINE\nTHIRD'],
	['deletes the whole line', 5, [0, 12, ''], '#SECOND LINE\nTHIRD'],
	['deletes everything', 5, [0, 29, ''], '#'],
	['replaces everything', 17, [0, 29, 'NEW\nTEXT'], 'NEW\nTEXT#'],
	['breaks the line before', 5, [2, 2, '\n'], 'HE\nLLO# WORLD\nSECOND LINE\nTHIRD'],
	['joins with the next line', 5, [11, 12, ' '], 'HELLO# WORLD SECOND LINE\nTHIRD'],
	['inserts lines above', 17, [3, 3, 'A\nB\nC'], 'HELA\nB\nCLO WORLD\nSECON#D LINE\nTHIRD'],
	['deletes the line above', 17, [0, 11, ''], '\nSECON#D LINE\nTHIRD'],
	['inserts below', 17, [26, 26, 'QQ\n'], 'HELLO WORLD\nSECON#D LINE\nTHQQ\nIRD'],
];

/** Ana has typed `ni h` and chosen nothing yet when Bo edits. */
async function composedAround(caret: number, [from, to, insert]: [number, number, string]) {
	const desks = await twoDesks(BASE);
	const { ana, bo } = desks;
	ana.select(caret);
	await compose('n');
	await compose('ni h');
	bo.editOutside(from, to, insert);
	await drawn();
	expect(ana.editorText).toContain('ni h');
	expect(ana.compositionsEnded).toBe(0);
	expect(bo.sharedText).not.toContain('ni h');
	return desks;
}

describe.each(EDITS)('the other %s', (_name, caret, edit, expected) => {
	test('[TEXT-1] [TEXT-2] [TEXT-4] commit: nothing of the preedit leaks, the result stands in its place', async () => {
		const { ana, bo } = await composedAround(caret, edit);
		await compose('ni hao');
		await commit('你好');
		const result = expected.replace('#', '你好');
		await vi.waitFor(() => same(ana, bo, result));
		expect(ana.view.state.selection.main.head).toBe(expected.indexOf('#') + 2);
		expect(bo.leaks).toEqual([]);
		await press('{Control>}z{/Control}');
		await vi.waitFor(() => same(ana, bo, expected.replace('#', '')));
		await press('{Control>}y{/Control}');
		await vi.waitFor(() => same(ana, bo, result));
		expect([...ana.errors, ...bo.errors, ...ana.lost]).toEqual([]);
	});

	test('[TEXT-1] [TEXT-3] cancel: nothing is written, and no undo step is left', async () => {
		const { ana, bo } = await composedAround(caret, edit);
		await compose('');
		await vi.waitFor(() => same(ana, bo, expected.replace('#', '')));
		expect(bo.leaks).toEqual([]);
		expect(ana.undoManager.canUndo()).toBe(false);
		expect([...ana.errors, ...bo.errors, ...ana.lost]).toEqual([]);
	});

	test('[TEXT-1] blur: what the browser keeps is written', async () => {
		const { ana, bo } = await composedAround(caret, edit);
		ana.view.contentDOM.blur();
		await vi.waitFor(() => same(ana, bo, expected.replace('#', 'ni h')));
		expect([...ana.errors, ...bo.errors, ...ana.lost]).toEqual([]);
	});
});

test('[TEXT-5] a result is sent although the next composition is already open', async () => {
	const { ana, bo } = await twoDesks('');
	ana.select(0);
	await compose('ㅎ');
	await compose('한');
	await commit('한');
	await compose('ㄱ');
	await vi.waitFor(() => expect(bo.sharedText).toBe('한'));
	expect(ana.editorText).toBe('한ㄱ');
	await commit('국');
	await vi.waitFor(() => same(ana, bo, '한국'));
});

test('[TEXT-3] an editor that goes away in a composition leaves no preedit', async () => {
	const { ana, bo } = await twoDesks('TEXT');
	ana.select(4);
	await compose('ni');
	ana.unbind();
	expect(ana.sharedText).toBe('TEXT');
	expect(bo.sharedText).toBe('TEXT');
	await compose('');
});

test('[TEXT-6] an edit on the composed line waits a bounded time, then the composition is ended for it', async () => {
	const { ana, bo } = await twoDesks('LINE');
	ana.select(4);
	await compose('ni');
	bo.editOutside(0, 0, 'X');
	await vi.waitFor(() => same(ana, bo, 'XLINEni'), { timeout: 30_000, interval: 100 });
	expect(ana.view.hasFocus).toBe(true);
});

test('[TEXT-7] writing that ends in a composition: the preedit is handed back, and written nowhere', async () => {
	const { ana, bo } = await twoDesks('TEXT');
	ana.select(4);
	await compose('ni');
	ana.readOnly(true);
	await commit('你');
	ana.view.contentDOM.blur();
	await vi.waitFor(() => same(ana, bo, 'TEXT'));
	expect(ana.lost.join('')).toMatch(/ni|你/);
});
