/**
 * How much the server carries, and how that compares: `npm run bench -- <what> [--options]`. Needs Linux, two
 * cores, and PostgreSQL's programs. TMPDIR says where the database lies: let that be a disk.
 */
import { stayOnGeneratorCore } from './machine/cores.ts';
import { capacity } from './measure/capacity.ts';
import { check } from './measure/check.ts';
import { gate } from './measure/gate.ts';
import { gated } from './measure/gated.ts';
import { ingest } from './measure/ingest.ts';
import { kill } from './measure/kill.ts';
import { memory } from './measure/memory.ts';
import { open } from './measure/open.ts';
import { page } from './measure/page.ts';
import { storm } from './measure/storm.ts';
import { latency } from './measure/latency.ts';
import { profile } from './measure/profile.ts';
import type { Measurement } from './measure/visit.ts';
import { writeReport } from './report/write-report.ts';
import { optionsHelp, readOptions, type Options } from './options.ts';

const MEASUREMENTS: Readonly<Record<string, Measurement>> = {
	check,
	capacity,
	latency,
	memory,
	open,
	ingest,
	storm,
	kill,
	profile,
	gate,
	gated,
	page,
};

function options(): Options {
	try {
		return readOptions(process.argv.slice(2));
	} catch (error) {
		console.error(error instanceof Error ? error.message : error);
		process.exit(2);
	}
}

const asked = options();
if (asked.what === 'report') {
	writeReport();
	process.exit(0);
}
const measurement = MEASUREMENTS[asked.what];
if (!measurement) {
	console.error(
		`npm run bench -- ${Object.keys(MEASUREMENTS).join(' | ')} | report [--options]\n\n${optionsHelp()}`,
	);
	process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
stayOnGeneratorCore();
process.exit((await measurement(asked)) ? 0 : 1);
