import type { Row } from '../results.ts';

/** One figure of a measurement's rows. */
export interface Metric {
	what: string;
	title: string;
	unit: string;
	better: 'more' | 'less';
	/** NaN: this row does not say, or was taken at another load. */
	of(row: Row): number;
	/** Not drawn. */
	onlyInTable?: true;
}

/** What stands in a row under `path`, when it is a number. */
export function at(row: Row, path: string): number {
	let value: unknown = row;
	for (const key of path.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[key];
	return typeof value === 'number' ? value : NaN;
}

const figure = (
	what: string,
	path: string,
	title: string,
	unit: string,
	better: Metric['better'] = 'less',
): Metric => ({ what, title, unit, better, of: (row) => at(row, path) });

const inTable = (metric: Metric): Metric => ({ ...metric, onlyInTable: true });
/** Only of rows in which `path` has this value. */
const where = (path: string, value: number, metric: Metric): Metric => ({
	...metric,
	of: (row) => (at(row, path) === value ? metric.of(row) : NaN),
});

const cpuOfOne: Metric = {
	what: 'latency',
	title: 'CPU of a live dialogue',
	unit: '% of a core',
	better: 'less',
	of: (row) => (at(row, 'serverCpu') + at(row, 'databaseCpu')) / at(row, 'dialogues'),
};

/** A server that never says so cannot break it. */
const brokenAcks: Metric = {
	what: 'kill',
	title: 'kill -9 while typing: lost though acked',
	unit: 'characters',
	better: 'less',
	of: (row) => (at(row, 'typing.acked') > 0 ? at(row, 'typing.broken') : NaN),
};

export const METRICS: readonly Metric[] = [
	figure('capacity', 'capacity', 'Capacity', 'live dialogues', 'more'),
	inTable(figure('capacity', 'best.update.p99', 'Propagation at capacity, p99', 'ms')),
	inTable(figure('capacity', 'lost', 'Lost at capacity', 'updates')),
	inTable(figure('capacity', 'best.generatorCpu', 'The generator at capacity', '% of its core')),
	where('dialogues', 30, figure('latency', 'update.p50', 'Propagation at 30 dialogues, p50', 'ms')),
	where('dialogues', 30, figure('latency', 'update.p99', 'Propagation at 30 dialogues, p99', 'ms')),
	where('dialogues', 30, cpuOfOne),
	figure('memory', 'used.liveKB', 'An open dialogue after typing', 'KB'),
	figure('memory', 'used.idleKB', 'An open dialogue, idle', 'KB'),
	inTable(figure('memory', 'resident.liveKB', 'The same in resident memory, after typing', 'KB')),
	inTable(figure('memory', 'resident.idleKB', 'The same in resident memory, idle', 'KB')),
	figure('open', 'coldMs', 'Opening 50,000 characters, restarted', 'ms'),
	figure('open', 'warmMs', 'Opening 50,000 characters, in memory', 'ms'),
	figure('ingest', 'updatesPerSecond', 'Keystrokes from one client', 'a second', 'more'),
	where('clients', 1200, figure('storm', 'allMs', '1,200 clients back after a restart', 'ms')),
	inTable(figure('kill', 'rested.typed', 'kill -9 a second after typing: typed', 'characters', 'more')),
	figure('kill', 'rested.lost', 'kill -9 a second after typing: lost', 'characters'),
	inTable(brokenAcks),
];
