import { EditorView } from '@codemirror/view';
import type { Span } from '../document/comment-anchor.ts';

/** Where stretches of the text in `holder` stand, as it is read, in their order; without those past its end. */
export function rangesIn(holder: Node, spans: readonly Span[]): Range[] {
	const nodes: { node: Node; from: number; to: number }[] = [];
	const walker = document.createTreeWalker(holder, NodeFilter.SHOW_TEXT);
	for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
		const from = nodes.at(-1)?.to ?? 0;
		nodes.push({ node, from, to: from + (node.nodeValue?.length ?? 0) });
	}
	const ranges: Range[] = [];
	let at = 0;
	for (const { from, to } of spans) {
		while (at < nodes.length && (nodes[at]?.to ?? 0) <= from) at += 1;
		let last = at;
		while (last < nodes.length && (nodes[last]?.to ?? 0) < to) last += 1;
		const [start, end] = [nodes[at], nodes[last]];
		if (!start || !end) break;
		const range = document.createRange();
		range.setStart(start.node, from - start.from);
		range.setEnd(end.node, to - end.from);
		ranges.push(range);
	}
	return ranges;
}

export function editorIn(holder: Element): EditorView | null {
	const editor = holder.querySelector<HTMLElement>('.cm-editor');
	return editor && EditorView.findFromDOM(editor);
}

/** Selects a stretch of a text, in its editor or as it is read, and brings it before the eyes. */
export function selectSpan(holder: HTMLElement, span: Span): void {
	const view = editorIn(holder);
	if (view) {
		const { length } = view.state.doc;
		view.focus();
		view.dispatch({ selection: { anchor: Math.min(span.from, length), head: Math.min(span.to, length) } });
	}
	const [range] = view ? [] : rangesIn(holder, [span]);
	if (range) {
		const { startContainer, startOffset, endContainer, endOffset } = range;
		getSelection()?.setBaseAndExtent(startContainer, startOffset, endContainer, endOffset);
	}
	bringToSight(holder, span);
}

/** Room for what lies over the upper end of the text. */
const MARGIN_PX = 72;

export function bringToSight(holder: HTMLElement, span: Span): void {
	const view = editorIn(holder);
	if (view) {
		const at = Math.min(span.from, view.state.doc.length);
		view.dispatch({ effects: EditorView.scrollIntoView(at, { y: 'nearest', yMargin: MARGIN_PX }) });
		return;
	}
	holder.scrollIntoView({ block: 'nearest' }); // lays out a turn that was out of sight
	const [range] = rangesIn(holder, [span]);
	if (!range) return;
	const scroller = scrollerOf(holder);
	const around = scroller.getBoundingClientRect();
	const [top, bottom] =
		scroller === document.scrollingElement ? [0, innerHeight] : [around.top, around.bottom];
	const box = range.getBoundingClientRect();
	if (box.top < top + MARGIN_PX || box.bottom > bottom - MARGIN_PX)
		scroller.scrollTop += (box.top + box.bottom - top - bottom) / 2;
}

function scrollerOf(element: Element): Element {
	for (let at = element.parentElement; at !== null; at = at.parentElement)
		if (at.scrollHeight > at.clientHeight && /auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
	return document.scrollingElement ?? document.documentElement;
}
