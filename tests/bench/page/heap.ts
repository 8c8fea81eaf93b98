import type { CDPSession } from '@playwright/test';

export interface HeapSample {
	minute: number;
	mb: number;
}

/** What JavaScript holds, once its garbage is collected. */
export async function heapMB(cdp: CDPSession): Promise<number> {
	await cdp.send('HeapProfiler.collectGarbage');
	await cdp.send('Performance.enable');
	const { metrics } = await cdp.send('Performance.getMetrics');
	const used = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? NaN;
	return Math.round((used / 2 ** 20) * 100) / 100;
}

/** Kilobytes a minute, by least squares. */
export function slopeOf(samples: readonly HeapSample[]): number {
	const mean = (of: (sample: HeapSample) => number) =>
		samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
	const [minute, mb] = [mean((one) => one.minute), mean((one) => one.mb)];
	const along = samples.reduce((sum, one) => sum + (one.minute - minute) * (one.mb - mb), 0);
	const across = samples.reduce((sum, one) => sum + (one.minute - minute) ** 2, 0);
	return Math.round(((1024 * along) / across) * 10) / 10;
}
