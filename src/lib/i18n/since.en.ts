import type { What } from '../document/changes-since.ts';

const list = (items: string[]) => new Intl.ListFormat('en', { type: 'conjunction' }).format(items);

const WHAT: Record<What, string> = {
	new: 'new',
	text: 'text',
	rating: 'rating',
	choice: 'choice',
	state: 'state',
};

/** The words for what changed since one last looked. */
export const since = {
	changed: (what: What[]) => `Since you last looked: ${list(what.map((one) => WHAT[one]))}`,
	brief: (what: What[]) => `Changed: ${list(what.map((one) => WHAT[one]))}`,
	dot: 'Changed since you last looked',
	tooLong: 'Too much has been written here to mark what changed since you last looked',
	tab: 'Since last look',
};
