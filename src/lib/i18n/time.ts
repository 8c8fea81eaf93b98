import type { Locale } from './words.ts';

const UNITS = [
	['year', 31_536_000],
	['month', 2_592_000],
	['day', 86_400],
	['hour', 3_600],
	['minute', 60],
] as const;

/** How long before (or after) `now` something is, in the largest unit that fits; under a minute it is now. */
export function ago(locale: Locale, at: number, now: number): string {
	const seconds = Math.round((at - now) / 1000);
	const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
	for (const [unit, size] of UNITS) {
		if (Math.abs(seconds) < size) continue;
		// What is to come is rounded: a link made just now for seven days ends in seven, not in six.
		return relative.format(seconds > 0 ? Math.round(seconds / size) : Math.trunc(seconds / size), unit);
	}
	return relative.format(0, 'second');
}
