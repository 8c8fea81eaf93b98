import type { CDPSession, Page } from '@playwright/test';

/** One event of the browser's trace; times in microseconds. */
interface Traced {
	name: string;
	ts: number;
	dur?: number;
	/** Of `dur`, what the thread really ran: the machine may have others to run. */
	tdur?: number;
	pid: number;
	tid: number;
	/** `duration`: of Event Timing, in milliseconds, from the event to the picture that shows what came of it. */
	args?: { data?: { type?: string; duration?: number } };
}

const EVENTS = ['devtools.timeline', 'blink.user_timing'];
/** What each thread runs, which costs the page itself several milliseconds a key. */
const TASKS = 'disabled-by-default-devtools.timeline';
/** Tells the page’s own thread among those of all pages. */
const MARK = 'keystrokes';

/** What keystrokes cost, in milliseconds. */
export interface Keystrokes {
	keys: number;
	/** What the page's thread ran from the key until its picture was handed over. */
	workP50: number;
	workP95: number;
	/** From the key to the picture, the wait for the display's beat included. */
	paintP50: number;
	paintP95: number;
}

const at = (part: number, values: readonly number[]): number => {
	const sorted = [...values].sort((a, b) => a - b);
	return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? NaN) * 10) / 10;
};

/** What the marked thread told, in order. */
function ofThePage(events: readonly Traced[]): Traced[] {
	const page = events.find(({ name }) => name === MARK);
	return events.filter(({ pid, tid }) => pid === page?.pid && tid === page.tid).sort((a, b) => a.ts - b.ts);
}

/** What the page's thread ran, between each key and the end of the next commit. */
function workOf(own: readonly Traced[]): number[] {
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

/** From each key to its picture. */
const waitsOf = (own: readonly Traced[]): number[] =>
	own.flatMap(({ name, args }) =>
		name === 'EventTiming' && args?.data?.type === 'keydown' ? (args.data.duration ?? []) : [],
	);

async function traced(
	page: Page,
	cdp: CDPSession,
	includedCategories: string[],
	type: () => Promise<unknown>,
): Promise<Traced[]> {
	const events: Traced[] = [];
	const collect = ({ value }: { value: unknown[] }): void => void events.push(...(value as Traced[]));
	cdp.on('Tracing.dataCollected', collect);
	await cdp.send('Tracing.start', {
		transferMode: 'ReportEvents',
		traceConfig: { includedCategories, excludedCategories: ['*'] },
	});
	await page.evaluate((name) => void performance.mark(name), MARK);
	await type();
	const complete = new Promise((done) => cdp.once('Tracing.tracingComplete', done));
	await cdp.send('Tracing.end');
	await complete;
	cdp.off('Tracing.dataCollected', collect);
	return ofThePage(events);
}

/** Traces what `type` does in the page, twice: what the thread runs cannot be traced without making a key slower. */
export async function traceKeystrokes(
	page: Page,
	cdp: CDPSession,
	type: () => Promise<unknown>,
): Promise<Keystrokes> {
	const waits = waitsOf(await traced(page, cdp, EVENTS, type));
	const work = workOf(await traced(page, cdp, [...EVENTS, TASKS], type));
	return {
		keys: waits.length,
		workP50: at(0.5, work),
		workP95: at(0.95, work),
		paintP50: at(0.5, waits),
		paintP95: at(0.95, waits),
	};
}
