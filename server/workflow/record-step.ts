import { Refused } from '#lib/wire/api-error.ts';
import type { Advance } from '../store/dialogues.ts';
import type { Queries } from '../store/database.ts';
import type { Context } from './context.ts';

/**
 * The row's half of a step, in the transaction of the document's half.
 * @throws Refused `conflict` where another node was first: nothing of the step is stored then.
 */
export async function recordStep(
	{ dialogues }: Context,
	tx: Queries,
	id: number,
	{ turns, ...step }: Advance & { turns?: number },
): Promise<void> {
	if (!(await dialogues.advance(tx, id, step)))
		throw new Refused('conflict', 'Somebody else was faster: look again, then decide');
	if (turns !== undefined) await dialogues.touch(tx, id, { turns });
}
