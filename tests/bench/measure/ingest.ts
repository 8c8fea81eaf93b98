import { feed } from '../load/feed.ts';
import type { Options } from '../options.ts';
import { record } from '../results.ts';
import { long } from './documents.ts';
import { visitAll } from './visit.ts';

/** How fast a server takes single keystrokes from one client, until somebody else has them all. */
export function ingest(options: Options): Promise<boolean> {
	const { empty, keystrokes, typed } = long();
	return visitAll(options, 3, async (contender, run) => {
		await contender.start({ dialogues: 1, document: empty });
		const { ms } = await feed(contender, 0, keystrokes, typed);
		record('ingest', {
			server: contender.name,
			run,
			updates: keystrokes.length,
			ms: Math.round(ms),
			updatesPerSecond: Math.round((keystrokes.length / ms) * 1000),
		});
	});
}
