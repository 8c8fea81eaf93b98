/** A rubric: what a response is rated by. A rating names the version that it was made under. */

export interface Criterion {
	key: string;
	label: Wording;
	help: Wording;
	/** The values, lowest first, each with the sentence that anchors it. */
	points: { value: number; anchor: Wording }[];
	/** At this value or below a reason is required; null: never. */
	reasonAt: number | null;
}

export interface Wording {
	en: string;
	zh: string;
}

export interface Rubric {
	version: number;
	name: string;
	criteria: Criterion[];
}

/** A person's value for a criterion. */
export interface Rating {
	value: number;
	why?: string;
}

/** Whether `rating` answers `criterion`: a value of the scale, and a reason where one is required. */
export function answers(criterion: Criterion, rating: Rating | undefined): boolean {
	if (!rating || !criterion.points.some((point) => point.value === rating.value)) return false;
	return criterion.reasonAt === null || rating.value > criterion.reasonAt || Boolean(rating.why?.trim());
}
