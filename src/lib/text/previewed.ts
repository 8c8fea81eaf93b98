/** More than this is not drawn over and over while somebody types in it. */
const MOST = 50_000;

/** What of a text its preview shows: all, or so much of its beginning, to the end of a line where one ends there. */
export function previewed(text: string): string {
	if (text.length <= MOST) return text;
	const end = text.lastIndexOf('\n', MOST - 1) + 1;
	return end > MOST / 2 ? text.slice(0, end) : text.slice(0, MOST).replace(/[\ud800-\udbff]$/, '');
}
