/**
 * Where a caret before the character at `index` stands in a text that is read and not edited, from the left upper
 * corner of `content`. Null while there is another text than was meant, or none that is laid out.
 */
export function lineAt(
	content: HTMLElement,
	index: number,
): { left: number; top: number; height: number } | null {
	const text = content.querySelector<HTMLElement>('.text');
	if (!text || text.querySelector('.cm-editor')) return null;
	const corner = content.getBoundingClientRect();
	const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
	let from = 0;
	for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
		const length = node.nodeValue?.length ?? 0;
		if (index <= from + length) {
			const at = boxAt(node, index - from);
			return at && { left: at.left - corner.left, top: at.top - corner.top, height: at.height };
		}
		from += length;
	}
	const { left, top, height } = text.getBoundingClientRect(); // an empty text has no characters to stand at
	return from === 0 && index === 0 ? { left: left - corner.left, top: top - corner.top, height } : null;
}

/** A collapsed range has no box behind a line break: there the next or the last character says where the line is. */
function boxAt(node: Node, offset: number): { left: number; top: number; height: number } | null {
	const range = document.createRange();
	const boxOf = (start: number, end: number): DOMRect | undefined => {
		range.setStart(node, start);
		range.setEnd(node, end);
		return [...range.getClientRects()].at(start < offset ? -1 : 0);
	};
	const length = node.nodeValue?.length ?? 0;
	const next = offset < length ? boxOf(offset, offset + 1) : undefined;
	if (next) return { left: next.left, top: next.top, height: next.height };
	const last = offset > 0 ? boxOf(offset - 1, offset) : undefined;
	return last ? { left: last.right, top: last.top, height: last.height } : null;
}
