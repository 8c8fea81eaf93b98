import { cpus } from 'node:os';
import { COMPARED_NAMES } from '../servers/all.ts';
import { digits, type Figure, type Line } from './medians.ts';

const ABOUT = `# How much it carries

![The same as a plot](report.svg)

Medians. In brackets: the product's figure divided by that peer's; the arrow says which way is better. Written by \`npm run bench -- report\` from what the other measurements found.

*A live dialogue*: two people type inside earlier turns, 5 characters a second each, and show their cursors 10 times a second; one watches; a bot streams 30 tokens of 4 characters a second into the last turn. Its document has 20 turns and 8,000 characters. *Capacity*: the most live dialogues whose updates reach everybody within 100 ms (p99), with nothing lost, nothing late and nobody dropped. Server and database share one core; the load comes from another.

The product stores every update on a real PostgreSQL with fsync on before anybody is sent it, asks everybody at the door for a session, and judges every update. Relay, y-websocket and hocuspocus keep documents in memory and ask for nothing; hocuspocus-postgres stores some seconds later.
`;

/** Only of what is more than nothing can a ratio be told. */
function cell(own: Figure | undefined, figure: Figure | undefined): string {
	if (!figure) return '–';
	const ratio = own && figure !== own && figure.value > 0 ? ` (×${digits(own.value / figure.value)})` : '';
	return `${digits(figure.value)}${ratio}`;
}

function runsOf({ figures }: Line): string {
	const runs = [...new Set([...figures.values()].map((figure) => figure.runs))].sort((a, b) => a - b);
	return runs.length === 1 ? String(runs[0]) : `${runs[0]}–${runs.at(-1)}`;
}

export function tableOf(lines: readonly Line[]): string {
	const servers = COMPARED_NAMES;
	const head = ['', 'unit', ...servers, 'runs'];
	const rows = lines.map((line) => {
		const { metric, figures } = line;
		const own = figures.get('product');
		return [
			`${metric.title} ${metric.better === 'more' ? '↑' : '↓'}`,
			metric.unit,
			...servers.map((server) => cell(own, figures.get(server))),
			runsOf(line),
		];
	});
	const table = [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
	const [core] = cpus();
	const machine = `Node ${process.versions.node} on ${cpus().length} × ${core?.model.trim() ?? 'an unknown core'}.`;
	return `${ABOUT}\n${machine}\n\n${table.join('\n')}\n`;
}
