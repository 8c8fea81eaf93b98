/** The document as plain data. Tolerant: a missing value reads as its default, for clients may delete what they may write. */
import * as Y from 'yjs';
import { choiceOf, groupOf, slotsIn, type Slots } from './candidates.ts';
import type {
	BotFault,
	DialogueView,
	DisputeView,
	MemberView,
	TurnState,
	TurnView,
} from './dialogue-view.ts';
import { Fingerprint } from './fingerprint.ts';
import { allRatings, type AllRatings } from './ratings.ts';
import type { ReadingMemory } from './reading-memory.ts';
import { candidatesOf, dialogueOf, draftOf, turnsOf, type Fields } from './roots.ts';
import { WHOLE } from './rubric.ts';
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

function disputeOf(doc: Y.Doc): DisputeView | undefined {
	return (dialogueOf(doc).get('dispute') ?? undefined) as DisputeView | undefined;
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

/** The replaced answer that this turn followed; it is on no line then but that one's. */
const leftWith = (turn: Fields): string | undefined => maybeString(turn.get('left'));

function inOrder(doc: Y.Doc, wanted: (turn: Fields) => boolean): string[] {
	const line: { id: string; order: number }[] = [];
	turnsOf(doc).forEach((turn, id) => {
		if (successorOf(doc, turn) === undefined && wanted(turn)) line.push({ id, order: orderOf(turn) });
	});
	return line.sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1)).map((turn) => turn.id);
}

/** Ids of the turns of the visible line, in order; replaced turns, and what followed them, are not on it. */
export const visibleTurnIds = (doc: Y.Doc): string[] => inOrder(doc, (turn) => leftWith(turn) === undefined);

/** What a bot is told before it gives this answer, as a fingerprint. */
export function heardBy(doc: Y.Doc, turnId: string): number {
	const heard = new Fingerprint();
	for (const id of visibleTurnIds(doc)) {
		if (id === turnId) break;
		heard.add({ role: roleOf(turnsOf(doc).get(id)), text: textNow(doc, id) });
	}
	return heard.value;
}

const roleOf = (turn: Fields | undefined): 'bot' | 'user' => (turn?.get('role') === 'bot' ? 'bot' : 'user');

/** As people left it; of a bot that is still writing, what has come so far. */
function textNow(doc: Y.Doc, id: string, memory?: ReadingMemory): string {
	const text = streamText(doc, id) ?? turnText(doc, id);
	return text === undefined ? '' : (memory?.textOf(text) ?? text.toJSON());
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

/** What is looked up once for all turns. */
interface Reading {
	doc: Y.Doc;
	/** turn → the turns that it replaced directly. */
	replaced: Map<string, string[]>;
	slots: Slots;
	given: AllRatings;
	memory: ReadingMemory | undefined;
}

const readingOf = (doc: Y.Doc, memory?: ReadingMemory): Reading => ({
	doc,
	memory,
	replaced: replacedBy(doc),
	slots: slotsIn(doc),
	given: allRatings(doc),
});

/** One turn by itself: not what it replaced, what followed it, or whether it is stale. */
function viewOf({ doc, slots, given, memory }: Reading, id: string): TurnView | undefined {
	const turn = turnsOf(doc).get(id);
	if (turn === undefined) return undefined;
	const role = roleOf(turn);
	const view: TurnView = {
		id,
		role,
		author: stringOr(turn.get('author'), ''),
		state: stringOr<TurnState>(turn.get('state'), 'ready'),
		text: textNow(doc, id, memory),
		stale: false,
		ratings: given.ratings.get(id) ?? {},
		earlier: [],
		followers: [],
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
	const choice = choiceOf(turn, id, slots, given.choices.get(groupOf(turn, id)));
	if (choice !== undefined) view.choice = choice;
	return view;
}

/** `seen`: turns that follow another one; a circle of them ends. */
function withEarlier(reading: Reading, id: string, seen = new Set([id])): TurnView | undefined {
	const { doc, replaced } = reading;
	const view = viewOf(reading, id);
	if (view === undefined) return undefined;
	for (const before of earlierIds(replaced, id)) {
		const earlier = viewOf(reading, before);
		if (earlier === undefined) continue;
		for (const left of inOrder(doc, (turn) => leftWith(turn) === before)) {
			if (seen.has(left)) continue;
			seen.add(left);
			const follower = withEarlier(reading, left, seen);
			if (follower !== undefined) earlier.followers.push(follower);
		}
		view.earlier.push(earlier);
	}
	return view;
}

/** One turn with the earlier answers in whose place it stands, stale or not; undefined when there is no such turn. */
export function readTurn(doc: Y.Doc, id: string): TurnView | undefined {
	return withEarlier(readingOf(doc), id);
}

export const readDialogue = (doc: Y.Doc): DialogueView => lineOf(doc);

/** For who reads this document after every change. */
export const readAgain = (doc: Y.Doc, memory: ReadingMemory): DialogueView => lineOf(doc, memory);

function lineOf(doc: Y.Doc, memory?: ReadingMemory): DialogueView {
	const reading = readingOf(doc, memory);
	const turns: TurnView[] = [];
	const before = new Fingerprint(memory?.heard);
	for (const id of visibleTurnIds(doc)) {
		const view = withEarlier(reading, id);
		if (view === undefined) continue;
		const heard = turnsOf(doc).get(id)?.get('heard');
		view.stale = typeof heard === 'number' && heard !== before.value;
		before.add(view);
		turns.push(view);
	}
	const dispute = disputeOf(doc);
	return {
		...standingOf(doc),
		...(dispute && { dispute }),
		members: membersOf(doc),
		draft: draftOf(doc).toJSON(),
		turns,
		ratings: reading.given.ratings.get(WHOLE) ?? {},
	};
}
