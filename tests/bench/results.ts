import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One file a measurement, one JSON line a run; remove the folder to begin anew. */
export const RESULTS = fileURLToPath(new URL('results/', import.meta.url));

export type Row = Record<string, unknown> & { server: string };

const fileOf = (what: string): string => join(RESULTS, `${what}.jsonl`);

export function record(what: string, row: Row): void {
	mkdirSync(RESULTS, { recursive: true });
	const line = JSON.stringify({ at: new Date().toISOString(), ...row });
	appendFileSync(fileOf(what), `${line}\n`);
	console.log(`${what} ${line}`);
}

export function rowsOf(what: string): Row[] {
	const file = fileOf(what);
	if (!existsSync(file)) return [];
	return readFileSync(file, 'utf8')
		.split('\n')
		.filter(Boolean)
		.map((line) => JSON.parse(line) as Row);
}

/** The lower one of two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
	const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
	return sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
}
