import type { Rubric } from '#lib/document/rubric.ts';
import { Refused } from '#lib/wire/api-error.ts';
import type { Context } from './context.ts';

/**
 * By which people rate in a dialogue.
 * @throws Refused `not-found`
 */
export async function rubricOf(
	{ dialogues, projects }: Pick<Context, 'dialogues' | 'projects'>,
	id: number,
): Promise<Rubric> {
	const dialogue = await dialogues.get(id);
	const rubric = dialogue && (await projects.rubric(dialogue.project, dialogue.rubricVersion));
	if (!rubric) throw new Refused('not-found', 'The rubric of this dialogue is gone');
	return rubric;
}
