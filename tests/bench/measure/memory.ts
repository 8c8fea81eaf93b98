import { setTimeout as pause } from 'node:timers/promises';
import { enterAll, typeOnce } from '../load/crowd.ts';
import type { Participant } from '../load/participant.ts';
import type { Options } from '../options.ts';
import { record } from '../results.ts';
import type { Contender } from '../servers/contender.ts';
import { ordinary } from './documents.ts';
import { visitAll } from './visit.ts';

/** What a server puts off is done by then. */
const SETTLED_AFTER = 4_000;

/** So that a server that stores reads its documents, as it would on an ordinary day. */
async function storeAll(contender: Contender, dialogues: number): Promise<void> {
	const bringers = await enterAll(contender, [0, dialogues], { bring: true });
	await pause(SETTLED_AFTER);
	for (const one of bringers) one.cutOff();
	await pause(SETTLED_AFTER);
	await contender.restart('SIGTERM');
	await pause(1000);
}

/**
 * What one more open dialogue takes, with one person in it: after somebody typed, and when nobody has for a while.
 * A fifth of the dialogues is there before the first look, so that what a server takes once is not shared out.
 */
export function memory(options: Options): Promise<boolean> {
	const dialogues = options.number('dialogues', 1000);
	const first = Math.ceil(dialogues / 5);
	const [anchor] = ordinary.anchors;
	const wait = options.number('wait', 60);
	return visitAll(options, 2, async (contender, run) => {
		const all = first + dialogues;
		await contender.start({ dialogues: all, document: ordinary.state });
		const stores = contender.kind.persists && contender.door.brings !== null;
		if (stores) await storeAll(contender, all);
		const crowd: Participant[] = [];
		const seat = async (from: number, to: number) => {
			const some = await enterAll(contender, [from, to], { bring: !stores });
			for (const one of some) {
				if (anchor) typeOnce(one, anchor);
				one.keepPresent();
			}
			crowd.push(...some);
			await pause(SETTLED_AFTER);
			return contender.memory();
		};
		const before = await seat(0, first);
		const live = await seat(first, all);
		await pause(wait * 1000);
		const idle = await contender.memory();
		const closed = crowd.filter((one) => one.closed).length;
		for (const one of crowd) one.cutOff();

		const kb = (mb: number, of: number): number => Math.round((mb * 10_240) / of) / 10;
		const both = (key: keyof typeof live) => {
			const liveKB = kb(live[key] - before[key], dialogues);
			return { liveKB, idleKB: Math.round((liveKB - kb(live[key] - idle[key], all)) * 10) / 10 };
		};
		record('memory', {
			server: contender.name,
			run,
			dialogues,
			waited: wait,
			/** What JavaScript holds. */
			used: both('usedMB'),
			/** What the process takes. */
			resident: both('residentMB'),
			closed,
		});
		return closed === 0;
	});
}
