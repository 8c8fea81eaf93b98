import type * as Y from 'yjs';
import { allRatings } from '../document/ratings.ts';
import { turnText } from '../document/read-dialogue.ts';
import { commentsOf, draftOf, turnsOf } from '../document/roots.ts';

/** Something typed that the server did not take; `turn` is null for the next prompt. */
export interface LateText {
	turn: string | null;
	text: string;
}

/** What `refused` says and `current` does not: whole texts that differ, new comments, and reasons given. */
export function lateTexts(refused: Y.Doc, current: Y.Doc): LateText[] {
	const found: LateText[] = [];
	const compare = (turn: string | null, before: string | undefined, now: string | undefined): void => {
		if (before !== undefined && before.trim() !== '' && before !== now) found.push({ turn, text: before });
	};
	for (const turn of turnsOf(refused).keys())
		compare(turn, turnText(refused, turn)?.toJSON(), turnText(current, turn)?.toJSON());
	const now = allRatings(current);
	for (const [turn, ratings] of allRatings(refused)) {
		for (const [user, given] of Object.entries(ratings)) {
			for (const [criterion, { why }] of Object.entries(given))
				compare(turn, why, now.get(turn)?.[user]?.[criterion]?.why);
		}
	}
	compare(null, draftOf(refused).toJSON(), draftOf(current).toJSON());
	for (const [id, comment] of commentsOf(refused)) {
		const { turn, text } = comment as { turn: string; text: string }; // this page wrote it, or the gate let it in
		if (!commentsOf(current).has(id)) compare(turn, text, undefined);
	}
	return found;
}
