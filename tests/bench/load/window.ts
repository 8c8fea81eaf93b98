import { setTimeout as pause } from 'node:timers/promises';
import { machineSeconds, ownSeconds } from '../machine/usage.ts';
import type { Contender } from '../servers/contender.ts';
import type { Quantiles } from './histogram.ts';
import type { Load } from './load.ts';
import type { Tally } from './tally.ts';

/** What was measured while a load went on. CPU is in percent of one core. */
export interface Window {
	dialogues: number;
	seconds: number;
	update: Quantiles;
	presence: Quantiles;
	/** Updates that somebody had not heard in time after it closed. */
	late: number;
	counts: Tally['counts'];
	serverCpu: number;
	databaseCpu: number;
	generatorCpu: number;
	/** How late the generator acted. */
	lagP99: number;
	/** Everybody else on the machine. */
	foreignCpu: number;
	residentMB: number;
}

export interface WindowTimes {
	seconds: number;
	/** Before it opens. */
	settleMs?: number;
	/** After it has closed. */
	graceMs?: number;
}

export async function measure(
	load: Load,
	contender: Contender,
	{ seconds, settleMs = 1500, graceMs = 800 }: WindowTimes,
): Promise<Window> {
	const { tally } = load;
	await pause(settleMs);
	const used = () => ({ ...contender.usage(), own: ownSeconds(), machine: machineSeconds() });
	const [before, countsBefore] = [used(), tally.counts];
	tally.open();
	await pause(seconds * 1000);
	const ms = tally.close();
	load.mark();
	const [after, countsAfter] = [used(), tally.counts];
	const percent = (of: keyof typeof before): number => ((after[of] - before[of]) * 100_000) / ms;
	const counts = Object.fromEntries(
		Object.entries(countsAfter).map(([key, value]) => [
			key,
			value - countsBefore[key as keyof typeof countsBefore],
		]),
	) as Tally['counts'];
	await pause(graceMs);
	const late = load.missing('marked');
	tally.forget();

	const [serverCpu, databaseCpu, generatorCpu] = [percent('server'), percent('database'), percent('own')];
	return {
		dialogues: load.dialogues.length,
		seconds: rounded(ms / 1000),
		update: tally.update.quantiles,
		presence: tally.presence.quantiles,
		late,
		counts,
		serverCpu: rounded(serverCpu),
		databaseCpu: rounded(databaseCpu),
		generatorCpu: rounded(generatorCpu),
		lagP99: tally.lag.quantiles.p99,
		foreignCpu: rounded(percent('machine') - serverCpu - databaseCpu - generatorCpu),
		residentMB: rounded(after.resident),
	};
}

const rounded = (value: number): number => Math.round(value * 10) / 10;
