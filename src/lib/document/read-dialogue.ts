/** The document as plain data. Tolerant: a missing value reads as its default, for clients may delete what they may write. */
import * as Y from 'yjs';
import type { BotFault, DialogueView, MemberView, TurnState, TurnView } from './dialogue-view.ts';
import { allRatings, ratingsOf, type TurnRatings } from './ratings.ts';
import { candidatesOf, dialogueOf, draftOf, turnsOf, type Fields } from './roots.ts';
import type { DialogueState } from './workflow.ts';

export { rate } from './ratings.ts';

const stringOr = <T extends string>(value: unknown, fallback: T): T =>
	typeof value === 'string' ? (value as T) : fallback;
const maybeString = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** What decides what people may do at this moment: the state, and whether the other is asked in. */
export interface Standing {
	state: DialogueState;
	together: boolean;
}

export function standingOf(doc: Y.Doc): Standing {
	const dialogue = dialogueOf(doc);
	return {
		state: stringOr<DialogueState>(dialogue.get('state'), 'draft'),
		together: dialogue.get('together') === true,
	};
}

/** Whether people rate blind in this dialogue. */
export function isBlind(doc: Y.Doc): boolean {
	return dialogueOf(doc).get('blind') === true;
}

export function membersOf(doc: Y.Doc): Record<string, MemberView> {
	return (dialogueOf(doc).get('members') ?? {}) as Record<string, MemberView>;
}

/** A turn's text as people edit it. */
export function turnText(doc: Y.Doc, turnId: string): Y.Text | undefined {
	const text = turnsOf(doc).get(turnId)?.get('text');
	return text instanceof Y.Text ? text : undefined;
}

function candidateOf(doc: Y.Doc, turn: Fields): Fields | undefined {
	const id = maybeString(turn.get('candidate'));
	return id === undefined ? undefined : candidatesOf(doc).get(id);
}

/** What a bot is writing for this turn right now; undefined when none is. */
export function streamText(doc: Y.Doc, turnId: string): Y.Text | undefined {
	const turn = turnsOf(doc).get(turnId);
	const text = turn && candidateOf(doc, turn)?.get('text');
	return text instanceof Y.Text ? text : undefined;
}

const orderOf = (turn: Fields): number => {
	const order = turn.get('order');
	return typeof order === 'number' ? order : 0;
};

/** The turn that took this one's place, if it is there. */
const successorOf = (doc: Y.Doc, turn: Fields): string | undefined => {
	const id = maybeString(turn.get('replaced'));
	return id !== undefined && turnsOf(doc).has(id) ? id : undefined;
};

/** Ids of the turns of the visible line, in order; replaced turns are not on it. */
export function visibleTurnIds(doc: Y.Doc): string[] {
	const line: { id: string; order: number }[] = [];
	turnsOf(doc).forEach((turn, id) => {
		if (successorOf(doc, turn) === undefined) line.push({ id, order: orderOf(turn) });
	});
	return line.sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1)).map((turn) => turn.id);
}

/** turn → the turns that it replaced directly. */
function replacedBy(doc: Y.Doc): Map<string, string[]> {
	const replaced = new Map<string, string[]>();
	turnsOf(doc).forEach((turn, id) => {
		const successor = successorOf(doc, turn);
		if (successor !== undefined) replaced.set(successor, [...(replaced.get(successor) ?? []), id]);
	});
	return replaced;
}

/** The turns that `id` stands in the place of, oldest first. Ends on a circle too. */
function earlierIds(replaced: Map<string, string[]>, id: string, seen = new Set([id])): string[] {
	const ids: string[] = [];
	for (const before of replaced.get(id) ?? []) {
		if (seen.has(before)) continue;
		seen.add(before);
		ids.push(...earlierIds(replaced, before, seen), before);
	}
	return ids;
}

/** One turn; `earlier` is left empty. */
function viewOf(doc: Y.Doc, id: string, ratings: TurnRatings): TurnView | undefined {
	const turn = turnsOf(doc).get(id);
	if (turn === undefined) return undefined;
	const role = turn.get('role') === 'bot' ? 'bot' : 'user';
	const stream = streamText(doc, id);
	const view: TurnView = {
		id,
		role,
		author: stringOr(turn.get('author'), ''),
		state: stringOr<TurnState>(turn.get('state'), 'ready'),
		text: (stream ?? turnText(doc, id))?.toJSON() ?? '',
		stale: turn.get('stale') === true,
		ratings,
		earlier: [],
	};
	if (role === 'user') return view;
	const candidate = candidateOf(doc, turn);
	const original = maybeString(candidate?.get('original'));
	if (original !== undefined) view.original = original;
	if (candidate !== undefined) {
		view.bot = {
			name: stringOr(candidate.get('botName'), ''),
			practice: candidate.get('practice') === true,
		};
	}
	const fault = maybeString(turn.get('fault'));
	if (fault !== undefined) view.fault = fault as BotFault;
	return view;
}

type RatingsOf = (turnId: string) => TurnRatings;

function withEarlier(doc: Y.Doc, id: string, replaced: Map<string, string[]>, ratings: RatingsOf) {
	const view = viewOf(doc, id, ratings(id));
	if (view === undefined) return undefined;
	for (const before of earlierIds(replaced, id)) {
		const earlier = viewOf(doc, before, ratings(before));
		if (earlier !== undefined) view.earlier.push(earlier);
	}
	return view;
}

/** One turn with the earlier answers in whose place it stands; undefined when there is no such turn. */
export function readTurn(doc: Y.Doc, id: string): TurnView | undefined {
	return withEarlier(doc, id, replacedBy(doc), (turnId) => ratingsOf(doc, turnId));
}

export function readDialogue(doc: Y.Doc): DialogueView {
	const all = allRatings(doc);
	const replaced = replacedBy(doc);
	const turns: TurnView[] = [];
	for (const id of visibleTurnIds(doc)) {
		const view = withEarlier(doc, id, replaced, (turnId) => all.get(turnId) ?? {});
		if (view !== undefined) turns.push(view);
	}
	return { ...standingOf(doc), members: membersOf(doc), draft: draftOf(doc).toJSON(), turns };
}
