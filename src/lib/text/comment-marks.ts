import { StateEffect, StateField, type Extension } from '@codemirror/state';
import { EditorView, layer, RectangleMarker } from '@codemirror/view';
import type { Span } from '../document/comment-anchor.ts';

/** Words that a comment speaks of. `on`: the comment is pointed at. */
export interface CommentMark extends Span {
	id: string;
	on: boolean;
}

/** A stretch of a text, and the comments that speak of it, the one on the fewest words first. */
export interface MarkedPart extends Span {
	text: string;
	marks: CommentMark[];
}

/** The text cut where a mark begins or ends. */
export function markedParts(text: string, marks: readonly CommentMark[]): MarkedPart[] {
	const cuts = new Set([0, text.length]);
	for (const { from, to } of marks) for (const cut of [from, to]) cuts.add(Math.min(cut, text.length));
	const places = [...cuts].sort((a, b) => a - b);
	return places.slice(0, -1).map((from, i) => {
		const to = places[i + 1] ?? text.length;
		const over = marks.filter((mark) => mark.from <= from && to <= mark.to).sort(shortestFirst);
		return { from, to, text: text.slice(from, to), marks: over };
	});
}

const shortestFirst = (a: Span, b: Span): number => a.to - a.from - (b.to - b.from);

const shown = StateEffect.define<readonly CommentMark[]>();

const marked = StateField.define<readonly CommentMark[]>({
	create: () => [],
	update(marks, transaction) {
		for (const effect of transaction.effects) if (effect.is(shown)) return effect.value;
		if (!transaction.docChanged || marks.length === 0) return marks;
		const { changes } = transaction;
		return marks.map((mark) => ({
			...mark,
			from: changes.mapPos(mark.from, 1),
			to: changes.mapPos(mark.to, -1),
		}));
	},
});

/** While something is composed the editor says what its shared text does not: the marks go with it until it is done. */
export function showMarks(view: EditorView, marks: readonly CommentMark[]): void {
	if (view.compositionStarted || same(marks, view.state.field(marked))) return;
	view.dispatch({ effects: shown.of(marks) });
}

function same(a: readonly CommentMark[], b: readonly CommentMark[]): boolean {
	return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Draws the marks in a layer, as others' selections are: the text is never touched for them.
 * `onpoint` is told which comment the caret is in, and whether it was put there by pointing.
 */
export function commentMarks(onpoint: (id: string | null, pointed: boolean) => void): Extension {
	return [
		marked,
		EditorView.updateListener.of(({ state, selectionSet, transactions }) => {
			const { main } = state.selection;
			if (!selectionSet || !main.empty) return;
			const under = state
				.field(marked)
				.filter(({ from, to }) => from <= main.head && main.head <= to)
				.sort(shortestFirst);
			onpoint(
				under[0]?.id ?? null,
				transactions.some((one) => one.isUserEvent('select.pointer')),
			);
		}),
		layer({
			above: false,
			class: 'cm-comments',
			update: ({ docChanged, viewportChanged, startState, state }) =>
				docChanged || viewportChanged || startState.field(marked) !== state.field(marked),
			markers: (view) => view.state.field(marked).flatMap((mark) => boxesOf(view, mark)),
		}),
		theme,
	];
}

/** Line by line: beyond a line a range would take in its whole box. */
function boxesOf(view: EditorView, { from, to, on }: CommentMark): RectangleMarker[] {
	const corner = view.scrollDOM.getBoundingClientRect();
	const left = corner.left - view.scrollDOM.scrollLeft;
	const top = corner.top - view.scrollDOM.scrollTop;
	return view.viewportLineBlocks.flatMap((line) => {
		const [start, end] = [Math.max(from, line.from), Math.min(to, line.to)];
		if (start >= end) return [];
		const range = document.createRange();
		const [first, last] = [view.domAtPos(start), view.domAtPos(end)];
		range.setStart(first.node, first.offset);
		range.setEnd(last.node, last.offset);
		return [...range.getClientRects()]
			.filter(({ width }) => width > 0)
			.map(
				(box) =>
					new RectangleMarker(
						on ? 'cm-comment cm-comment-on' : 'cm-comment',
						box.left - left,
						box.top - top,
						box.width,
						box.height,
					),
			);
	});
}

const theme = EditorView.baseTheme({
	'.cm-comment': { backgroundColor: 'var(--comment-bg)', borderBottom: '1px solid var(--warn)' },
	'.cm-comment-on': { borderBottomWidth: '3px' },
});
