/** Blue comes last: it is near the accent and the colour of insertions. */
const ORDER = [6, 3, 1, 5, 4, 2];

/** A colour (1–6) for somebody who is not in a room, the same on every page. */
export function colorOf(userId: number): number {
	return ORDER[userId % ORDER.length] ?? 6;
}
