/** Several answers to one prompt, among which people choose: how they stand in the document. */
import * as Y from 'yjs';
import type { BotFault, CandidateView, ChoiceView, TurnState } from './dialogue-view.ts';
import { candidatesOf, type Fields } from './roots.ts';
import type { Choice } from './schema.ts';

/** A candidate's id and fields. */
export type Slot = readonly [id: string, candidate: Fields];

/** turn → the candidates that came with it, by slot. */
export type Slots = ReadonlyMap<string, readonly Slot[]>;

export function slotsIn(doc: Y.Doc): Slots {
	const slots = new Map<string, Slot[]>();
	candidatesOf(doc).forEach((candidate, id) => {
		const turn = candidate.get('turn');
		if (typeof turn !== 'string') return;
		const beside = slots.get(turn);
		if (beside) beside.push([id, candidate]);
		else slots.set(turn, [[id, candidate]]);
	});
	for (const beside of slots.values()) beside.sort(([, a], [, b]) => slotOf(a) - slotOf(b));
	return slots;
}

const slotOf = (candidate: Fields): number => Number(candidate.get('slot')) || 0;

/**
 * The turn that a turn's candidates came with. Each candidate that becomes Final has a turn of its own, so that what
 * people make of it stays when they choose another; the first of them is the turn that the candidates came with.
 */
export function groupOf(turn: Fields, id: string): string {
	const group = turn.get('group');
	return typeof group === 'string' ? group : id;
}

/** What there is to choose from for a turn; undefined where there is one answer. */
export function choiceOf(
	turn: Fields,
	id: string,
	slots: Slots,
	given: Record<string, Choice> = {},
): ChoiceView | undefined {
	const group = groupOf(turn, id);
	const beside = slots.get(group) ?? [];
	if (beside.length < 2) return undefined;
	const from = turn.get('candidate');
	return {
		id: group,
		candidates: beside.map(viewOf),
		...((typeof from === 'string' || from === null) && { from }),
		given,
	};
}

function viewOf([id, candidate]: Slot): CandidateView {
	const text = candidate.get('text');
	const fault = candidate.get('fault');
	return {
		id,
		state: (candidate.get('state') ?? 'ready') as TurnState,
		text: text instanceof Y.Text ? text.toJSON() : textOr(candidate.get('original'), ''),
		...(typeof fault === 'string' && { fault: fault as BotFault }),
		bot: { name: textOr(candidate.get('botName'), ''), practice: candidate.get('practice') === true },
	};
}

const textOr = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
