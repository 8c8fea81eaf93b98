import { readDialogue } from '#lib/document/read-dialogue.ts';
import { partOf, type Part } from '#lib/document/workflow.ts';
import type { DocumentKey } from '../rooms/open-rooms.ts';
import type { RatingDocument } from '../store/rating-documents.ts';
import { seesOthersNow } from './blind.ts';
import type { Context } from './context.ts';
import { ratingDocumentOf } from './rating-documents.ts';
import { rubricOf } from './rubric-of.ts';

/** Where a socket may go, and what the person is there. */
export interface Seat {
	key: DocumentKey;
	part: Part;
	/** Of a rater at another's ratings: what they gave themselves. */
	own?: RatingDocument;
}

/**
 * Somebody's seat at a dialogue or, with a rater, at what that one rates in it; null where there is none for them, for
 * whatever reason. Who may rate in a blind dialogue has a rating document from their first seat on.
 */
export async function seatIn(
	ctx: Context,
	userId: number,
	dialogue: number,
	rater: number | null,
): Promise<Seat | null> {
	const party = await ctx.partyIn({ dialogue, userId });
	const part = party && partOf(party, userId, party.role);
	if (!party || !part) return null;
	if (!party.blind) return rater === null ? { key: dialogue, part } : null;
	const own = await (part === 'observer'
		? ctx.ratingDocuments.find(dialogue, userId)
		: ratingDocumentOf(ctx, dialogue, userId));
	if (rater === null) return { key: dialogue, part };
	if (rater === userId) return own && { key: own, part };
	const theirs = await ctx.ratingDocuments.find(dialogue, rater);
	if (theirs === null) return null;
	const [view, rubric] = await Promise.all([ctx.hub.read(dialogue, readDialogue), rubricOf(ctx, dialogue)]);
	const actor = { part, role: party.role };
	if (!(await seesOthersNow(ctx, { userId, actor, view, rubric }, own))) return null;
	return { key: theirs, part, ...(own !== null && { own }) };
}
