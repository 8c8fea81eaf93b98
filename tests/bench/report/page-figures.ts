import { median, rowsOf } from '../results.ts';
import { at } from './metrics.ts';
import { digits } from './medians.ts';

/** One figure of the page: where a row has it, and the most that it may be, if anything was asked. */
const FIGURES: readonly [path: string, title: string, unit: string, most: number | null][] = [
	['workspace.usableMs', 'Until one can type in it, nothing cached', 'ms', 1500],
	['workspace.lcpMs', 'Largest contentful paint of the workspace', 'ms', 1500],
	['queue.lcpMs', 'The same of the queue', 'ms', 1500],
	['workspace.cls', 'Layout shift of the workspace', '', 0.02],
	['queue.cls', 'The same of the queue', '', 0.02],
	['alone.paintP95', 'A keystroke to its picture, one person types, p95', 'ms', 16],
	['alone.paintP50', 'The same, p50', 'ms', null],
	['alone.workP95', 'Of it the page’s thread, traced, p95', 'ms', null],
	['two.paintP95', 'A keystroke to its picture, two people type, p95', 'ms', 16],
	['two.paintP50', 'The same, p50', 'ms', null],
	['two.workP95', 'Of it the page’s thread, traced, p95', 'ms', null],
	['bare.paintP95', 'A keystroke to its picture in a bare text field alone on a page, p95', 'ms', null],
	['bare.paintP50', 'The same, p50', 'ms', null],
	['workspace.scriptsKB', 'JavaScript of the workspace, compressed', 'KB', 250],
	['queue.scriptsKB', 'JavaScript of the queue, compressed', 'KB', null],
	['heap.firstMB', 'JavaScript memory when two begin to type', 'MB', null],
	['heap.lastMB', 'The same when they end', 'MB', null],
	['heap.minutes', 'They type for', 'minutes', null],
	['heap.slopeKB', 'What it grows', 'KB a minute', null],
];

const ABOUT = `## The page

A dialogue of 200 turns and 100,000 characters in the installed Chromium, by the browser's own trace; first one person types into a response, then two, 8 keys a second each, the second as from a machine of their own. Medians of the runs, each in a browser of its own with nothing cached.
`;

/** Empty while the page was not measured. */
export function pageTable(): string {
	const rows = rowsOf('page');
	if (rows.length === 0) return '';
	const watched = rows.filter((row) => at(row, 'heap.minutes') > 0);
	const lines = FIGURES.map(([path, title, unit, most]) => {
		const of = path.startsWith('heap.') ? watched : rows;
		const values = of.map((row) => at(row, path)).filter(Number.isFinite);
		return [
			title,
			unit,
			most === null ? '' : `≤ ${digits(most)}`,
			digits(median(values)),
			String(values.length),
		];
	});
	const head = ['', 'unit', 'asked', 'found', 'runs'];
	const table = [head, head.map(() => '---'), ...lines].map((line) => `| ${line.join(' | ')} |`);
	const chunks = (rows.at(-1)?.['workspace'] as { scripts: { file: string; kb: number }[] }).scripts;
	const largest = chunks.map(({ file, kb }) => `${file} ${digits(kb)}`).join(', ');
	return `\n${ABOUT}\n${table.join('\n')}\n\nThe largest scripts of the workspace, in KB: ${largest}.\n`;
}
