const plural = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;

/** The words for several responses to one prompt. */
export const candidates = {
	group: 'Candidates',
	shown: 'Candidate shown',
	one: (slot: string) => `Candidate ${slot}`,
	writing: (words: string) => `${words} · writing`,
	stop: (slot: string) => `Stop candidate ${slot}`,
	copied: 'Copied to Final',
	textOf: (slot: string) => `Text of candidate ${slot}`,
	together: 'Scroll together',
	best: 'Best response',
	tie: 'Tie',
	bad: 'All bad',
	degree: 'How much better',
	degrees: { 1: 'Slightly', 2: 'Better', 3: 'Much better' },
	chose: (name: string, what: string) => `${name}: ${what}`,
	byDegree: (slot: string, degree: string) => `${slot}, ${degree.toLowerCase()}`,
	hidden: 'The bots are named once you have chosen',
	choose: 'Choose the best response to copy it here',
	waits: 'The annotator chooses the response that is copied here',
	written: 'Written anew',
	chooseFirst: 'Choose the best response first',
	chooseAgain: (slot: string) => `Choose ${slot} again to bring it back`,
	ready: (n: number) => `${plural(n, 'response', 'responses')} ready`,
};
