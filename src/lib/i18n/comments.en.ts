const plural = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;

/** The words for comments. */
export const comments = {
	title: 'Comments',
	side: 'Ratings and comments',
	tab: (open: number) => (open === 0 ? 'Comments' : `Comments ${open}`),
	open: (n: number) => `${n} open`,
	unseen: (n: number) => plural(n, 'new comment', 'new comments'),
	none: 'No comments yet.',
	noneHint: 'No comments yet. Select words and press Ctrl/⌘ Alt M, or press C to comment on a turn.',
	closed: 'Comments are closed at this moment. What you wrote stays here',

	addHere: 'Comment',
	addHereHint: 'Comment on the selected text (Ctrl/⌘ Alt M)',
	addTo: (n: number) => `Comment on turn ${n}`,
	onWords: 'Comment on these words',
	write: 'Write a comment. @ names somebody',
	writeReply: 'Write a reply',
	reword: 'Change your comment',
	add: 'Comment',
	save: 'Save',
	cancel: 'Cancel',
	unsent: 'Not sent yet',

	by: (name: string) => `Comment by ${name}`,
	replies: 'Replies',
	reply: 'Reply',
	resolve: 'Resolve',
	reopen: 'Reopen',
	edit: 'Edit comment',
	delete: 'Delete comment',
	deleteSure: 'Delete for good?',
	show: 'Show in the text',
	fresh: 'New',
	names: 'Names you',
	people: 'People',

	onTurn: 'On the whole turn',
	onEarlier: 'On an earlier answer',
	onDialogue: 'On the dialogue',
	gone: 'Comment on deleted text',
	resolvedOnes: 'Resolved',
	deletedFirst: 'Comment deleted',

	said: {
		added: 'Comment added',
		changed: 'Comment changed',
		deleted: 'Comment deleted',
		resolved: 'Comment resolved',
		reopened: 'Comment open again',
	},
	saidBy: (name: string) => `New comment by ${name}`,
	fromOpen: (n: number) => `from ${plural(n, 'open comment', 'open comments')}`,
	inReturn: (n: number, quote: string, text: string) =>
		quote === '' ? `Turn ${n}: ${text}` : `Turn ${n}, “${quote}”: ${text}`,
};
