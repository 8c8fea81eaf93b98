import { isChoosable, isChosen } from './choices.ts';
import type { DialogueView, TurnView } from './dialogue-view.ts';
import { answers, criteriaOf, type Level, type Rating, type Rubric } from './rubric.ts';

/** How far somebody has come with the responses of a dialogue. */
export interface Progress {
	/** The responses there is something to rate in. */
	botTurns: number;
	/** Those of them that this person has rated whole, with every required reason, and chosen where there were several. */
	ratedTurns: number;
	/** Whether they have rated the dialogue as a whole; so it is where the rubric asks nothing of it. */
	ratedWhole: boolean;
	generating: boolean;
	/** The responses that were given to another text than stands before them. */
	staleTurns: number;
}

/** A response with text; one that failed before its first word has nothing to rate. */
export const isRateable = ({ role, choice, original, text }: TurnView): boolean =>
	role === 'bot' && (choice ? isChoosable(choice) : (original ?? text) !== '');

export function isRated(turn: TurnView, rubric: Rubric, userId: string): boolean {
	return isChosen(turn, userId) && isAnswered(rubric, 'turn', turn.ratings[userId]);
}

const isAnswered = (rubric: Rubric, level: Level, given: Record<string, Rating> | undefined): boolean =>
	criteriaOf(rubric, level).every((criterion) => answers(criterion, given?.[criterion.key]));

export function progressOf(view: DialogueView, rubric: Rubric, userId: string): Progress {
	const rateable = view.turns.filter(isRateable);
	return {
		botTurns: rateable.length,
		ratedTurns: rateable.filter((turn) => isRated(turn, rubric, userId)).length,
		ratedWhole: isAnswered(rubric, 'dialogue', view.ratings[userId]),
		generating: view.turns.some((turn) => turn.state === 'generating'),
		staleTurns: view.turns.filter((turn) => turn.stale).length,
	};
}
