import type { BotFault } from '../document/dialogue-view.ts';
import type { SkipReason } from '../document/workflow.ts';

const plural = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;
const list = (names: string[]) => new Intl.ListFormat('en', { type: 'conjunction' }).format(names);

/** The words of the dialogue page. */
export const workspace = {
	title: (id: number, topic: string) => `#${id} ${topic} · Duologue`,
	home: 'Duologue, home',
	dialogue: 'Dialogue',
	transcript: 'Transcript',
	you: 'You',
	bot: 'Bot',
	somebody: 'Somebody',

	turns: 'Turns',
	turn: (n: number) => `Turn ${n}`,
	turnOf: (n: number) => `turn ${n}`,
	prompt: 'prompt',
	response: 'response',
	noTurns: 'Write the first prompt. The bot answers here.',
	noTurnsWatching: 'Nothing is written yet. It appears here as it happens.',
	brief: 'Brief',

	standing: {
		unanswered: 'No response',
		generating: 'Generating',
		failed: 'Failed',
		open: 'To rate',
		done: 'Done',
		edited: 'Done, edited',
		read: 'Response',
	},

	saved: 'Saved',
	savedHint: 'On the server’s disk',
	saving: 'Saving…',
	connecting: 'Connecting…',
	offline: 'Offline',
	notSaved: 'Not saved',
	backOnline: 'Back online. All changes saved',

	actions: 'More actions',
	submit: 'Submit dialogue',
	submitShort: 'Submit',
	keySubmit: 'Ctrl/⌘ Shift Enter',
	takeBack: 'Take back',
	claim: 'Claim',
	accept: 'Accept',
	return: 'Return…',
	together: 'Work together',
	togetherHint: {
		annotator: 'A reviewer who joins may write too',
		reviewer: 'The annotator may edit while you review',
		observer: '',
	},
	skip: 'Skip…',

	now: {
		submitted: 'Submitted. You can take it back until a reviewer claims it',
		accepted: 'Accepted',
		returned: 'Returned',
		skipped: 'Skipped. The topic is open again',
	},
	nextDialogue: 'Next dialogue',
	nextReview: 'Next review',
	undoSubmit: 'Undo',

	send: 'Send',
	stop: 'Stop',
	regenerate: 'Regenerate',
	tryAgain: 'Try again',
	nextPrompt: 'Next prompt',
	blocked: {
		offline: 'Send needs a connection. What you write stays here',
		offlineCommand: 'This needs a connection',
		generating: 'Wait until the bot has finished, or stop it',
		empty: 'Write a prompt first',
		right: 'You are reading. Only those who write can send a prompt',
		submitGenerating: 'Wait until the bot has finished',
		submitEmpty: 'Send a prompt first',
	},
	stopped: (words: number) =>
		words === 0 ? 'Stopped before the first word' : `Stopped after ${plural(words, 'word', 'words')}`,
	kept: (words: string) => `${words}, kept`,
	words: (n: number) => plural(n, 'word', 'words'),
	generating: 'Generating',
	thinking: 'The bot is thinking…',
	ready: (words: string) => `Response ready, ${words}`,
	newText: 'New text',

	view: 'View',
	final: 'Final',
	preview: 'Preview',
	changes: 'Changes',
	original: 'Original',
	delta: 'words added, removed',
	noChanges: 'No changes',
	finalOf: (n: number) => `Final text of turn ${n}`,
	promptOf: (n: number) => `Prompt of turn ${n}`,
	edit: 'Edit',
	doneEditing: 'Done',
	whoWrote: 'Who wrote this',
	whoWroteHint: 'Shows who wrote what, here and in all texts of the dialogue',
	whoWroteShare: (share: number) => (share > 0 && share < 0.01 ? '<1%' : `${Math.round(share * 100)}%`),
	whoWroteMark: (name: string) => `Mark what ${name} wrote`,
	whoWroteUnknown: 'Who wrote this needs a connection',
	emptyText: 'No text',
	emptyOpen: 'No text. Click to write',
	practice: 'practice',
	practiceHint: 'A built-in practice bot wrote this, not a model',
	stale: 'Earlier text changed after this response',
	keep: 'Keep',
	keepAll: (n: number) => `Keep all ${n}`,
	fromHere: 'Regenerate from here',
	staleTurns: (n: number) =>
		n === 1
			? 'The text above one response changed. Keep it, or generate it anew.'
			: `The text above ${n} responses changed. Keep them, or generate them anew.`,
	earlier: (n: number) => `Earlier answers (${n})`,
	earlierOne: (n: number) => `Answer ${n}`,
	bringBack: 'Bring back',
	bringBackOne: (n: number) => `Bring back answer ${n}`,
	followers: (n: number) => `What followed it (${n})`,

	fault: {
		refused: 'The bot answered with an error',
		unreachable: 'The bot did not answer',
		timeout: 'The bot took too long',
		cut: 'The answer broke off',
		empty: 'The bot answered with nothing',
		interrupted: 'The server restarted while the bot was writing',
		misconfigured: 'The bot is not set up right. Tell your lead',
	} satisfies Record<BotFault, string>,

	rubric: 'Rubric',
	yourRating: 'Your rating',
	ratings: 'Ratings',
	rate: 'Rate',
	rated: (done: number, all: number) => `${done} of ${all} rated`,
	nothingToRate: 'Ratings start when the bot answers.',
	why: (at: number) => `Why? Required at ${at} or below`,
	by: (name: string, value: number) => `${name} ${value}`,
	notRated: 'Not rated',
	/** Why the others' ratings are not seen. */
	blind: {
		mine: 'Their ratings appear when yours are in',
		decided: 'The reviewer’s ratings appear after the decision',
		observer: 'Ratings are blind here: only those who rate and leads see them',
	},
	anchor: (value: number, anchor: string) => `${value} · ${anchor}`,

	panes: 'Panes',
	paneTurns: 'Turns',
	paneDialogue: 'Dialogue',
	paneRate: (done: number, all: number) => `Rate ${done}/${all}`,

	submitTitle: 'Submit dialogue',
	submitLead: 'A reviewer reads it next. You can take it back until one claims it.',
	count: {
		turns: 'Turns',
		rated: 'Rated',
		edited: 'Edited',
	},
	unrated: (n: number) =>
		n === 1
			? 'One turn is not rated yet. Rate it, then submit.'
			: `${n} turns are not rated yet. Rate them, then submit.`,
	missing: (n: number, names: string[]) => `Turn ${n}: ${list(names)}`,
	cancel: 'Cancel',
	close: 'Close',

	skipTitle: 'Skip: choose a reason',
	skipLead: 'The topic goes back to the queue. What is written here stays readable.',
	skipReasons: {
		unclear: 'The topic is unclear',
		unsafe: 'Unsafe or upsetting',
		'not-my-field': 'Not my field',
		'bot-broken': 'The bot does not work',
		other: 'Something else',
	} satisfies Record<SkipReason, string>,
	skipConfirm: 'Skip dialogue',

	returnTitle: 'Return with reasons',
	reasons: 'Reasons',
	atLeastOne: 'at least one',
	messageTo: (name: string) => `Message to ${name}`,
	returnConfirm: 'Return',
	returnedBy: (name: string) => `Returned by ${name}`,
	returnedHint: 'Your first edit takes it up again.',

	whyOptional: 'Why?',
	signedOut: 'You are signed out. Sign in again in a new tab, then reload this page',
	anotherSignedIn:
		'This browser is signed in to another account now. In a new tab, sign out of it and sign in to yours, then reload this page',
	newTab: 'New tab',
	copyFirst: 'Not all of it is saved: copy your text first',
	signIn: 'Sign in',
	refused: 'Not saved. Copy your text, then reload',
	/** Before the rule, as the server calls it. */
	refusedWhy: 'Why, for whoever looks into it:',
	notFound: 'There is no such dialogue, or it is not yours to open.',
	toQueue: 'Go to your start page',
	clientTaken: 'This tab was opened twice under one name. Copy your text, then reload',
	tooLarge: 'That change was too large to save. Copy your text, then reload',
	reload: 'Reload',
	copy: 'Copy text',
	copied: 'Copied',
	typedHere: 'What you typed',

	noAnswer: 'The server did not answer. What you wrote is still here: try again',
};
