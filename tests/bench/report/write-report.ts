import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readLines } from './medians.ts';
import { pageTable } from './page-figures.ts';
import { plotOf } from './plot.ts';
import { tableOf } from './table.ts';

const fileAt = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** From all rows there are: remove the results first where older ones are not to count. */
export function writeReport(): void {
	const lines = readLines();
	const table = tableOf(lines) + pageTable();
	writeFileSync(fileAt('report.md'), table);
	writeFileSync(fileAt('report.svg'), plotOf(lines));
	console.log(table);
}
