import { setTimeout as pause } from 'node:timers/promises';
import { feed } from '../load/feed.ts';
import { fetchDocument } from '../load/fetch-document.ts';
import type { Options } from '../options.ts';
import { median, record } from '../results.ts';
import { long } from './documents.ts';
import { visitAll } from './visit.ts';

const WARM_OPENINGS = 10;
/** What a server puts off is stored by then. */
const STORED_AFTER = 4_000;
const PATIENCE = 30_000;

const tenth = (ms: number): number => Math.round(ms * 10) / 10;

/** How long somebody waits for a very long dialogue: with the server just started, and with others in it. */
export function open(options: Options): Promise<boolean> {
	const { empty, keystrokes, typed, state } = long();
	return visitAll(options, 3, async (contender, run) => {
		if (contender.kind.dialect === 'none') return; // it holds no documents
		await contender.start({ dialogues: 1, document: empty });
		const openings = async (count: number, before: () => Promise<void>): Promise<number[]> => {
			const times: number[] = [];
			for (let nth = 0; nth < count; nth++) {
				await before();
				const { ms } = await fetchDocument(contender, 0, typed, PATIENCE);
				if (ms === null) throw new Error('the dialogue did not come whole');
				times.push(tenth(ms));
			}
			return times;
		};

		const { writer } = await feed(contender, 0, keystrokes, typed);
		const warm = await openings(WARM_OPENINGS, () => pause(50));
		await pause(STORED_AFTER);
		writer.cutOff();
		await pause(STORED_AFTER);
		const cold = await openings(contender.kind.persists ? options.number('rounds', 5) : 0, async () => {
			await contender.restart('SIGTERM');
			await pause(1500);
		});
		record('open', {
			server: contender.name,
			run,
			bytes: state.length,
			coldMs: cold.length > 0 ? median(cold) : null,
			warmMs: median(warm),
			cold,
			warm,
		});
	});
}
