import type { Span } from '../document/comment-anchor.ts';
import { occurrences } from './occurrences.ts';
import { editorIn, rangesIn } from './text-range.ts';

/** The element that a text stands in, and which of its matches is the one that was gone to. */
export interface FoundHere {
	holder: Element;
	nth: number;
}

const [ALL, HERE] = ['found', 'found-here'];

/**
 * Marks what was found, in whatever each element shows now: nothing in the page is changed for it. Of far turns and
 * of an editor only what is drawn. To be called again when the page changed or was scrolled.
 */
export function highlightFound(holders: Iterable<Element>, wanted: string, here: FoundHere | null): void {
	if (!('highlights' in CSS)) return; // what was gone to is brought before the eyes all the same
	const [all, one]: [AbstractRange[], AbstractRange[]] = [[], []];
	for (const holder of holders) {
		if (!holder.checkVisibility({ contentVisibilityAuto: true })) continue;
		for (const [nth, range] of rangesOf(holder, wanted))
			(here?.holder === holder && here.nth === nth ? one : all).push(range);
	}
	CSS.highlights.set(ALL, new Highlight(...all));
	CSS.highlights.set(HERE, new Highlight(...one));
}

export function endHighlights(): void {
	if ('highlights' in CSS) for (const name of [ALL, HERE]) CSS.highlights.delete(name);
}

function rangesOf(holder: Element, wanted: string): [number, AbstractRange][] {
	const view = editorIn(holder);
	if (!view) return [...rangesIn(holder, occurrences(holder.textContent ?? '', wanted)).entries()];
	const { from, to } = view.viewport;
	const drawn = (span: Span): boolean => from <= span.from && span.to <= to;
	return [...occurrences(view.state.doc.toString(), wanted).entries()]
		.filter(([, span]) => drawn(span))
		.map(([nth, span]) => {
			const [start, end] = [view.domAtPos(span.from), view.domAtPos(span.to)];
			return [
				nth,
				new StaticRange({
					startContainer: start.node,
					startOffset: start.offset,
					endContainer: end.node,
					endOffset: end.offset,
				}),
			];
		});
}
