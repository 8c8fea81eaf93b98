import * as Y from 'yjs';
import { heardBy, visibleTurnIds } from './read-dialogue.ts';
import { turnsOf, type Fields } from './roots.ts';

export function fieldsFrom(values: Record<string, unknown>): Fields {
	const fields: Fields = new Y.Map();
	for (const [key, value] of Object.entries(values)) fields.set(key, value);
	return fields;
}

export function nextOrder(doc: Y.Doc): number {
	const last = visibleTurnIds(doc).at(-1);
	const order = last === undefined ? -1 : turnsOf(doc).get(last)?.get('order');
	return typeof order === 'number' ? order + 1 : 0;
}

/** Where an answer comes. */
export interface AnswerPlace {
	turnId: string;
	/** The prompt that it answers. */
	parent: string;
	/** The bot turn in whose place it comes; that one and all behind it stay whole, off the visible line. */
	replaces?: string;
}

/** Within a transaction: adds a bot turn that is still to be written. */
export function beginBotTurn(
	doc: Y.Doc,
	{ turnId, parent, replaces }: AnswerPlace,
	given: { author: string; candidate?: string },
): void {
	const before = replaces === undefined ? undefined : turnsOf(doc).get(replaces);
	turnsOf(doc).set(
		turnId,
		fieldsFrom({
			order: before?.get('order') ?? nextOrder(doc),
			role: 'bot',
			state: 'generating',
			parent,
			...given,
			text: new Y.Text(),
		}),
	);
	if (replaces !== undefined && before) {
		for (const id of turnsAfter(doc, turnId, replaces)) turnsOf(doc).get(id)?.set('left', replaces);
		before.set('replaced', turnId);
	}
	turnsOf(doc).get(turnId)?.set('heard', heardBy(doc, turnId));
}

/** The turns of the visible line behind `replaces`, in whose place `turnId` comes. */
function turnsAfter(doc: Y.Doc, turnId: string, replaces: string): string[] {
	const line = visibleTurnIds(doc).filter((id) => id !== turnId);
	return line.slice(line.indexOf(replaces) + 1);
}
