/**
 * Who wrote a text, as it reads now. A person's words stand under client ids that are bound to them. What stands
 * under no person's id the server wrote: in a response for the bot, in a prompt for whoever had typed it.
 */
import * as Y from 'yjs';
import { firstClockOf, stretchesOf, type Stretch } from './first-writing.ts';
import { streamText, turnText } from './read-dialogue.ts';
import { candidatesOf, turnsOf, type Fields } from './roots.ts';
import type { Typed } from './schema.ts';

/** `id`: a user's, as the document's key. */
export type Author = { kind: 'person'; id: string } | { kind: 'bot'; name: string };

/** What one author wrote in a row. */
export interface Run {
	/** In UTF-16 units, as `length`. */
	offset: number;
	length: number;
	author: Author;
}

/** The user whom a client id is bound to; undefined: the server's. */
export type OwnerOf = (client: number) => string | undefined;

export const authorKey = (author: Author): string => (author.kind === 'person' ? author.id : 'bot');

/** The runs of a turn's text in their order, and without a gap. */
export function authorRuns(doc: Y.Doc, turnId: string, ownerOf: OwnerOf): Run[] {
	const turn = turnsOf(doc).get(turnId);
	const text = turnText(doc, turnId);
	if (turn === undefined || text === undefined) return [];
	if (turn.get('role') === 'bot') {
		const bot = botOf(doc, turn);
		const stream = streamText(doc, turnId);
		if (stream !== undefined) return joined([{ length: stream.length, author: bot }]);
		return joined(
			stretchesOf(text).map((stretch) => ({ ...stretch, author: personOf(stretch, ownerOf) ?? bot })),
		);
	}
	const sent = sentParts(text, turn);
	return joined(
		stretchesOf(text).flatMap((stretch) => {
			const person = personOf(stretch, ownerOf);
			return person ? [{ length: stretch.length, author: person }] : sent(stretch);
		}),
	);
}

/** Who wrote the draft as it stands. */
export function draftRuns(draft: Y.Text, ownerOf: OwnerOf, otherwise: string): Run[] {
	return joined(
		stretchesOf(draft).map((stretch) => ({
			length: stretch.length,
			author: personOf(stretch, ownerOf) ?? { kind: 'person', id: otherwise },
		})),
	);
}

type Part = Pick<Run, 'length' | 'author'>;

function personOf({ client }: Stretch, ownerOf: OwnerOf): Author | undefined {
	const id = ownerOf(client);
	return id === undefined ? undefined : { kind: 'person', id };
}

function botOf(doc: Y.Doc, turn: Fields): Author {
	const candidate = turn.get('candidate');
	const name = typeof candidate === 'string' ? candidatesOf(doc).get(candidate)?.get('botName') : undefined;
	return { kind: 'bot', name: typeof name === 'string' ? name : '' };
}

/** Who typed a stretch of a prompt that the server wrote: it wrote all of it at once, when it was sent. */
function sentParts(text: Y.Text, turn: Fields): (stretch: Stretch) => Part[] {
	const sender = turn.get('author');
	const by = (id: string): Author => ({ kind: 'person', id });
	const otherwise = by(typeof sender === 'string' ? sender : '');
	const maker = text._item?.id.client;
	const begin = maker === undefined ? 0 : firstClockOf(text, maker);
	const typed = (turn.get('typed') ?? []) as Typed;
	return ({ client, clock, length }) => {
		if (client !== maker) return [{ length, author: otherwise }];
		const parts: Part[] = [];
		let at = clock - begin;
		let end = 0;
		for (const [count, id] of typed) {
			end += count;
			if (end <= at || length === 0) continue;
			const here = Math.min(length, end - at);
			parts.push({ length: here, author: by(id) });
			at += here;
			length -= here;
		}
		if (length > 0) parts.push({ length, author: otherwise });
		return parts;
	};
}

/** The parts in a row as runs; neighbours of one author are one, empty ones none. */
function joined(parts: readonly Part[]): Run[] {
	const runs: Run[] = [];
	let offset = 0;
	for (const { length, author } of parts) {
		const last = runs.at(-1);
		if (last && authorKey(last.author) === authorKey(author)) last.length += length;
		else if (length > 0) runs.push({ offset, length, author });
		offset += length;
	}
	return runs;
}
