import type { Page } from '@playwright/test';

/** What the browser tells of one page, in milliseconds since the navigation began. */
export interface Vitals {
	/** The largest thing has been drawn. */
	lcp: number;
	/** How much has moved by itself. */
	cls: number;
	/** The dialogue is live and can be typed in; null before, and on other pages. */
	usable: number | null;
}

declare global {
	interface Window {
		vitals: Vitals;
	}
}

/** Runs in the page, before anything of its own. */
export function watchVitals(): void {
	const vitals: Vitals = (window.vitals = { lcp: 0, cls: 0, usable: null });
	const watch = (type: string, tell: (entry: PerformanceEntry) => void): void =>
		new PerformanceObserver((list) => list.getEntries().forEach(tell)).observe({ type, buffered: true });
	watch('largest-contentful-paint', ({ startTime }) => (vitals.lcp = startTime));
	watch('layout-shift', (entry) => {
		const { value, hadRecentInput } = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
		if (!hadRecentInput) vitals.cls += value;
	});
	const look = (): void => {
		const live =
			document.querySelector('[data-saved="saved"]') && document.querySelector('.composer .cm-content');
		if (live) vitals.usable = performance.now();
		else requestAnimationFrame(look);
	};
	requestAnimationFrame(look);
}

export const vitalsOf = (page: Page): Promise<Vitals> => page.evaluate(() => window.vitals);

export interface Script {
	file: string;
	/** As it came over the wire. */
	kb: number;
}

/** The scripts that a page has fetched so far, the largest first. */
export async function scriptsOf(page: Page): Promise<Script[]> {
	const sizes = await page.evaluate(() =>
		(performance.getEntriesByType('resource') as PerformanceResourceTiming[])
			.filter(({ name }) => new URL(name).pathname.endsWith('.js'))
			.map(({ name, encodedBodySize }) => [new URL(name).pathname, encodedBodySize] as const),
	);
	const once = [...new Map(sizes)].filter(([, bytes]) => bytes > 0);
	return once
		.map(([path, bytes]) => ({
			file: path.split('/').slice(-2).join('/'),
			kb: Math.round(bytes / 102.4) / 10,
		}))
		.sort((a, b) => b.kb - a.kb);
}
