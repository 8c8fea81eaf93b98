/**
 * What the server writes into a document: every container, every text, every state. Each function is one
 * transaction (or part of the caller's); ids come from outside. Nothing here asks whether it may: commands do.
 */
import * as Y from 'yjs';
import { beginBotTurn, fieldsFrom, nextOrder, type AnswerPlace } from './bot-turn.ts';
import { slotsIn } from './candidates.ts';
import type { DisputeView, BotFault, MemberView, TurnState } from './dialogue-view.ts';
import { heardBy, isBlind, membersOf, turnText, visibleTurnIds } from './read-dialogue.ts';
import { candidatesOf, choicesOf, dialogueOf, draftOf, raterMapsOf, turnsOf } from './roots.ts';
import { SCHEMA_VERSION, type Typed } from './schema.ts';
import type { DialogueState } from './workflow.ts';
import { settle } from './settle.ts';

/** A user's id, as the number or as the key that the document uses. */
export type UserId = number | string;

/** How an answer can end. */
export type Ending = Exclude<TurnState, 'generating'>;

/** In the order in which they are given: the blues, near links and insertions, come last; then the same, dashed. */
const COLORS = [6, 3, 1, 5, 4, 2, 12, 9, 7, 11, 10, 8];

/** `blind`: for good, people rate in documents of their own; see `beginRatings`. */
export function begin(
	doc: Y.Doc,
	given: { topic: number; state: DialogueState; together: boolean; blind?: boolean },
): void {
	doc.transact(() => {
		const dialogue = dialogueOf(doc);
		dialogue.set('schema', SCHEMA_VERSION);
		dialogue.set('topic', given.topic);
		dialogue.set('state', given.state);
		dialogue.set('together', given.together);
		if (given.blind) dialogue.set('blind', true);
		dialogue.set('members', {});
	});
}

/** Names a person as taking part, and makes the containers that they write in. Changes nothing when all is so already. */
export function admit(doc: Y.Doc, userId: UserId, member: Omit<MemberView, 'color'>): void {
	const key = String(userId);
	doc.transact(() => {
		const members = membersOf(doc);
		const known = members[key];
		if (known?.name !== member.name || known.part !== member.part) {
			const color = known?.color ?? COLORS[Object.keys(members).length % COLORS.length];
			dialogueOf(doc).set('members', { ...members, [key]: { name: member.name, part: member.part, color } });
		}
		if (member.part !== 'observer' && !isBlind(doc)) beginRatings(doc, key);
	});
}

/** Makes the containers in which a person rates, where there are none. */
export function beginRatings(doc: Y.Doc, userId: UserId): void {
	const key = String(userId);
	doc.transact(() => {
		for (const root of [raterMapsOf(doc), choicesOf(doc)]) if (!root.has(key)) root.set(key, new Y.Map());
	});
}

export function setState(doc: Y.Doc, state: DialogueState): void {
	dialogueOf(doc).set('state', state);
}

/** @param dispute null: there is none, or another decision was taken. */
export function setDispute(doc: Y.Doc, dispute: DisputeView | null): void {
	const dialogue = dialogueOf(doc);
	if (dispute) dialogue.set('dispute', dispute);
	else if (dialogue.has('dispute')) dialogue.delete('dispute');
}

export function setTogether(doc: Y.Doc, together: boolean): void {
	dialogueOf(doc).set('together', together);
}

/** Takes what was sent out of the draft: the whole of it, or its beginning; a draft that went another way stays. */
function clearDraft(draft: Y.Text, sent: string): void {
	const text = draft.toJSON();
	if (text.trim() === sent.trim()) draft.delete(0, text.length);
	else if (text.startsWith(sent)) draft.delete(0, sent.length);
}

/**
 * Adds a prompt at the end of the visible line. Half characters are replaced: peers would read something else.
 * `typed`: who typed it, unless its author did.
 */
export function addPrompt(
	doc: Y.Doc,
	prompt: { id: string; author: UserId; text: string; typed?: Typed | undefined },
): void {
	doc.transact(() => {
		const parent = visibleTurnIds(doc).at(-1) ?? null;
		turnsOf(doc).set(
			prompt.id,
			fieldsFrom({
				order: nextOrder(doc),
				role: 'user',
				author: String(prompt.author),
				state: 'ready',
				parent,
				...(prompt.typed && { typed: prompt.typed }),
				text: new Y.Text(prompt.text.toWellFormed()),
			}),
		);
		clearDraft(draftOf(doc), prompt.text);
	});
}

