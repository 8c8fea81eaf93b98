import type { Rubric } from '#lib/document/rubric.ts';
import { Refused } from '#lib/wire/api-error.ts';
import type { Context } from './context.ts';

/**
 * By which people rate in a dialogue.
 * @throws Refused `not-found`
 */
export async function rubricOf(
	{ rubricVersionOf, projects }: Pick<Context, 'rubricVersionOf' | 'projects'>,
	id: number,
): Promise<Rubric> {
	const found = await rubricVersionOf(id);
	const rubric = found && (await projects.rubric(found.project, found.version));
	if (!rubric) throw new Refused('not-found', 'The rubric of this dialogue is gone');
	return rubric;
}
