import type * as Y from 'yjs';
import { authorKey, authorRuns, type Author, type OwnerOf, type Run } from '../document/authorship.ts';
import type { DialogueView, TurnView } from '../document/dialogue-view.ts';

interface Counted {
	/** Unicode code points: whole characters, and the same number wherever and whenever they are counted. */
	characters: number;
	/** Of all characters of the text, 0 to 1, to four places. */
	share: number;
}

/** How much of one text an author wrote. */
export interface Share extends Counted {
	author: Author;
}

/** The same for whoever does not know the dialogue's members. */
export interface NamedShare extends Counted {
	author: { kind: 'person'; id: number; name: string } | { kind: 'bot'; name: string };
}

/** Turn → whoever wrote in it. */
export type Authorship = ReadonlyMap<string, readonly NamedShare[]>;

/** Whoever wrote any of `text`, most first. */
export function sharesOf(text: string, runs: readonly Run[]): Share[] {
	const counted = new Map<string, Share>();
	let all = 0;
	for (const { offset, length, author } of runs) {
		const characters = codePointsIn(text.slice(offset, offset + length));
		const known = counted.get(authorKey(author));
		if (known) known.characters += characters;
		else counted.set(authorKey(author), { author, characters, share: 0 });
		all += characters;
	}
	const shares = [...counted.values()];
	for (const one of shares) one.share = Math.round((one.characters / all) * 10_000) / 10_000;
	return shares.sort(
		(a, b) => b.characters - a.characters || (authorKey(a.author) < authorKey(b.author) ? -1 : 1),
	);
}

/** Of every turn of `view`, which was read from `doc`, earlier answers too. */
export function authorshipIn(doc: Y.Doc, view: DialogueView, ownerOf: OwnerOf): Authorship {
	const named = ({ author, ...counted }: Share): NamedShare =>
		author.kind === 'bot'
			? { author, ...counted }
			: {
					author: { kind: 'person', id: Number(author.id), name: view.members[author.id]?.name ?? '' },
					...counted,
				};
	const of = (turn: TurnView): [string, NamedShare[]][] => [
		[turn.id, sharesOf(turn.text, authorRuns(doc, turn.id, ownerOf)).map(named)],
		...turn.earlier.flatMap(of),
	];
	return new Map(view.turns.flatMap(of));
}

const codePointsIn = (text: string): number =>
	text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
