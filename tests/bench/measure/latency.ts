import { Load } from '../load/load.ts';
import { measure } from '../load/window.ts';
import type { Options } from '../options.ts';
import { record } from '../results.ts';
import { ordinary } from './documents.ts';
import { visitAll } from './visit.ts';

/** How long an update takes to everybody else, and what that costs, at a load that every server carries. */
export function latency(options: Options): Promise<boolean> {
	const dialogues = options.number('dialogues', 30);
	return visitAll(options, 3, async (contender, run) => {
		await contender.start({ dialogues, document: ordinary.state });
		const load = new Load(contender, ordinary.anchors);
		try {
			const errors = await load.grow(dialogues);
			const window = await measure(load, contender, {
				seconds: options.number('seconds', 12),
				settleMs: 2000,
			});
			record('latency', { server: contender.name, run, ...window, lost: await load.drain(), errors });
		} finally {
			load.end();
		}
	});
}
