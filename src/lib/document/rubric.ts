/** A rubric: what people rate by. A rating names the version that it was made under. */

export interface Wording {
	en: string;
	zh: string;
}

/** What is rated: each response, or the dialogue as a whole, once. */
export type Level = 'turn' | 'dialogue';

/** In a turn's place: what is rated is the dialogue as a whole. No turn is called so, for the server makes their ids. */
export const WHOLE = 'dialogue';

interface Asked {
	key: string;
	label: Wording;
	help: Wording;
	level: Level;
}

export interface ScaleCriterion extends Asked {
	kind: 'scale';
	/** The values, lowest first, each with the sentence that anchors it. */
	points: { value: number; anchor: Wording }[];
	/** At this value or below a reason is required; null: never. */
	reasonAt: number | null;
}

/** Raised or not. One that nobody touched is not raised: it holds nothing back. */
export interface FlagCriterion extends Asked {
	kind: 'flag';
	/** Whether who raises it says why. */
	reason: boolean;
}

/** One of several that are not in an order. */
export interface ChoiceCriterion extends Asked {
	kind: 'choice';
	options: {
		key: string;
		label: Wording;
		anchor: Wording;
		/** Whether who takes it says why. */
		reason: boolean;
	}[];
}

export type Criterion = ScaleCriterion | FlagCriterion | ChoiceCriterion;

export interface Rubric {
	version: number;
	name: string;
	criteria: Criterion[];
}

/** A person's value for a criterion: a scale's point, whether a flag is raised, an option's key. */
export interface Rating {
	value: number | boolean | string;
	why?: string;
}

export const criteriaOf = ({ criteria }: Rubric, level: Level): Criterion[] =>
	criteria.filter((criterion) => criterion.level === level);

/** Whether `value` is one that this criterion can have. */
export function fits(criterion: Criterion, value: unknown): boolean {
	switch (criterion.kind) {
		case 'scale':
			return criterion.points.some((point) => point.value === value);
		case 'flag':
			return typeof value === 'boolean';
		case 'choice':
			return criterion.options.some(({ key }) => key === value);
	}
}

/** Whether who gives `value` has to say why. */
export function asksWhy(criterion: Criterion, value: Rating['value']): boolean {
	switch (criterion.kind) {
		case 'scale':
			return criterion.reasonAt !== null && typeof value === 'number' && value <= criterion.reasonAt;
		case 'flag':
			return criterion.reason && value === true;
		case 'choice':
			return criterion.options.some(({ key, reason }) => reason && key === value);
	}
}

/** Whether nothing more is asked: a value that fits, unless it is a flag, and a reason where one is required. */
export function answers(criterion: Criterion, rating: Rating | undefined): boolean {
	if (rating === undefined) return criterion.kind === 'flag';
	if (!fits(criterion, rating.value)) return false;
	return !asksWhy(criterion, rating.value) || Boolean(rating.why?.trim());
}

/** Whether it counts among what is to be answered: a flag only while it asks for a reason. */
export const isOwed = (criterion: Criterion, rating: Rating | undefined): boolean =>
	criterion.kind !== 'flag' || (rating !== undefined && asksWhy(criterion, rating.value));

/** Of these criteria: those that somebody has still to answer, and how many there are to answer. */
export function owedOf(
	criteria: readonly Criterion[],
	given: Readonly<Record<string, Rating>> = {},
): { missing: Criterion[]; all: number } {
	const owed = criteria.filter((criterion) => isOwed(criterion, given[criterion.key]));
	return {
		missing: owed.filter((criterion) => !answers(criterion, given[criterion.key])),
		all: owed.length,
	};
}

/** As rubrics are stored: the first ones said neither level nor kind, each was a scale for a response. */
type StoredCriterion = Criterion | Omit<ScaleCriterion, 'kind' | 'level'>;

/** A stored rubric, whichever release stored it. */
export const rubricFrom = (
	version: number,
	{ name, criteria }: { name: string; criteria: StoredCriterion[] },
): Rubric => ({
	version,
	name,
	criteria: criteria.map((one) => ('kind' in one ? one : { ...one, level: 'turn', kind: 'scale' })),
});
