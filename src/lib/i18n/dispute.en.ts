/** The words for disputing a decision, and for answering that. */
export const dispute = {
	dispute: 'Dispute…',
	disputed: 'Disputed',
	filter: 'Disputes',
	none: 'No dispute is open',
	title: { dispute: 'Dispute the decision', uphold: 'Uphold the decision' },
	lead: {
		dispute:
			'The reviewer and the leads see your reason. The dialogue stays as it is until one of them answers.',
		uphold: 'The decision stands. The annotator sees your reason.',
	},
	reason: 'Reason',
	confirm: { dispute: 'Dispute', uphold: 'Uphold' },
	by: (name: string) => `${name} disputes the decision`,
	upheldBy: (name: string) => `${name} upheld it`,
	reopen: 'Reopen review',
	uphold: 'Uphold…',
};
