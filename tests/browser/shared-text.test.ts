import { defaultKeymap } from '@codemirror/commands';
import { describe, expect, test, vi } from 'vitest';
import { compositionGuard } from '../../src/lib/text/composition-guard.ts';
import { diffInWorker } from '../../src/lib/text/diff-in-worker.ts';
import { wordDiff } from '../../src/lib/text/word-diff.ts';
import { commit, compose, drawn, press, same, twoDesks, type Desk } from '../support/editor-page.ts';

type Desks = Awaited<ReturnType<typeof twoDesks>>;

const undo = (): Promise<void> => press('{Control>}z{/Control}');
const redo = (): Promise<void> => press('{Control>}y{/Control}');

describe('undo', () => {
	test('[TEXT-10] takes back own edits only, and brings the caret along', async () => {
		const { ana, bo } = await twoDesks('BASE');
		ana.select(4);
		await press(' ONE');
		bo.editOutside(0, 0, 'PEER ');
		bo.select(0);
		await press('BO ');
		expect(ana.sharedText).toBe('BO PEER BASE ONE');
		ana.view.focus();
		await undo();
		await vi.waitFor(() => same(ana, bo, 'BO PEER BASE'));
		expect(ana.view.state.selection.main.head).toBe('BO PEER BASE'.length);
		await undo();
		same(ana, bo, 'BO PEER BASE');
		await redo();
		same(ana, bo, 'BO PEER BASE ONE');
		bo.view.focus();
		await undo();
		await undo();
		same(ana, bo, 'PEER BASE ONE'); // what this document got from elsewhere is nobody's own
		ana.doc.transact(() => ana.text.insert(0, 'SERVER '));
		ana.view.focus();
		await undo();
		same(ana, bo, 'SERVER PEER BASE');
		await undo();
		same(ana, bo, 'SERVER PEER BASE');
	});

	test('[TEXT-11] a moved caret starts a new step', async () => {
		const { ana, bo } = await twoDesks('AB');
		ana.select(2);
		await press('X');
		ana.select(0);
		await press('Y');
		await undo();
		same(ana, bo, 'ABX');
		await undo();
		same(ana, bo, 'AB');
	});

	test('[TEXT-11] of a deletion brings the selection back', async () => {
		const { ana, bo } = await twoDesks('ONE TWO');
		ana.select(0, 4);
		await press('{Delete}');
		same(ana, bo, 'TWO');
		ana.select(3);
		await undo();
		same(ana, bo, 'ONE TWO');
		expect(ana.view.state.selection.main).toMatchObject({ anchor: 0, head: 4 });
	});

	test('[TEXT-12] from outside does not break a composition', async () => {
		const { ana, bo } = await twoDesks('');
		ana.select(0);
		await press('A');
		await compose('ni');
		ana.undoManager.undo();
		await drawn();
		expect(ana.editorText).toContain('ni');
		await commit('你');
		await vi.waitFor(() => same(ana, bo, '你'));
	});
});

