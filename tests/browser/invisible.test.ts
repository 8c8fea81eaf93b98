import { expect, test, vi } from 'vitest';
import { press, same, twoDesks } from '../support/editor-page.ts';

const TEXT = 'A\u200bB\u00a0C';
const signs = (dom: HTMLElement) =>
	[...dom.querySelectorAll<HTMLElement>('.invisible')].map(({ dataset }) => dataset['sign']);

test('[LINT-3] an editor shows what is not seen, takes one step over each, and writes nothing for it', async () => {
	const { ana, bo } = await twoDesks(TEXT);
	let writes = 0;
	ana.text.observe(() => (writes += 1));
	expect(signs(ana.view.dom)).toEqual(['ZWSP', 'NBSP']);
	ana.select(0);
	const steps: number[] = [];
	for (let i = 0; i < TEXT.length; i++) {
		await press('{ArrowRight}');
		steps.push(ana.view.state.selection.main.head);
	}
	expect(steps).toEqual([1, 2, 3, 4, 5]);
	expect([writes, ana.sharedText]).toEqual([0, TEXT]);

	ana.select(2);
	await press('{Backspace}');
	same(ana, bo, 'AB\u00a0C');
	expect(signs(ana.view.dom)).toEqual(['NBSP']);
	await press('X');
	same(ana, bo, 'AXB\u00a0C');
});

test('[LINT-3] what another writes in is shown, and what belongs where it stands is not', async () => {
	const { ana, bo } = await twoDesks('می\u200cخواهم');
	expect(signs(ana.view.dom)).toEqual([]);
	bo.editOutside(0, 0, 'A\u200cB ');
	await vi.waitFor(() => expect(signs(ana.view.dom)).toEqual(['ZWNJ']));
});
