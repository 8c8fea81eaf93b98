import type { Warning } from '../text/lint.ts';

const count = (n: number) => n.toLocaleString('en');

/** The words for what helps in reading a text: warnings, finding, preview. */
export const reading = {
	warnings: (n: number) => (n === 1 ? '1 warning' : `${n} warnings`),
	warningsHint: 'Invisible characters, and punctuation of another width. Nothing is changed for you',
	warning: {
		'zero-width': 'zero-width character',
		direction: 'text direction control',
		space: 'unusual space',
		control: 'control character',
		'half-width': 'half-width in Chinese',
		'full-width': 'full-width in Latin text',
	} satisfies Record<Warning['kind'], string>,
	times: (n: number) => `${n} times`,
	moreWarnings: (n: number) => `${n} more`,

	find: 'Find in the dialogue',
	found: (nth: number, all: number) => `${nth} of ${all}`,
	notFound: 'Not found',
	next: 'Next (Enter)',
	previous: 'Previous (Shift Enter)',
	originals: 'Search original responses too',
	closeFind: 'Close (Esc)',

	beginning: (shown: number, all: number) =>
		`Preview of the first ${count(shown)} of ${count(all)} characters. Final has them all`,
	noPreview: 'The preview could not be loaded. This is the text itself',
};