describe('the others in the text', () => {
	const placeOf = (desk: Desk, position: number): [left: number, top: number] => {
		const at = desk.view.coordsAtPos(position, -1);
		if (!at) throw new Error(`nothing at ${position}`);
		return [Math.round(at.left), Math.round(at.top)];
	};
	const caretOf = (desk: Desk): [left: number, top: number] => {
		const box = desk.carets[0]?.getBoundingClientRect();
		if (!box) throw new Error('no caret is drawn');
		return [Math.round(box.left + 1), Math.round(box.top)];
	};

	test('[TEXT-13] a caret stands where the other has it, with the name while they type', async () => {
		const { ana, bo } = await twoDesks('FIRST LINE\nSECOND LINE');
		bo.select(3);
		await vi.waitFor(() => expect(caretOf(ana)).toEqual(placeOf(ana, 3))); // who comes and types before a picture has no name yet
		await press('XY');
		await vi.waitFor(() => expect(caretOf(ana)).toEqual(placeOf(ana, 5)));
		const flag = ana.carets[0]?.querySelector('.cm-person-flag');
		expect(flag?.textContent).toBe('Bo');
		await vi.waitFor(() => expect(flag && getComputedStyle(flag).opacity).toBe('1'));
		ana.editOutside(0, 0, 'NEW\n');
		await vi.waitFor(() => expect(caretOf(ana)).toEqual(placeOf(ana, 9)));
		expect(bo.carets).toEqual([]); // Ana has not been in the text
		bo.unbind();
		await vi.waitFor(() => expect(ana.carets).toEqual([]));
	});

	test.each([
		[1, 'var(--person-1)', false, true],
		[3, 'var(--person-3)', false, true],
		[4, 'var(--person-4)', false, false],
		[7, 'var(--person-1)', true, true],
		[12, 'var(--person-6)', true, false],
	])('[TEXT-14] person %i looks like %s, dashed %s, black label %s', async (color, by, dashed, ink) => {
		const { ana, bo } = await twoDesks('TEXT');
		bo.introduce('Bo', color);
		bo.select(0, 2);
		await vi.waitFor(() => expect(ana.carets).toHaveLength(1));
		const caret = ana.carets[0];
		expect(caret?.style.getPropertyValue('--by')).toBe(by);
		expect(caret?.classList.contains('cm-person-dashed')).toBe(dashed);
		expect(caret?.classList.contains('cm-person-ink')).toBe(ink);
		const selection = ana.view.dom.querySelector<HTMLElement>('.cm-personSelections > div');
		expect(selection?.style.getPropertyValue('--by')).toBe(by);
	});

	test('[TEXT-15] carets move no text', async () => {
		const { ana, bo } = await twoDesks('THE QUICK BROWN FOX. '.repeat(20));
		const places = (): unknown => Array.from({ length: 20 }, (_, i) => placeOf(ana, i * 15));
		const before = places();
		for (const place of [4, 77, 150]) {
			bo.select(place, place + 20);
			await vi.waitFor(() => expect(ana.carets).toHaveLength(1));
			expect(places()).toEqual(before);
		}
	});

	test('[TEXT-16] presence that is no caret is passed over', async () => {
		const { ana, bo } = await twoDesks('TEXT');
		for (const nonsense of [
			{ anchor: null, head: 7 },
			{ anchor: {}, head: { type: 'x' } },
			'caret',
			{ head: [] },
		]) {
			bo.awareness.setLocalStateField('caret', nonsense);
			await drawn();
		}
		expect(ana.carets).toEqual([]);
		bo.select(2);
		await press('A');
		await vi.waitFor(() => expect(ana.carets).toHaveLength(1));
		expect(ana.errors).toEqual([]);
	});
});

describe('what is written', () => {
	test('[TEXT-8] a read-only editor follows and does not write', async () => {
		const { ana, bo } = await twoDesks('ALPHA');
		ana.select(5);
		await press('1');
		ana.readOnly(true);
		await press('2');
		await undo();
		ana.view.dispatch({ changes: { from: 0, insert: 'NO' } });
		same(ana, bo, 'ALPHA1');
		bo.editOutside(0, 0, 'Q');
		await vi.waitFor(() => same(ana, bo, 'QALPHA1'));
	});

	test('[TEXT-9] pasted line ends become newlines', async () => {
		const { ana, bo } = await twoDesks('');
		ana.select(0);
		const clipboardData = new DataTransfer();
		clipboardData.setData('text/plain', 'X\r\nY\rZ');
		ana.view.contentDOM.dispatchEvent(
			new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
		);
		await vi.waitFor(() => same(ana, bo, 'X\nY\nZ'));
	});

	test('[TEXT-17] half of a surrogate pair is never written', async () => {
		const { ana, bo } = await twoDesks('A😀B');
		ana.view.dispatch({ changes: { from: 2, to: 3, insert: '😁'.charAt(1) } });
		await vi.waitFor(() => same(ana, bo, 'A😁B'));
		ana.view.dispatch({ changes: { from: 4, insert: '😀'.charAt(0) } });
		await vi.waitFor(() => same(ana, bo, 'A😁B\ufffd'));
	});

	test('[TEXT-25] a text replaced by itself writes nothing', async () => {
		const { ana } = await twoDesks('ONE TWO');
		const written = vi.fn();
		ana.doc.on('update', written);
		ana.view.dispatch({ changes: { from: 0, to: 3, insert: 'ONE' } });
		expect(written).not.toHaveBeenCalled();
		expect(ana.undoManager.canUndo()).toBe(false);
		ana.view.dispatch({ changes: { from: 0, to: 7, insert: 'ONE OR TWO' } });
		expect(written).toHaveBeenCalledOnce();
		expect(ana.sharedText).toBe('ONE OR TWO');
	});

	test.each([
		['the other', ({ bo }: Desks) => bo.editOutside(0, 13, 'X\nY')],
		['the page', ({ ana }: Desks) => ana.view.dispatch({ changes: { from: 0, to: 13, insert: 'X\nY' } })],
	])('[TEXT-18] typing goes on after %s replaced the selected text', async (_who, replace) => {
		const desks = await twoDesks('ONE\nTWO\nTHREE');
		const { ana, bo } = desks;
		ana.select(1, 9);
		replace(desks);
		await vi.waitFor(() => same(ana, bo, 'X\nY'));
		const { from, to } = ana.view.state.selection.main;
		expect(from).toBeLessThanOrEqual(to);
		await compose('n');
		await commit('你');
		await vi.waitFor(() => expect(bo.sharedText).toContain('你'));
		await vi.waitFor(() => same(ana, bo, ana.sharedText));
		expect(ana.errors).toEqual([]);
	});

	test('[TEXT-7] what a fault kept from the shared text is handed back, and the editor shows the shared text', async () => {
		const { ana, bo } = await twoDesks('TEXT');
		ana.select(4);
		const refuse = vi.spyOn(ana.text, 'insert').mockImplementationOnce(() => {
			throw new Error('no more memory');
		});
		await press('X');
		await vi.waitFor(() => same(ana, bo, 'TEXT'));
		expect(refuse).toHaveBeenCalled();
		expect(ana.lost).toEqual(['X']);
		await press('Y');
		await vi.waitFor(() => expect(bo.sharedText).toContain('Y'));
	});
});

