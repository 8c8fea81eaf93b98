import type { CDPSession, Page } from '@playwright/test';
import { median } from '../results.ts';

/** One event of the browser's trace; times in microseconds. */
interface Traced {
	name: string;
	ts: number;
	dur?: number;
	/** Of `dur`, what the thread really ran: the machine may have others to run. */
	tdur?: number;
	pid: number;
	tid: number;
	args?: { data?: { type?: string } };
}

const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'blink.user_timing'];
/** Tells the page’s own thread among those of all pages. */
const MARK = 'keystrokes';

/** What keystrokes cost, in milliseconds. */
export interface Keystrokes {
	keys: number;
	/** What the page's thread ran from the key until its picture was handed over. */
	workP50: number;
	workP95: number;
	/** From the key to the picture, as the browser's Event Timing has it: in steps of 8, the wait for the display's beat included. */
	paintP50: number;
	paintP95: number;
}

const at = (part: number, values: readonly number[]): number => {
	const sorted = [...values].sort((a, b) => a - b);
	return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? NaN) * 10) / 10;
};

/** What the marked thread ran, between each key and the end of the next commit. */
function workOf(events: readonly Traced[]): number[] {
	const page = events.find(({ name }) => name === MARK);
	const own = events.filter(({ pid, tid }) => pid === page?.pid && tid === page.tid);
	const keys = own.filter(({ name, args }) => name === 'EventDispatch' && args?.data?.type === 'keydown');
	const tasks = own.filter(({ name }) => name === 'RunTask');
	const commits = own.filter(({ name }) => name === 'Commit');
	return keys.flatMap(({ ts: pressed }) => {
		const commit = commits.find(({ ts }) => ts > pressed);
		if (commit === undefined) return [];
		const painted = commit.ts + (commit.dur ?? 0);
		const ran = tasks.map(({ ts, dur = 0, tdur = dur }) => {
			const within = Math.min(ts + dur, painted) - Math.max(ts, pressed);
			return within > 0 ? (within / dur) * tdur : 0;
		});
		return [ran.reduce((sum, length) => sum + length, 0) / 1000];
	});
}

/** Traces what `type` does in the page. */
export async function traceKeystrokes(
	page: Page,
	cdp: CDPSession,
	type: () => Promise<number>,
): Promise<Keystrokes> {
	const events: Traced[] = [];
	cdp.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as Traced[])));
	await page.evaluate(() => {
		const durations: number[] = [];
		Object.assign(window, { durations });
		new PerformanceObserver((list) => {
			for (const { name, duration } of list.getEntries()) if (name === 'keydown') durations.push(duration);
		}).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
	});
	await cdp.send('Tracing.start', {
		transferMode: 'ReportEvents',
		traceConfig: { includedCategories: CATEGORIES, excludedCategories: ['*'] },
	});
	await page.evaluate((name) => void performance.mark(name), MARK);
	const keys = await type();
	const complete = new Promise((done) => cdp.once('Tracing.tracingComplete', done));
	await cdp.send('Tracing.end');
	await complete;
	// Those that took less than 16 ms are not told of.
	const told = await page.evaluate(() => (window as unknown as { durations: number[] }).durations);
	const durations = [...told, ...Array.from({ length: Math.max(0, keys - told.length) }, () => 8)];
	const work = workOf(events.sort((a, b) => a.ts - b.ts));
	return {
		keys: work.length,
		workP50: at(0.5, work),
		workP95: at(0.95, work),
		paintP50: median(durations),
		paintP95: at(0.95, durations),
	};
}
