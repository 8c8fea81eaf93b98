/**
 * What the server refused of a person's changes, against what the document says now. It is put on a copy of the
 * document as Yjs would have put it there, had it come in time: so others' edits since are in it, and nothing of
 * theirs is among it.
 */
import * as Y from 'yjs';
import { readDialogue, turnText } from '../document/read-dialogue.ts';
import { choicesOf, commentsOf, draftOf, raterMapsOf, resolvedOf, turnsOf } from '../document/roots.ts';
import type { Rating } from '../document/rubric.ts';
import { MAX_TEXT, type Choice, type Comment } from '../document/schema.ts';
import type { Right } from '../document/workflow.ts';
import { typedNowhere } from './typed-text.ts';
import { exchangesOf } from './workspace-exchanges.ts';

type Delta = Y.YTextEvent['delta'];

/** One place that a refused change would change. `key` names the place; `n` is the number of its turn, from 1. */
export type LateChange = { key: string; n: number | null } & (
	| { kind: 'text'; turn: string; now: string; text: string; delta: Delta }
	| { kind: 'draft'; now: string; text: string; delta: Delta }
	| { kind: 'rating'; turn: string; criterion: string; now: Rating | null; mine: Rating | null }
	| { kind: 'choice'; turn: string; now: Choice | null; mine: Choice | null }
	| { kind: 'comment'; id: string; now: Comment | null; mine: Comment | null }
	| { kind: 'resolved'; id: string; now: boolean; mine: boolean }
	/** Has no place in the document. */
	| { kind: 'typed'; text: string }
);

/** `whole`: nothing of the update waits for something that the document lacks, and the document had none of it. */
export interface LateLook {
	changes: LateChange[];
	whole: boolean;
}

/** What `refused` would change in `current`, which is left alone. `user` is whose changes they are. */
export function lateChanges(current: Y.Doc, refused: Uint8Array, user: string): LateLook {
	const copy = new Y.Doc();
	Y.applyUpdate(copy, Y.encodeStateAsUpdate(current));
	const changes: LateChange[] = [];
	const numbers = numbersOf(copy);
	const watchText = (
		text: Y.Text,
		make: (seen: { now: string; text: string; delta: Delta }) => LateChange,
	): void => {
		const now = text.toJSON();
		text.observe(({ delta }) => {
			const then = text.toJSON();
			if (then !== now) changes.push(make({ now, text: then, delta }));
		});
	};
	for (const turn of turnsOf(copy).keys()) {
		const text = turnText(copy, turn);
		const n = numbers.get(turn) ?? null;
		if (text) watchText(text, (seen) => ({ kind: 'text', key: `text/${turn}`, n, turn, ...seen }));
	}
	watchText(draftOf(copy), (seen) => ({ kind: 'draft', key: 'draft', n: null, ...seen }));
	const watchValues = <T>(
		values: Y.Map<unknown> | undefined,
		make: (key: string, now: T | null, mine: T | null) => LateChange,
	): void => {
		const before = new Map(values?.entries()) as Map<string, T>;
		values?.observe(({ keysChanged }) => {
			for (const key of keysChanged as Set<string>) {
				const [now, mine] = [before.get(key) ?? null, (values.get(key) as T | undefined) ?? null];
				if (JSON.stringify(now) !== JSON.stringify(mine)) changes.push(make(key, now, mine));
			}
		});
	};
	watchValues<Rating>(raterMapsOf(copy).get(user), (key, now, mine) => {
		const [turn = '', criterion = ''] = key.split('/');
		const n = numbers.get(turn) ?? null;
		return { kind: 'rating', key: `rating/${key}`, n, turn, criterion, now, mine };
	});
	watchValues<Choice>(choicesOf(copy).get(user), (turn, now, mine) => {
		return { kind: 'choice', key: `choice/${turn}`, n: numbers.get(turn) ?? null, turn, now, mine };
	});
	watchValues<Comment>(commentsOf(copy), (id, now, mine) => {
		const n = numbers.get((mine ?? now)?.turn ?? '') ?? null;
		return { kind: 'comment', key: `comment/${id}`, n, id, now, mine };
	});
	watchValues<boolean>(resolvedOf(copy), (id, now, mine) => {
		return { kind: 'resolved', key: `resolved/${id}`, n: null, id, now: now === true, mine: mine === true };
	});
	let whole = !holdsOf(copy, refused);
	Y.applyUpdate(copy, refused);
	whole &&= copy.store.pendingStructs === null && copy.store.pendingDs === null;
	const nowhere = whole ? typedNowhere(copy, refused) : '';
	if (nowhere !== '') changes.push({ kind: 'typed', key: 'typed', n: null, text: nowhere });
	copy.destroy();
	return { changes: changes.sort(byPlace), whole };
}

/** Whether the document has structs of this update. */
function holdsOf(doc: Y.Doc, update: Uint8Array): boolean {
	const { from } = Y.parseUpdateMeta(update);
	return [...from].some(([client, clock]) => Y.getState(doc.store, client) > clock);
}

const KINDS: readonly LateChange['kind'][] = [
	'text',
	'rating',
	'choice',
	'comment',
	'resolved',
	'draft',
	'typed',
];

const LAST = 1e9;

const byPlace = (a: LateChange, b: LateChange): number =>
	(a.n ?? LAST) - (b.n ?? LAST) || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);

/** turn → the number of the exchange that it is in. */
function numbersOf(doc: Y.Doc): Map<string, number> {
	const numbers = new Map<string, number>();
	for (const { n, prompt, response } of exchangesOf(readDialogue(doc).turns))
		for (const turn of [prompt, response])
			for (const { id } of turn ? [turn, ...turn.earlier] : []) numbers.set(id, n);
	return numbers;
}

/** Whether the text would be longer than the server takes. */
export const isTooLong = (change: LateChange): boolean =>
	(change.kind === 'text' || change.kind === 'draft') && change.text.length > MAX_TEXT;

/** What somebody must be allowed to for a change to be made after all; null where it cannot be made. */
export function rightFor(change: LateChange): Right | null {
	if (isTooLong(change)) return null;
	switch (change.kind) {
		case 'text':
			return 'edit';
		case 'draft':
			return 'draft';
		case 'rating':
		case 'choice':
			return 'rate';
		case 'comment':
			return 'comment';
		case 'resolved':
			return 'resolve';
		case 'typed':
			return null;
	}
}

/**
 * Makes the change as an ordinary edit, by the document's own client. It must have been looked up in the document
 * as it is.
 */
export function applyLate(doc: Y.Doc, change: LateChange, user: string): void {
	doc.transact(() => {
		switch (change.kind) {
			case 'text':
				return turnText(doc, change.turn)?.applyDelta(change.delta);
			case 'draft':
				return draftOf(doc).applyDelta(change.delta);
			case 'rating':
				return put(raterMapsOf(doc).get(user), `${change.turn}/${change.criterion}`, change.mine);
			case 'choice':
				return put(choicesOf(doc).get(user), change.turn, change.mine);
			case 'comment':
				return put(commentsOf(doc), change.id, change.mine);
			case 'resolved':
				return put(resolvedOf(doc), change.id, change.mine);
			case 'typed':
				return;
		}
	});
}

function put(values: Y.Map<unknown> | undefined, key: string, value: unknown): void {
	if (value === null) values?.delete(key);
	else values?.set(key, value);
}