describe('keys', () => {
	test('[TEXT-19] Mod-Enter is done, Mod-Shift-Enter submits, Escape leaves; Enter breaks the line', async () => {
		const pressed: string[] = [];
		const { ana, bo } = await twoDesks('A', {
			onDone: () => pressed.push('done'),
			onSubmit: () => pressed.push('submit'),
			onEscape: () => pressed.push('escape'),
		});
		ana.select(1);
		await press('{Control>}{Enter}{/Control}');
		await press('{Control>}{Shift>}{Enter}{/Shift}{/Control}');
		await press('{Escape}');
		expect(pressed).toEqual(['done', 'submit', 'escape']);
		await press('{Enter}');
		same(ana, bo, 'A\n');
	});

	test('[TEXT-19] nothing while composing', async () => {
		const pressed: string[] = [];
		const { ana } = await twoDesks('', {
			onDone: () => pressed.push('done'),
			onEscape: () => pressed.push('escape'),
		});
		ana.select(0);
		await compose('ni');
		await press('{Escape}');
		await press('{Control>}{Enter}{/Control}');
		expect(pressed).toEqual([]);
		await compose('');
	});

	test('[TEXT-19] nothing for the key that ended a composition in any field, until the next task', async () => {
		const pressed: string[] = [];
		const { ana } = await twoDesks('', { onEscape: () => pressed.push('escape') });
		const escape = (): KeyboardEvent => new KeyboardEvent('keydown', { key: 'Escape', bubbles: true });
		const key = new KeyboardEvent('keydown', { key: 'Enter' });
		expect(compositionGuard(key)).toBe(false);
		expect(compositionGuard(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true }))).toBe(true);
		expect(compositionGuard(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229 }))).toBe(true);
		ana.view.contentDOM.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }));
		expect(compositionGuard(key)).toBe(true);
		ana.view.contentDOM.dispatchEvent(escape());
		expect(pressed).toEqual([]);
		await vi.waitFor(() => expect(compositionGuard(key)).toBe(false));
		ana.view.contentDOM.dispatchEvent(escape());
		expect(pressed).toEqual(['escape']);
	});

	test('[TEXT-19] no command writes markup, and Tab leaves the editor', async () => {
		const { ana, bo } = await twoDesks('ALPHA\nBETA');
		expect(defaultKeymap.some(({ key }) => key === 'Mod-/')).toBe(true); // what is left out is there to be left out
		ana.select(0, 8);
		for (const keys of [
			'{Control>}/{/Control}',
			'{Alt>}A{/Alt}',
			'{Control>}[[{/Control}',
			'{Control>}]{/Control}',
		]) {
			await press(keys);
			same(ana, bo, 'ALPHA\nBETA');
		}
		await press('{Tab}');
		expect(ana.view.hasFocus).toBe(false);
		same(ana, bo, 'ALPHA\nBETA');
	});
});

test('[TEXT-23] the worker finds what the page would', async () => {
	const [a, b] = ['The train leaves at noon.', 'The last train left. 比特'];
	expect(await diffInWorker(a, b, 'en')).toEqual(wordDiff(a, b, 'en'));
});
