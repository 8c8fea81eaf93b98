import { Load } from '../load/load.ts';
import { measure, type Window } from '../load/window.ts';
import { quiet } from '../machine/usage.ts';
import type { Options } from '../options.ts';
import { record } from '../results.ts';
import type { Contender } from '../servers/contender.ts';
import { ordinary } from './documents.ts';
import { Search } from './search.ts';
import { visitAll } from './visit.ts';

const LIMIT_MS = 100;
/** Percent of a core. */
const GENERATOR_IS_FULL = 92;
/** So late in the middle, a server does not come back while the load goes on. */
const OVERLOADED_MS = 1000;

const inTime = ({ update, late }: Window): boolean => update.p99 < LIMIT_MS && late === 0;

/** The generator's own 99th percentile, past which a window that fails tells of the generator's core. */
const GENERATOR_IS_LATE_MS = 20;
const MOST_TRIES = 4;

/**
 * On a shared machine one stall of its disk or its cores fails a window of seconds: so a number fails twice, or not;
 * and not by a window in which the generator was late itself, as long as others can be had.
 */
const isDoubtful = (window: Window, tries: number): boolean =>
	!inTime(window) &&
	window.update.p50 <= OVERLOADED_MS &&
	(tries < 2 || (window.lagP99 > GENERATOR_IS_LATE_MS && tries < MOST_TRIES));

interface Attempt extends Window {
	pass: boolean;
	errors: string[];
}

async function attempt(
	load: Load,
	contender: Contender,
	n: number,
	seconds: number,
): Promise<Attempt | null> {
	if (load.dialogues.length > n && !(await load.shrink(n))) return null;
	const droppedBefore = load.tally.dropped;
	const errors = await load.grow(n);
	const times = { seconds, settleMs: 1200 };
	let window = await measure(load, contender, times);
	for (let tries = 1; isDoubtful(window, tries); tries++) {
		await quiet(contender.pids, { limit: 30, patience: 4000 });
		window = await measure(load, contender, times);
	}
	const sound = window.counts.gaps === 0 && load.tally.dropped === droppedBefore && errors.length === 0;
	return { ...window, pass: inTime(window) && sound, errors: errors.slice(0, 1) };
}

/** The most live dialogues with p99 propagation under 100 ms, nothing lost, nothing late, nobody dropped. */
export function capacity(options: Options, near?: number): Promise<boolean> {
	const most = options.number('max', 800);
	/** By server: what the run before found. */
	const found = new Map<string, number>();
	return visitAll(options, 3, async (contender, run) => {
		const { name, kind } = contender;
		await contender.start({ dialogues: most, document: ordinary.state });
		const load = new Load(contender, ordinary.anchors);
		const deadline = performance.now() + options.number('budget', 90) * 1000;
		const start = options.number('start', 0.85 * (found.get(name) ?? kind.guess));
		const search = new Search(start, most, near);
		let best: Attempt | null = null;
		let worse: Attempt | null = null;
		try {
			for (let n = search.next; n !== null && performance.now() < deadline; n = search.next) {
				const tried = await attempt(load, contender, n, options.number('seconds', kind.window));
				if (options.verbose) console.error(`${name} ${n}: ${JSON.stringify(tried)}`);
				if (tried === null) break; // it does not come back from overload
				search.tried(n, tried.pass);
				if (tried.pass && n === search.passed) best = tried;
				if (!tried.pass && n === search.failed) worse = tried;
			}
			const settled = search.passed > 0 && (await load.shrink(search.passed));
			const lost = settled ? await load.drain() : null;
			found.set(name, Math.max(1, search.passed));
			record(options.what, {
				server: name,
				run,
				capacity: search.passed,
				failed: search.failed === Infinity ? null : search.failed,
				/** Then the number says what the generator can, not the server. */
				generatorBound: (worse?.generatorCpu ?? best?.generatorCpu ?? 0) > GENERATOR_IS_FULL,
				lost,
				best,
				worse,
			});
			return lost === 0;
		} finally {
			load.end();
		}
	});
}
