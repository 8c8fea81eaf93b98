/** What the server writes where a prompt has several answers. Nothing here asks whether it may: commands do. */
import * as Y from 'yjs';
import { beginBotTurn, fieldsFrom, type AnswerPlace } from './bot-turn.ts';
import { groupOf, slotsIn, type Slot } from './candidates.ts';
import { ALL_BAD, TIE } from './choices.ts';
import { turnText } from './read-dialogue.ts';
import { candidatesOf, turnsOf, type Fields } from './roots.ts';
import { settle } from './settle.ts';

/** Adds a bot turn whose text is to be chosen, and its candidates by slot. None of them says which bot writes it. */
export function beginCandidates(
	doc: Y.Doc,
	place: AnswerPlace,
	candidates: readonly { id: string; practice: boolean }[],
): void {
	doc.transact(() => {
		beginBotTurn(doc, place, { author: 'bot' });
		for (const [slot, { id, practice }] of candidates.entries())
			candidatesOf(doc).set(
				id,
				fieldsFrom({ turn: place.turnId, practice, slot, state: 'generating', text: new Y.Text() }),
			);
	});
}

/** Says which bots wrote them. */
export function nameBots(doc: Y.Doc, bots: ReadonlyMap<string, { id: number; name: string }>): void {
	doc.transact(() => {
		for (const [id, bot] of bots) {
			const candidate = candidatesOf(doc).get(id);
			if (candidate === undefined || candidate.has('botName')) continue;
			candidate.set('bot', bot.id);
			candidate.set('botName', bot.name);
		}
	});
}

/**
 * Makes Final from what was chosen; a tie leaves what is there, or takes the first that has a text, and where all are
 * bad Final is empty, to be written. What was made of another candidate before stays whole in a turn of its own,
 * `anew` being the id of the next one; choosing that candidate again brings it back. The turns behind stay.
 */
export function makeFinal(doc: Y.Doc, turnId: string, best: string, anew: string): void {
	const turns = turnsOf(doc);
	const turn = turns.get(turnId);
	if (turn === undefined) return;
	const group = groupOf(turn, turnId);
	const slots = slotsIn(doc).get(group) ?? [];
	const from = basisOf(turn, slots, best);
	if (turn.get('candidate') === from) return;
	doc.transact(() => {
		if (turn.has('candidate')) {
			const known = [...turns.entries()].find(
				([id, one]) => groupOf(one, id) === group && one.get('candidate') === from,
			)?.[0];
			if (known === undefined) turns.set(anew, besides(turn, group));
			const next = known ?? anew;
			turns.get(next)?.delete('replaced');
			turn.set('replaced', next);
			if (known === undefined) take(doc, anew, from);
		} else take(doc, turnId, from);
		settle(doc, group, slots);
	});
}

/** The candidate that Final is made from; null: none. */
function basisOf(turn: Fields, slots: readonly Slot[], best: string): string | null {
	if (best === ALL_BAD) return null;
	if (best !== TIE) return best;
	const stands = turn.get('candidate');
	if (typeof stands === 'string') return stands;
	const [first] = slots;
	return (slots.find(([, candidate]) => candidate.get('original') !== '') ?? first)?.[0] ?? null;
}

/** A further turn in the place of one of the same group: its bots were told the same. */
function besides(turn: Fields, group: string): Fields {
	const kept = ['order', 'role', 'state', 'parent', 'heard'].flatMap((field) =>
		turn.has(field) ? [[field, turn.get(field)] as const] : [],
	);
	return fieldsFrom({ ...Object.fromEntries(kept), author: 'bot', group, text: new Y.Text() });
}

function take(doc: Y.Doc, turnId: string, from: string | null): void {
	const turn = turnsOf(doc).get(turnId);
	turn?.set('candidate', from);
	const candidate = from === null ? undefined : candidatesOf(doc).get(from);
	const bot = candidate?.get('bot');
	if (typeof bot === 'number') turn?.set('author', `bot:${bot}`);
	const original = candidate?.get('original');
	if (typeof original === 'string' && original !== '') turnText(doc, turnId)?.insert(0, original);
}
