import { setFlagsFromString } from 'node:v8';

/**
 * V8 begins to mark the old generation a whole young generation before its limit. With much short-lived garbage, as
 * here, the young one is large, and marking begins again soon after it has ended, every two seconds: on one core it
 * takes half of it each time, and people wait. So it begins when most of the way to the limit is used.
 */
export function markLate(): void {
	setFlagsFromString('--incremental-marking-soft-trigger=70');
	setFlagsFromString('--incremental-marking-hard-trigger=90');
}
