const plural = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;
const changes = (n: number) => plural(n, 'change', 'changes');

/** The words for what is kept on the device, and for what came too late. */
export const kept = {
	offline: (n: number) =>
		n === 0 ? 'Offline. What you write is kept on this device' : `Offline. ${changes(n)} kept on this device`,
	offlineUnkept: (n: number) =>
		n === 0
			? 'Offline. What you write is not kept on this device'
			: `Offline. ${changes(n)} not saved and not kept on this device`,
	stay: 'Leave this page open until you are back online',
	nothing: 'This browser keeps no changes on this device. Before you close this page, look for Saved',
	full: 'This device has no room for your changes. Before you close this page, look for Saved',

	late: 'Late changes',
	lateLead: 'The server did not take these. Nobody else sees them',
	applyLater: 'You can apply them when you may write here again',
	signedOut: (n: number) => `${changes(n)} kept on this device, and sent when you are back`,
	notKept: 'Not saved and not kept on this device: copy your text first',
	unsent: 'Not sent',
	apply: 'Apply',
	tooLong: 'Too long for one turn: copy it, and shorten it',
	drop: 'Drop',
	applyAll: 'Apply all',
	dropAll: (n: number) => `Drop all ${n}`,
	dropSure: 'Drop for good?',
	dropped: 'Dropped',
	applied: 'Applied',
	none: 'none',
	fromTo: (what: string, now: string, mine: string) => `${what}: ${now} → ${mine}`,
	best: 'Best response',
	comment: 'Comment',
	commentGone: 'Comment deleted',
	resolved: 'Comment resolved',
	reopened: 'Comment open again',
	leftTitle: 'You typed this here',
	leftLead: 'It is only on this device, and you cannot open the dialogue any more',

	waiting: 'Changes kept on this device are not with the server yet:',
	waitingHint: 'Open it to send them',
	signOutTitle: 'Sign out with unsent changes',
	signOutLead: 'These changes are on this device alone:',
	signOutRow: (dialogue: number, n: number) => `#${dialogue}: ${changes(n)}`,
	signOutKeep: 'Keep them and sign out',
	signOutKeepHint:
		'They are sent when you sign in here again and open the dialogue. Nobody else sees them here.',
	signOutDiscard: 'Discard them and sign out',
};
