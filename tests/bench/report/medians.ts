import { median, rowsOf } from '../results.ts';
import { COMPARED_NAMES } from '../servers/all.ts';
import { METRICS, type Metric } from './metrics.ts';

export interface Figure {
	value: number;
	runs: number;
}

/** One metric, by server; servers without a figure are left out. */
export interface Line {
	metric: Metric;
	figures: ReadonlyMap<string, Figure>;
}

export function readLines(): Line[] {
	return METRICS.map((metric) => {
		const rows = rowsOf(metric.what);
		const figures = new Map<string, Figure>();
		for (const server of COMPARED_NAMES) {
			const values = rows.filter((row) => row.server === server).map((row) => metric.of(row));
			const told = values.filter(Number.isFinite);
			if (told.length > 0) figures.set(server, { value: median(told), runs: told.length });
		}
		return { metric, figures };
	}).filter(({ figures }) => figures.size > 0);
}

/** Three digits, or the whole number. */
export function digits(value: number): string {
	const whole = Math.abs(value) >= 100;
	return value.toLocaleString('en', whole ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 });
}
