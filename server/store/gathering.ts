import DataLoader from 'dataloader';

/** A question that takes longer holds up no others: its connection may have died. */
const LONG_MS = 250;

/**
 * Looks things up by key, nothing kept. What is asked for in one turn of the loop, and while an earlier query is under
 * way, is asked with one: so a thousand people who come back at once cost a few queries and not a thousand.
 * `find` answers in any order; missing is null.
 */
export function gathered<K, V>(
	find: (keys: readonly K[]) => Promise<Map<string, V>>,
	textOf: (key: K) => string,
): (key: K) => Promise<V | null> {
	let underWay: Promise<unknown> = Promise.resolve();
	const loader = new DataLoader<K, V | null>(
		async (keys) => {
			const finding = find(keys);
			underWay = settledOrLong(finding);
			const found = await finding;
			return keys.map((key) => found.get(textOf(key)) ?? null);
		},
		{ cache: false, batchScheduleFn: (ask) => void underWay.then(() => setImmediate(ask)) },
	);
	return (key) => loader.load(key);
}

function settledOrLong(finding: Promise<unknown>): Promise<void> {
	return new Promise((resolve) => {
		const patience = setTimeout(resolve, LONG_MS);
		const done = (): void => {
			clearTimeout(patience);
			resolve();
		};
		finding.then(done, done);
	});
}
