import type { Part, DialogueState } from './workflow.ts';
import type { Rating } from './rubric.ts';

/** A bot turn's life; a prompt is born `ready`. */
export type TurnState = 'generating' | 'ready' | 'stopped' | 'failed';

/** Why a bot turn failed. `interrupted`: the server went down while it was written. */
export type BotFault =
	'refused' | 'unreachable' | 'timeout' | 'cut' | 'empty' | 'interrupted' | 'misconfigured';

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

/** A dialogue as plain data. */
export interface DialogueView {
	state: DialogueState;
	together: boolean;
	/** Everyone who ever wrote in it, by user id. */
	members: Record<string, MemberView>;
	draft: string;
	turns: TurnView[];
}
