/** Line breaks by Unicode, which JSON leaves as they are and some readers of JSONL split at. */
const OTHER_BREAKS = /[\u0085\u2028\u2029]/g;

/** One JSON value as one line, by any reader's idea of a line, with \n at its end. */
export function toJsonLine(value: object): string {
	const json = JSON.stringify(value);
	return json.replace(OTHER_BREAKS, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`) + '\n';
}
