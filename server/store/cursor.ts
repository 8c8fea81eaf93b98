import { Refused } from '#lib/wire/api-error.ts';

/** A page of a list; `next` asks for the one after it and is null on the last. */
export interface Page<T> {
	items: T[];
	next: string | null;
}

/** Where a page ended, as the sort key of its last row. Opaque to callers. */
function writeCursor(key: readonly number[]): string {
	return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** Each part is a count, an id or a time in milliseconds: none is negative or beyond what a Date can hold. */
const isPart = (part: unknown) => Number.isInteger(part) && Number(part) >= 0 && Number(part) <= 8.64e15;

/** @throws Refused `bad-input` unless it is a cursor of `length` parts. */
export function readCursor(cursor: string, length: number): number[] {
	const key = cursor.length <= 200 ? parsed(Buffer.from(cursor, 'base64url').toString()) : null;
	if (!Array.isArray(key) || key.length !== length || !key.every(isPart))
		throw new Refused('bad-input', 'The cursor is not one that this list gave');
	return key as number[];
}

/** Cuts the row that was read beyond `limit` to see whether there is a next page. */
export function pageOf<R, T>(
	rows: R[],
	limit: number,
	item: (row: R) => T,
	keyOf: (row: R) => number[],
): Page<T> {
	const kept = rows.slice(0, limit);
	const last = kept.at(-1);
	return { items: kept.map(item), next: last && rows.length > limit ? writeCursor(keyOf(last)) : null };
}

/** A page's length as asked for, within 1 and 200; 50 unless said. */
export function limitOf(asked: number | undefined): number {
	return Math.min(200, Math.max(1, Math.trunc(asked ?? 50) || 1));
}

function parsed(json: string): unknown {
	try {
		return JSON.parse(json);
	} catch {
		return null;
	}
}
