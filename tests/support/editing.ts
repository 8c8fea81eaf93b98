import * as Y from 'yjs';
import { rate, turnText } from '#lib/document/read-dialogue.ts';
import { choicesOf, commentsOf, draftOf, raterMapsOf, resolvedOf } from '#lib/document/roots.ts';
import type { Random } from './random.ts';

const HAND = 'by hand';

/** One person's hands on their copy of a dialogue: everything that a page can do to it, at random. */
export class Editing {
	/** How many undo steps did something. */
	undone = 0;
	readonly #doc: Y.Doc;
	readonly #user: string;
	readonly #turn: string;
	readonly #dice: Random;
	#undo: Y.UndoManager | null = null;

	constructor(doc: Y.Doc, user: number, turn: string, dice: Random) {
		this.#doc = doc;
		this.#user = String(user);
		this.#turn = turn;
		this.#dice = dice;
	}

	/** Does one thing, of which what is typed bears `mark`. Nothing while the dialogue has not come. */
	act(mark: string): void {
		const dice = this.#dice;
		const text = turnText(this.#doc, this.#turn);
		const rated = raterMapsOf(this.#doc).get(this.#user);
		const chosen = choicesOf(this.#doc).get(this.#user);
		if (!text || !rated || !chosen) return;
		const undo = (this.#undo ??= new Y.UndoManager([text, draftOf(this.#doc), rated], {
			trackedOrigins: new Set([HAND]),
			captureTimeout: 1e12, // steps are cut by the dice alone, so that a seed's run is the same every time
		}));
		const act = dice.pick<() => void>([
			() => this.#type(text, mark),
			() => this.#type(text, mark),
			() => this.#type(text, mark),
			() => this.#type(draftOf(this.#doc), mark),
			() => rate(this.#doc, this.#user, this.#turn, 'helpful', { value: 1 + dice.int(3) }),
			() => rate(this.#doc, this.#user, this.#turn, 'spam', { value: dice.chance(0.5) }),
			() => rate(this.#doc, this.#user, this.#turn, dice.pick(['helpful', 'spam']), null),
			() => chosen.set(this.#turn, { best: 'tie', degree: dice.int(9) }),
			() => this.#comment(mark),
			() => this.#doc.transact(() => [this.#type(text, mark), this.#type(draftOf(this.#doc), mark)]),
		]);
		if (dice.chance(0.1)) this.undone += undo.undo() ? 1 : 0;
		else if (dice.chance(0.05)) undo.redo();
		else this.#doc.transact(act, HAND);
		if (dice.chance(0.5)) undo.stopCapturing();
	}

	#type(text: Y.Text, mark: string): void {
		const dice = this.#dice;
		if (text.length > 0 && dice.chance(0.35)) {
			const at = dice.int(text.length);
			text.delete(at, Math.min(1 + dice.int(4), text.length - at));
		} else text.insert(dice.int(text.length + 1), dice.pick([mark, `${mark} `, `${mark}字`, `${mark}\n`]));
	}

	#comment(mark: string): void {
		const dice = this.#dice;
		const id = `${this.#user}-${dice.int(4)}`;
		const comments = commentsOf(this.#doc);
		if (comments.has(id) && dice.chance(0.3)) comments.delete(id);
		else comments.set(id, { author: this.#user, turn: this.#turn, text: mark, at: dice.int(1e6) });
		if (dice.chance(0.3)) resolvedOf(this.#doc).set(id, dice.chance(0.5));
	}
}

/** Everything that is in a dialogue's document, to be compared. */
export function wholeOf(doc: Y.Doc): object {
	const names = ['dialogue', 'turns', 'candidates', 'choices', 'ratings', 'comments', 'resolved'];
	return {
		...Object.fromEntries(names.map((name) => [name, doc.getMap(name).toJSON()])),
		draft: draftOf(doc).toJSON(),
		vector: Y.decodeStateVector(Y.encodeStateVector(doc)),
		deleted: Y.encodeSnapshot(Y.snapshot(doc)),
		waiting: [doc.store.pendingStructs, doc.store.pendingDs],
	};
}
