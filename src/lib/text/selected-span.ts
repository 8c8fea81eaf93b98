import { EditorView } from '@codemirror/view';
import type { Span } from '../document/comment-anchor.ts';

/** Words of a turn's text that are selected, as it is read or in its editor, and where on the screen they end. */
export interface SelectedSpan extends Span {
	turn: string;
	end: DOMRect;
}

/** Null: none are, or not of one text. What a turn's text stands in says so by `data-turn`. */
export function selectedSpan(): SelectedSpan | null {
	const selection = getSelection();
	if (!selection || selection.rangeCount === 0 || selection.isCollapsed) return null;
	const range = selection.getRangeAt(0);
	const holder = elementOf(range.startContainer)?.closest<HTMLElement>('[data-turn]');
	const turn = holder?.dataset['turn'];
	if (!holder || turn === undefined) return null;
	const editor = holder.querySelector<HTMLElement>('.cm-editor');
	const view = editor && EditorView.findFromDOM(editor);
	const span = view ? selectedIn(view) : readIn(holder, range);
	const end = [...range.getClientRects()].filter(({ width }) => width > 0).at(-1);
	return span && end && span.from < span.to ? { turn, ...span, end } : null;
}

/** What is selected in an editor is not to be typed over when the focus comes back to it. */
export function unselect(element: HTMLElement): void {
	const view = EditorView.findFromDOM(element);
	view?.dispatch({ selection: { anchor: view.state.selection.main.to } });
}

/** While something is composed the editor says what its shared text does not. */
function selectedIn(view: EditorView): Span | null {
	const { from, to } = view.state.selection.main;
	return view.compositionStarted ? null : { from, to };
}

/** Of a selection that goes on behind the text, what is in it. */
function readIn(holder: HTMLElement, range: Range): Span {
	const from = textBefore(holder, range.startContainer, range.startOffset);
	const inside = holder.contains(range.endContainer);
	const to = inside
		? textBefore(holder, range.endContainer, range.endOffset)
		: (holder.textContent ?? '').length;
	return { from, to };
}

/** How much text of `holder` stands before a place in it, in UTF-16 units. */
export function textBefore(holder: HTMLElement, node: Node, offset: number): number {
	const before = document.createRange();
	before.setStart(holder, 0);
	before.setEnd(node, offset);
	return before.toString().length;
}

const elementOf = (node: Node): Element | null => (node instanceof Element ? node : node.parentElement);
