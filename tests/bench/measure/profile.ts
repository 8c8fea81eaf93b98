import { copyFileSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Load } from '../load/load.ts';
import { measure } from '../load/window.ts';
import type { Options } from '../options.ts';
import { microseconds, profileText, summarize, type Profile } from '../report/profile-summary.ts';
import { record, RESULTS } from '../results.ts';
import { ordinary } from './documents.ts';
import { visitAll } from './visit.ts';

/** Where the server's time goes at a load. The whole profile stays beside the results. */
export function profile(options: Options): Promise<boolean> {
	const dialogues = options.number('dialogues', 30);
	return visitAll(options, 1, async (contender) => {
		const folder = mkdtempSync(join(tmpdir(), 'duologue-profile-'));
		await contender.start({ dialogues, document: ordinary.state }, [
			'--cpu-prof',
			`--cpu-prof-dir=${folder}`,
		]);
		const load = new Load(contender, ordinary.anchors);
		try {
			await load.grow(dialogues);
			const from = microseconds();
			const window = await measure(load, contender, { seconds: options.number('seconds', 10) });
			const to = microseconds();
			load.end();
			await pause(500);
			await contender.stop();
			const [file] = globSync(`${folder}/*.cpuprofile`);
			if (file === undefined) throw new Error('the server wrote no profile');
			const read = JSON.parse(readFileSync(file, 'utf8')) as Profile;
			copyFileSync(file, join(RESULTS, `${contender.name}.cpuprofile`));
			const summary = summarize(read, [from, to]);
			record('profile', { server: contender.name, ...window, summary });
			console.log(profileText(summary));
		} finally {
			load.end();
			rmSync(folder, { recursive: true, force: true });
		}
	});
}
