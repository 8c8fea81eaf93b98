import { progressWith, seesOthers } from '#lib/document/blind.ts';
import type { DialogueView } from '#lib/document/dialogue-view.ts';
import { allRatings, NOTHING_GIVEN, withRatings, type AllRatings } from '#lib/document/ratings.ts';
import type { Rubric } from '#lib/document/rubric.ts';
import type { Actor } from '#lib/document/workflow.ts';
import { Refused } from '#lib/wire/api-error.ts';
import type { RatingDocument } from '../store/rating-documents.ts';
import type { Context } from './context.ts';

/** Somebody at a blind dialogue, as they find it. */
interface Onlooker {
	userId: number;
	actor: Actor;
	/** Without anybody's ratings. */
	view: DialogueView;
	rubric: Rubric;
}

/** What somebody's document holds, all of it stored; nothing where they have none. */
const givenIn = async ({ hub }: Context, document: RatingDocument | null): Promise<AllRatings> =>
	document === null ? NOTHING_GIVEN : hub.glance(document, allRatings);

/** Whether somebody may see at this moment what the others gave. */
export async function seesOthersNow(
	ctx: Context,
	{ userId, actor, view, rubric }: Onlooker,
	own: RatingDocument | null,
): Promise<boolean> {
	return seesOthers(actor, view.state, progressWith(view, await givenIn(ctx, own), rubric, String(userId)));
}

/** A blind dialogue with the ratings in it that somebody may see: their own, and the others' once theirs are in. */
export async function viewFor(ctx: Context, dialogue: number, onlooker: Onlooker): Promise<DialogueView> {
	const { userId, view } = onlooker;
	const all = await ctx.ratingDocuments.ofDialogue(dialogue);
	const own = all.find(({ rater }) => rater === userId) ?? null;
	const seen = (await seesOthersNow(ctx, onlooker, own)) ? all : own ? [own] : [];
	// Whatever came meanwhile, no turn is shown that the others' ratings were not judged by.
	const given = await Promise.all(seen.map((document) => givenIn(ctx, document)));
	return withRatings(view, given);
}

/** A dialogue with everybody's ratings, for what looks at it as a whole. */
export async function wholeView(ctx: Context, dialogue: number, view: DialogueView): Promise<DialogueView> {
	const all = await ctx.ratingDocuments.ofDialogue(dialogue);
	const given = await Promise.all(all.map((document) => givenIn(ctx, document)));
	return withRatings(view, given);
}

/** Something of the ratings is still being stored. */
class Unsettled extends Error {}

const TRIES = 5;

/**
 * Does `work`, a write to a blind dialogue, by ratings that are stored and stay as they are until it is: `given` says
 * what they are, within the write's change and before it changes anything.
 * @throws Refused `conflict` when they never hold still.
 */
export async function onSettledRatings<T>(
	{ hub }: Context,
	document: RatingDocument,
	work: (given: () => AllRatings) => Promise<T>,
): Promise<T> {
	for (let tries = 0; tries < TRIES; tries++) {
		await hub.read(document, () => undefined);
		try {
			return await work(() => {
				const settled = hub.settledRatings(document);
				if (settled === null) throw new Unsettled();
				return allRatings(settled);
			});
		} catch (error) {
			if (!(error instanceof Unsettled)) throw error;
		}
	}
	throw new Refused('conflict', 'Your ratings are still being saved: try again');
}