export interface Response extends AnswerPlace {
	candidateId: string;
	bot: { id: number; name: string; practice: boolean };
}

/** Adds a bot turn that is still to be written, and the candidate into which its tokens stream. */
export function beginResponse(doc: Y.Doc, response: Response): void {
	const { turnId, candidateId, bot } = response;
	doc.transact(() => {
		beginBotTurn(doc, response, { author: `bot:${bot.id}`, candidate: candidateId });
		candidatesOf(doc).set(
			candidateId,
			fieldsFrom({
				turn: turnId,
				bot: bot.id,
				botName: bot.name,
				practice: bot.practice,
				slot: 0,
				state: 'generating',
				text: new Y.Text(),
			}),
		);
	});
}

/** Answers that were given to other texts than stand before them now are as good as given to these. */
export function keepAnswers(doc: Y.Doc, turnIds: readonly string[]): void {
	doc.transact(() => {
		for (const id of turnIds) turnsOf(doc).get(id)?.set('heard', heardBy(doc, id));
	});
}

/**
 * Brings an earlier answer back to the visible line, with the turns that followed it; the answer that stands there,
 * `current`, and the turns behind it, become an earlier one. Nothing of either is lost.
 */
export function bringBack(doc: Y.Doc, earlierId: string, current: string): void {
	doc.transact(() => {
		const turns = turnsOf(doc);
		const line = visibleTurnIds(doc);
		for (const id of line.slice(line.indexOf(current) + 1)) turns.get(id)?.set('left', current);
		turns.forEach((turn) => {
			if (turn.get('left') === earlierId) turn.delete('left');
		});
		turns.get(earlierId)?.delete('replaced');
		turns.get(current)?.set('replaced', earlierId);
	});
}

/**
 * Brings what a bot is writing up to `said`, all that it has said so far: repeated, it changes nothing. Half a
 * character at the end waits for its other half: peers would read something else. False when the bot is not
 * writing any more.
 */
export function streamUpTo(doc: Y.Doc, candidateId: string, said: string): boolean {
	const text = candidatesOf(doc).get(candidateId)?.get('text');
	if (!(text instanceof Y.Text)) return false;
	const rest = said.slice(text.length).replace(/[\ud800-\udbff]$/, '');
	if (rest !== '') text.insert(text.length, rest.toWellFormed());
	return true;
}

/**
 * Keeps what has come as the original, for good, and puts it before whatever stands in the turn that is made from it.
 * `turnId`: the turn that the candidate came with. Only the first ending counts: false when there was one already.
 */
export function finishResponse(
	doc: Y.Doc,
	end: { turnId: string; candidateId: string; state: Ending; fault?: BotFault },
): boolean {
	const candidate = candidatesOf(doc).get(end.candidateId);
	const stream = candidate?.get('text');
	if (candidate === undefined || !(stream instanceof Y.Text)) return false;
	doc.transact(() => {
		const original = stream.toJSON();
		candidate.set('original', original);
		candidate.set('state', end.state);
		candidate.delete('text');
		turnsOf(doc).forEach((turn, id) => {
			if (turn.get('candidate') === end.candidateId && original !== '')
				turnText(doc, id)?.insert(0, original);
		});
		const slots = slotsIn(doc).get(end.turnId) ?? [];
		if (slots.length > 1) {
			if (end.fault !== undefined) candidate.set('fault', end.fault);
			return settle(doc, end.turnId, slots);
		}
		const turn = turnsOf(doc).get(end.turnId);
		turn?.set('state', end.state);
		if (end.fault !== undefined) turn?.set('fault', end.fault);
	});
	return true;
}

/** Ends, as interrupted, every answer that nobody is writing any more. Returns how many there were. */
export function interruptGenerating(
	doc: Y.Doc,
	isLost: (candidateId: string) => boolean = () => true,
): number {
	const open: { turnId: string; candidateId: string }[] = [];
	candidatesOf(doc).forEach((candidate, candidateId) => {
		const turnId = candidate.get('turn');
		if (candidate.get('state') !== 'generating' || typeof turnId !== 'string') return;
		if (isLost(candidateId)) open.push({ turnId, candidateId });
	});
	doc.transact(() => {
		for (const one of open) finishResponse(doc, { ...one, state: 'failed', fault: 'interrupted' });
	});
	return open.length;
}
