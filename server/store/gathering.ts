import DataLoader from 'dataloader';

/**
 * Looks things up by key: all that is asked for in one turn of the loop with one query, nothing kept. So a thousand
 * people who come back at once cost a few queries and not a thousand. `found` answers in any order; missing is null.
 */
export function gathered<K, V>(
	find: (keys: readonly K[]) => Promise<Map<string, V>>,
	textOf: (key: K) => string,
): (key: K) => Promise<V | null> {
	const loader = new DataLoader<K, V | null>(
		async (keys) => {
			const found = await find(keys);
			return keys.map((key) => found.get(textOf(key)) ?? null);
		},
		{ cache: false, batchScheduleFn: setImmediate },
	);
	return (key) => loader.load(key);
}
