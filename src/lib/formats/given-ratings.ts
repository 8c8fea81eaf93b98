import type { DialogueView } from '../document/dialogue-view.ts';
import type { TurnRatings } from '../document/ratings.ts';
import { criteriaOf, fits, type Level, type Rating, type Rubric } from '../document/rubric.ts';
import type { Part } from '../document/workflow.ts';

/** What one person gave to a response, or to the dialogue as a whole. */
export interface GivenRatings {
	by: { id: number; name: string; part: Part };
	/** By criterion: of a scale a number, of a flag true or false, of a choice the option's key. */
	values: Record<string, Rating['value']>;
	/** By criterion, where there is one. */
	reasons: Record<string, string>;
}

/** Of an exported row: by which rubric people rated, and what they gave to the dialogue as a whole. */
export interface RatedBy {
	rubric: { name: string; version: number };
	/** Of the dialogue as a whole. */
	dialogueRatings: GivenRatings[];
}

export const ratedBy = (view: DialogueView, rubric: Rubric): RatedBy => ({
	rubric: { name: rubric.name, version: rubric.version },
	dialogueRatings: givenRatings(view.ratings, 'dialogue', rubric, view),
});

/**
 * By who gave something, in the order of their ids and of the rubric. A flag that they did not raise is false; what the
 * rubric does not know is left out.
 */
export function givenRatings(
	ratings: TurnRatings,
	level: Level,
	rubric: Rubric,
	{ members }: Pick<DialogueView, 'members'>,
): GivenRatings[] {
	const criteria = criteriaOf(rubric, level);
	return Object.keys(ratings)
		.sort((a, b) => Number(a) - Number(b))
		.flatMap((user) => {
			const given = ratings[user] ?? {};
			const rated = criteria.some((criterion) => fits(criterion, given[criterion.key]?.value));
			const member = members[user];
			if (!rated || !member) return [];
			const values: GivenRatings['values'] = {};
			const reasons: GivenRatings['reasons'] = {};
			for (const criterion of criteria) {
				const { key, kind } = criterion;
				const { value, why } = given[key] ?? { value: kind === 'flag' ? false : undefined };
				if (value === undefined || !fits(criterion, value)) continue;
				values[key] = value;
				if (why) reasons[key] = why;
			}
			return [{ by: { id: Number(user), name: member.name, part: member.part }, values, reasons }];
		});
}
