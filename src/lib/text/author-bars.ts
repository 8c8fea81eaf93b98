/** What one author wrote on one line of the screen. */
export interface Piece {
	/** Their key. */
	author: string;
	/** Which of the text's runs it belongs to. */
	run: number;
	left: number;
	right: number;
	top: number;
	bottom: number;
}

/** A bar in the gutter, beside one or more lines: its authors share its height in the order of the text. */
export interface Bar {
	top: number;
	bottom: number;
	authors: string[];
}

/** The bars beside a text: a line has the authors of what stands in it, and lines of the same authors one bar. */
export function barsOf(pieces: readonly Piece[], lineHeight: number): Bar[] {
	const bars: Bar[] = [];
	for (const line of linesOf(pieces, lineHeight)) {
		const last = bars.at(-1);
		// Empty lines in between hold nobody's text.
		if (last && String(last.authors) === String(line.authors) && line.top - last.bottom < 2 * lineHeight)
			last.bottom = line.bottom;
		else bars.push(line);
	}
	return bars;
}

function linesOf(pieces: readonly Piece[], lineHeight: number): Bar[] {
	const lines: (Bar & { middle: number; pieces: Piece[] })[] = [];
	const middleOf = ({ top, bottom }: Piece): number => (top + bottom) / 2;
	for (const piece of [...pieces].sort((a, b) => middleOf(a) - middleOf(b))) {
		const middle = middleOf(piece);
		const last = lines.at(-1);
		if (last && middle - last.middle < lineHeight / 2) last.pieces.push(piece);
		else {
			const [top, bottom] = [middle - lineHeight / 2, middle + lineHeight / 2];
			lines.push({ top, bottom, middle, authors: [], pieces: [piece] });
		}
	}
	return lines.map(({ top, bottom, pieces }) => ({
		top,
		bottom,
		authors: [...new Set(pieces.sort((a, b) => a.left - b.left).map(({ author }) => author))],
	}));
}

/** The piece at a point, with the room that its line has above and below. */
export function pieceAt(
	pieces: readonly Piece[],
	{ x, y }: { x: number; y: number },
	lineHeight: number,
): Piece | null {
	return (
		pieces.find(({ left, right, top, bottom }) => {
			const room = Math.max(0, lineHeight - (bottom - top)) / 2;
			return left <= x && x < right && top - room <= y && y < bottom + room;
		}) ?? null
	);
}
