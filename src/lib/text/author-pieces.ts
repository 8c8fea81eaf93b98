import { EditorView } from '@codemirror/view';
import { authorKey, type Run } from '../document/authorship.ts';
import type { Piece } from './author-bars.ts';

/**
 * Where the runs of a text stand on the screen, from the left upper corner of `content`, which holds the text as it
 * is read or in its editor. Of an editor only what it has drawn. Null while it shows another text than the runs.
 */
export function piecesOf(content: HTMLElement, runs: readonly Run[]): Piece[] | null {
	const length = runs.reduce((sum, run) => sum + run.length, 0);
	const view = editorIn(content);
	const stretches = view ? drawnIn(view, length) : readIn(content, length);
	if (stretches === null) return null;
	const corner = content.getBoundingClientRect();
	const pieces: Piece[] = [];
	for (const { from, to, range } of stretches) {
		for (const [run, { offset, length, author }] of runs.entries()) {
			const [start, end] = [Math.max(from, offset), Math.min(to, offset + length)];
			if (start >= end) continue;
			for (const { left, right, top, bottom } of range(start, end).getClientRects()) {
				if (right <= left) continue;
				pieces.push({
					author: authorKey(author),
					run,
					left: left - corner.left,
					right: right - corner.left,
					top: top - corner.top,
					bottom: bottom - corner.top,
				});
			}
		}
	}
	return pieces;
}

/** Who wrote what stands before the caret of the editor in `content`; null where no editor has the focus. */
export function authorAtCaret(content: HTMLElement, runs: readonly Run[]): string | null {
	const view = editorIn(content);
	if (!view?.hasFocus) return null;
	const { head } = view.state.selection.main;
	const run = runs.find(({ offset, length }) => offset < head && head <= offset + length);
	return run ? authorKey(run.author) : null;
}

interface Stretch {
	from: number;
	to: number;
	range: (from: number, to: number) => Range;
}

function editorIn(content: HTMLElement): EditorView | null {
	const editor = content.querySelector<HTMLElement>('.cm-editor');
	return editor && EditorView.findFromDOM(editor);
}

/** The lines that an editor has drawn: beyond a line a range would take in its whole box. */
function drawnIn(view: EditorView, length: number): Stretch[] | null {
	if (view.state.doc.length !== length || view.compositionStarted) return null;
	const range = (from: number, to: number): Range => {
		const [start, end] = [view.domAtPos(from), view.domAtPos(to)];
		return rangeOf(start.node, start.offset, end.node, end.offset);
	};
	return view.viewportLineBlocks.map(({ from, to }) => ({ from, to, range }));
}

function readIn(content: HTMLElement, length: number): Stretch[] | null {
	const walker = document.createTreeWalker(content, NodeFilter.SHOW_TEXT);
	const stretches: Stretch[] = [];
	let from = 0;
	for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
		const [text, begin] = [node, from];
		from += text.nodeValue?.length ?? 0;
		stretches.push({
			from: begin,
			to: from,
			range: (start, end) => rangeOf(text, start - begin, text, end - begin),
		});
	}
	// A last line break is shown by a second one.
	return from === length || from === length + 1 ? stretches : null;
}

function rangeOf(start: Node, from: number, end: Node, to: number): Range {
	const range = document.createRange();
	range.setStart(start, from);
	range.setEnd(end, to);
	return range;
}
