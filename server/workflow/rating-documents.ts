import * as Y from 'yjs';
import { beginRatings } from '#lib/document/write-dialogue.ts';
import type { Queries } from '../store/database.ts';
import type { RatingDocument } from '../store/rating-documents.ts';
import type { Context } from './context.ts';

const SERVER = 0;

type Stores = Pick<Context, 'ratingDocuments' | 'log'>;

/** Gives a rater of a blind dialogue their document, where they have none: row and first update in one transaction. */
export async function beginRatingDocument(
	{ ratingDocuments, log }: Stores,
	tx: Queries,
	dialogue: number,
	rater: number,
): Promise<void> {
	const made = await ratingDocuments.create(tx, dialogue, rater);
	if (made === null) return;
	const doc = new Y.Doc();
	beginRatings(doc, rater);
	await log.seed(tx, made.document, SERVER, Y.encodeStateAsUpdate(doc));
}

/** A rater's document, made when there is none. */
export async function ratingDocumentOf(
	ctx: Stores & Pick<Context, 'db'>,
	dialogue: number,
	rater: number,
): Promise<RatingDocument> {
	const known = await ctx.ratingDocuments.find(dialogue, rater);
	if (known !== null) return known;
	await ctx.db.transaction((tx) => beginRatingDocument(ctx, tx, dialogue, rater));
	const made = await ctx.ratingDocuments.find(dialogue, rater);
	if (made === null) throw new Error(`dialogue ${dialogue} has no ratings of ${rater}`);
	return made;
}
