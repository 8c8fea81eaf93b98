import { digits, type Line } from './medians.ts';

const PANEL = { width: 440, gap: 40, head: 28, row: 20, foot: 22 };
const NAMES = 140;
const VALUES = 56;
const COLUMNS = 2;

/** Middle greys and a blue that stand on white and on black. */
const STYLE = `
	text { font: 12px system-ui, sans-serif; fill: #7d8590; }
	.title { font-weight: 600; }
	.value { font-variant-numeric: tabular-nums; }
	.product { fill: #3b82c4; }
	.peer { fill: #7d8590; fill-opacity: 0.55; }`;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function panel({ metric, figures }: Line, x: number, y: number): string {
	const longest = Math.max(...[...figures.values()].map(({ value }) => value), Number.MIN_VALUE);
	const full = PANEL.width - NAMES - VALUES;
	const bars = [...figures].map(([server, { value }], nth) => {
		const top = PANEL.head + nth * PANEL.row;
		const width = Math.max(1, (value / longest) * full).toFixed(1);
		const kind = server === 'product' ? 'product' : 'peer';
		return [
			`<text x="${NAMES - 8}" y="${top + 10}" text-anchor="end">${escaped(server)}</text>`,
			`<rect class="${kind}" x="${NAMES}" y="${top}" width="${width}" height="13" rx="2"/>`,
			`<text class="value" x="${NAMES + Number(width) + 6}" y="${top + 10}">${digits(value)}</text>`,
		].join('');
	});
	const better = metric.better === 'more' ? 'more is better' : 'less is better';
	const title = `<text class="title" y="12">${escaped(metric.title)}</text><text x="${PANEL.width}" y="12" text-anchor="end">${escaped(metric.unit)}, ${better}</text>`;
	return `<g transform="translate(${x} ${y})">${title}${bars.join('')}</g>`;
}

/** A panel a metric, in two columns; in each the bars begin at nothing. */
export function plotOf(lines: readonly Line[]): string {
	const drawn = lines.filter(({ metric }) => metric.onlyInTable !== true);
	const heights = drawn.map(({ figures }) => PANEL.head + figures.size * PANEL.row + PANEL.foot);
	let y = PANEL.foot;
	const panels: string[] = [];
	for (let at = 0; at < drawn.length; at += COLUMNS) {
		drawn.slice(at, at + COLUMNS).forEach((line, column) => {
			panels.push(panel(line, PANEL.gap / 2 + column * (PANEL.width + PANEL.gap), y));
		});
		y += Math.max(...heights.slice(at, at + COLUMNS));
	}
	const width = COLUMNS * (PANEL.width + PANEL.gap);
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" role="img" aria-label="The product and its peers, measured">\n<style>${STYLE}\n</style>\n${panels.join('\n')}\n</svg>\n`;
}
