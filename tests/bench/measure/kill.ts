import { setTimeout as pause } from 'node:timers/promises';
import { clocksOf, fetchDocument } from '../load/fetch-document.ts';
import type { LiveDialogue, Workload } from '../load/live-dialogue.ts';
import { Load } from '../load/load.ts';
import type { Options } from '../options.ts';
import { record } from '../results.ts';
import type { Contender } from '../servers/contender.ts';
import { ordinary } from './documents.ts';
import { visitAll } from './visit.ts';

const TYPING: Workload = { keys: 5, presences: 0, tokens: 0 };
const READ_WITHIN = 1500;

/** In characters. */
interface Outcome {
	typed: number;
	lost: number;
	acked: number;
	/** Lost although the server had said that they were on disk. */
	broken: number;
}

const none = (): Outcome => ({ typed: 0, lost: 0, acked: 0, broken: 0 });

/** What the restarted server has of what was typed until the mark. */
async function addOutcome(
	sum: Outcome,
	contender: Contender,
	{ number, typists }: LiveDialogue,
): Promise<void> {
	const wanted = new Map(typists.map(({ client, mark }) => [client, mark]));
	const { update } = await fetchDocument(contender, number, wanted, READ_WITHIN);
	const kept = update === null ? new Map<number, number>() : clocksOf(update);
	for (const { client, mark, acked } of typists) {
		const has = kept.get(client) ?? 0;
		sum.typed += mark;
		sum.lost += Math.max(0, mark - has);
		sum.acked += acked;
		sum.broken += Math.max(0, acked - has);
	}
}

/** kill -9 while half of the dialogues are being typed in, and a second after the others were. */
export function kill(options: Options): Promise<boolean> {
	const half = options.number('dialogues', 4);
	const rounds = options.number('rounds', 5);
	return visitAll(options, 1, async (contender, run) => {
		if (contender.kind.dialect === 'none') return; // it holds no documents
		await contender.start({ dialogues: rounds * 2 * half, document: ordinary.state });
		const [rested, typing] = [none(), none()];
		let undelivered = 0;
		for (let round = 0; round < rounds; round++) {
			const load = new Load(contender, ordinary.anchors, TYPING, round * 2 * half);
			try {
				const errors = await load.grow(2 * half);
				if (errors.length > 0) throw new Error(errors[0]);
				await pause(options.number('seconds', 5) * 1000);
				const resting = load.dialogues.slice(0, half);
				for (const dialogue of resting) dialogue.rest();
				await pause(1000);
				undelivered += resting.reduce((sum, dialogue) => sum + dialogue.missing('all'), 0);
				load.mark();
				await contender.restart('SIGKILL');
				// Not before: what was acked until the very end counts.
				for (const dialogue of resting) await addOutcome(rested, contender, dialogue);
				for (const dialogue of load.dialogues.slice(half)) await addOutcome(typing, contender, dialogue);
			} finally {
				load.end();
			}
		}
		record('kill', { server: contender.name, run, rounds, rested, typing, undelivered });
		return rested.broken + typing.broken === 0;
	});
}
