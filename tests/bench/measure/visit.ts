import { quiet } from '../machine/usage.ts';
import type { Options } from '../options.ts';
import { record } from '../results.ts';
import { SERVERS } from '../servers/all.ts';
import { Contender } from '../servers/contender.ts';

/** Takes what was asked for, and says whether all went well. */
export type Measurement = (options: Options) => Promise<boolean>;

/**
 * Visits the servers in turn, odd runs backwards, each when the machine is quiet. A visit that fails is recorded
 * and does not end the others. @returns whether none failed.
 */
export async function visitAll(
	{ what, servers, number }: Options,
	usualRuns: number,
	visit: (contender: Contender, run: number) => Promise<boolean | void>,
): Promise<boolean> {
	let well = true;
	for (let run = 0; run < number('runs', usualRuns); run++) {
		for (const name of run % 2 === 0 ? servers : servers.toReversed()) {
			const kind = SERVERS.get(name);
			if (!kind) throw new Error(`no such server: ${name}`);
			const contender = new Contender(name, kind);
			await quiet([], { patience: number('quiet', 20) * 1000 });
			try {
				well = (await visit(contender, run)) !== false && well;
			} catch (error) {
				record('errors', {
					server: name,
					what,
					run,
					error: error instanceof Error ? error.stack : String(error),
				});
				well = false;
			} finally {
				await contender.stop();
			}
		}
	}
	return well;
}
