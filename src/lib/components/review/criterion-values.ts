import type { ChoiceCriterion, Criterion, Rating, ScaleCriterion } from '#lib/document/rubric.ts';
import type { Locale } from '#lib/i18n/words.ts';

/** One value as it is offered: its name, the digit that sets it, and the sentence that anchors it. */
export interface Offered {
	value: number | string;
	name: string;
	/** Empty: none does. */
	digit: string;
	anchor: string;
}

export function offeredBy(criterion: ScaleCriterion | ChoiceCriterion, language: Locale): Offered[] {
	if (criterion.kind === 'scale')
		return criterion.points.map(({ value, anchor }) => ({
			value,
			name: String(value),
			digit: value >= 0 && value <= 9 ? String(value) : '',
			anchor: anchor[language],
		}));
	return criterion.options.map(({ key, label, anchor }, at) => ({
		value: key,
		name: label[language],
		digit: digitAt(at),
		anchor: anchor[language],
	}));
}

/** The digit of a place in a list: 1 to 9, then 0 for the tenth. */
export const digitAt = (at: number): string => (at < 9 ? String(at + 1) : at === 9 ? '0' : '');

/** What somebody gave, as it is named; `criterion` undefined: of no rubric that is known here. */
export function valueName(
	criterion: Criterion | undefined,
	value: Rating['value'],
	language: Locale,
	flag: { yes: string; no: string },
): string {
	if (typeof value === 'boolean') return value ? flag.yes : flag.no;
	const option =
		criterion?.kind === 'choice' ? criterion.options.find(({ key }) => key === value) : undefined;
	return option?.label[language] ?? String(value);
}
