/** What people choose among several answers: one map a person, keyed by the turn that the answers came with. */
import type * as Y from 'yjs';
import type { ChoiceView, TurnView } from './dialogue-view.ts';
import { choicesOf, type Fields } from './roots.ts';
import type { Choice } from './schema.ts';

/** user → choice. */
export type TurnChoices = Record<string, Choice>;

/** By how much the best response is better: slightly, better, much better. Of a tie, and where all are bad, 0. */
export const DEGREES = [1, 2, 3] as const;
/** Where nobody says by how much. */
export const USUAL_DEGREE = 2;

/** What is chosen beside a candidate's id. */
export const TIE = 'tie';
export const ALL_BAD = 'bad';

function choiceFrom(value: unknown): Choice | null {
	if (typeof value !== 'object' || value === null) return null;
	const { best, degree } = value as { best?: unknown; degree?: unknown };
	return typeof best === 'string' ? { best, degree: typeof degree === 'number' ? degree : 0 } : null;
}

/** The choices of all turns in one pass: turn → user → choice. */
export function allChoices(doc: Y.Doc): Map<string, TurnChoices> {
	const turns = new Map<string, TurnChoices>();
	choicesOf(doc).forEach((given: Fields, user) => {
		given.forEach((value, turn) => {
			const choice = choiceFrom(value);
			if (choice === null) return;
			const choices = turns.get(turn);
			if (choices) choices[user] = choice;
			else turns.set(turn, { [user]: choice });
		});
	});
	return turns;
}

/** Sets a person's own choice. False when the server has made no choices map for them: nothing was written. */
export function choose(doc: Y.Doc, userId: number | string, group: string, choice: Choice): boolean {
	const mine = choicesOf(doc).get(String(userId));
	if (mine === undefined) return false;
	const known = choiceFrom(mine.get(group));
	if (known?.best !== choice.best || known.degree !== choice.degree) mine.set(group, choice);
	return true;
}

/** Whether a turn is the one of this id, or has come with the candidates of it. */
export const isOf = ({ id, choice }: TurnView, turnId: string): boolean =>
	id === turnId || choice?.id === turnId;

/** Whether there is anything to choose from, now or soon; where every bot failed before its first word there is not. */
export const isChoosable = ({ candidates }: ChoiceView): boolean =>
	candidates.some(({ state, text }) => state === 'generating' || text !== '');

/** Whether the dialogue waits for its annotator to choose: what the bots are told next is the chosen text. */
export const awaitsChoice = ({ choice }: TurnView): boolean =>
	choice !== undefined && choice.from === undefined && isChoosable(choice);

/** Whether somebody has nothing to choose here any more. */
export const isChosen = ({ choice }: TurnView, userId: string): boolean =>
	choice === undefined || (choice.from !== undefined && choice.given[userId] !== undefined);

/** Whether a turn's own text is still to come from a bot, whatever other bots are writing beside it. */
export function isBeingWritten({ choice, state }: TurnView): boolean {
	if (choice === undefined) return state === 'generating';
	return choice.candidates.some(({ id, state: its }) => id === choice.from && its === 'generating');
}

/** Whether a turn has a text of its own that people edit. */
export const hasFinal = (turn: TurnView): boolean =>
	!isBeingWritten(turn) && (turn.choice === undefined || turn.choice.from !== undefined);
