import type { Part, DialogueState } from './workflow.ts';
import type { Rating } from './rubric.ts';
import type { Choice } from './schema.ts';

/** A bot turn's life; a prompt is born `ready`. */
export type TurnState = 'generating' | 'ready' | 'stopped' | 'failed';

/** Why a bot turn failed. `interrupted`: the server went down while it was written. */
export type BotFault =
	'refused' | 'unreachable' | 'timeout' | 'cut' | 'empty' | 'interrupted' | 'misconfigured';

/** One of several answers to a prompt. */
export interface CandidateView {
	id: string;
	state: TurnState;
	/** What the bot said; while it writes, what has come so far. */
	text: string;
	fault?: BotFault;
	/** The name is empty while it is hidden. */
	bot: { name: string; practice: boolean };
}

/** Several answers to a prompt, and what people made of them. */
export interface ChoiceView {
	/** Under which they stand, and what people choose: the id of the turn that they came with. */
	id: string;
	/** In the order of their slots. */
	candidates: CandidateView[];
	/** From which of them the turn's text was made; null: from none. Absent until the annotator has chosen. */
	from?: string | null;
	/** user → what they chose. */
	given: Record<string, Choice>;
}

/** One turn as plain data: what the API answers, what a page shows before its socket is open, what exports read. */
export interface TurnView {
	id: string;
	role: 'user' | 'bot';
	/** A user's id, or a bot's as `bot:<id>`. */
	author: string;
	state: TurnState;
	/** The text as people left it; of a bot that is still writing, what has come so far. */
	text: string;
	/** Bot turns only: the text as the bot gave it; absent while it writes. */
	original?: string;
	/** Bot turns only. */
	bot?: { name: string; practice: boolean };
	fault?: BotFault;
	/** Only where there are several answers to choose from. */
	choice?: ChoiceView;
	/** What stands before this answer is not what the bot was told. */
	stale: boolean;
	/** user → criterion → rating. */
	ratings: Record<string, Record<string, Rating>>;
	/** Earlier answers to the same prompt, oldest first; each kept whole. */
	earlier: TurnView[];
	/** Of an earlier answer: the turns that followed it, off the line with it. */
	followers: TurnView[];
}

export interface MemberView {
	name: string;
	part: Part;
	/** 1–12: a hue of six, the second six dashed. Theirs in this dialogue for good. */
	color: number;
}

/** That the annotator disputes the last decision, and how somebody answered who upholds it. */
export interface DisputeView {
	reason: string;
	answer?: { by: string; name: string; reason: string };
}

/** A dialogue as plain data. */
export interface DialogueView {
	state: DialogueState;
	dispute?: DisputeView;
	together: boolean;
	/** Everyone who ever wrote in it, by user id. */
	members: Record<string, MemberView>;
	draft: string;
	turns: TurnView[];
	/** Of the dialogue as a whole: user → criterion → rating. */
	ratings: Record<string, Record<string, Rating>>;
}
