import * as Y from 'yjs';
import { turnText, visibleTurnIds } from '#lib/document/read-dialogue.ts';
import { addPrompt, admit, begin, beginResponse, finishResponse } from '#lib/document/write-dialogue.ts';
import { random } from '../../support/random.ts';
import type { Clocks } from './fetch-document.ts';
import type { Held } from './participant.ts';
import type { Anchor } from './typist.ts';

const WORDS =
	'the model answers with a list of steps that the user can follow and then asks whether more detail would help because context matters here'.split(
		' ',
	);
const SERVER = 1;
const TYPISTS = [1_000_000_007, 1_500_000_011] as const;
const JUMPS = 0.04;
const BACKSPACES = 0.03;

/** A dialogue that two people have typed, one character an update. */
export interface TypedDialogue extends Held {
	/** What the server made: the turns, empty. */
	empty: Uint8Array;
	/** What people typed into them. */
	keystrokes: Uint8Array[];
	/** How much each of them has typed. */
	typed: Clocks;
	/** Inside the first two turns, and at the end of the last: where a live dialogue goes on. */
	anchors: Anchor[];
}

/** Every other turn a response; the server's transactions are its own functions. */
function emptyTurns(doc: Y.Doc, turns: number): void {
	begin(doc, { topic: 1, state: 'in_progress', together: true });
	for (let nth = 0; nth < turns; nth += 2) {
		addPrompt(doc, { id: `turn-${nth}`, author: 1, text: '' });
		const ids = { turnId: `turn-${nth + 1}`, candidateId: `candidate-${nth + 1}` };
		const bot = { id: 1, name: 'Practice', practice: true };
		beginResponse(doc, { ...ids, parent: `turn-${nth}`, bot });
		finishResponse(doc, { ...ids, state: 'ready' });
	}
}

/** Types into each turn in order, at times somewhere else in it, and takes a character back now and then. */
function typeInto(doc: Y.Doc, turns: number, characters: number): void {
	const fate = random(7 + turns);
	visibleTurnIds(doc).forEach((id, nth) => {
		doc.clientID = TYPISTS[nth % 2] ?? SERVER;
		const text = textOf(doc, id);
		let at = 0;
		let word = '';
		for (let left = Math.floor(characters / turns); left > 0; left--) {
			if (fate.chance(JUMPS)) at = fate.int(text.length + 1);
			if (at > 0 && fate.chance(BACKSPACES)) text.delete(--at, 1);
			if (word === '') word = `${fate.pick(WORDS)} `;
			text.insert(at++, word.charAt(0));
			word = word.slice(1);
		}
	});
}

export function typedDialogue(turns: number, characters: number): TypedDialogue {
	const doc = new Y.Doc();
	doc.clientID = SERVER;
	emptyTurns(doc, turns);
	const empty = Y.encodeStateAsUpdate(doc);
	const keystrokes: Uint8Array[] = [];
	doc.on('update', (update: Uint8Array) => keystrokes.push(update));
	typeInto(doc, turns, characters);
	const last = turns - 1;
	return {
		empty,
		keystrokes,
		state: Y.encodeStateAsUpdate(doc),
		vector: Y.encodeStateVector(doc),
		typed: new Map(TYPISTS.map((client) => [client, Y.getState(doc.store, client)])),
		anchors: [anchorIn(doc, 0, 40), anchorIn(doc, 1, 60), anchorIn(doc, last, Infinity)],
	};
}

/** `update`, and two people in it who may write: what the product stores, byte for byte what peers are brought. */
export function withPeople(update: Uint8Array, annotator: number, reviewer: number): Uint8Array {
	const doc = new Y.Doc();
	Y.applyUpdate(doc, update);
	doc.clientID = SERVER + 1;
	admit(doc, annotator, { name: 'Annotator', part: 'annotator' });
	admit(doc, reviewer, { name: 'Reviewer', part: 'reviewer' });
	return Y.encodeStateAsUpdate(doc);
}

/** The texts of the visible line. */
export const textsOf = (doc: Y.Doc): string[] => visibleTurnIds(doc).map((id) => textOf(doc, id).toJSON());

function textOf(doc: Y.Doc, id: string): Y.Text {
	const text = turnText(doc, id);
	if (text === undefined) throw new Error(`turn ${id} has no text`);
	return text;
}

/** Behind the character at `index`, or the last one; what comes next may be deleted, and still counts as a neighbour. */
function anchorIn(doc: Y.Doc, turn: number, index: number): Anchor {
	const text = textOf(doc, `turn-${turn}`);
	const nth = Math.min(index, text.length - 1);
	let before = nth;
	for (let item = text._start; item !== null; item = item.right) {
		if (item.deleted) continue;
		if (before < item.length) {
			const left = { client: item.id.client, clock: item.id.clock + before };
			const inside = before < item.length - 1 ? { ...left, clock: left.clock + 1 } : null;
			return { turn, index: nth + 1, left, right: inside ?? item.right?.id ?? null };
		}
		before -= item.length;
	}
	throw new Error(`turn ${turn} is empty`);
}
