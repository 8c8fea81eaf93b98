import type { Context } from './context.ts';
import { seatIn } from './seat.ts';

/** Every open socket of a dialogue or a person gets the part it has by now, or is closed. */
export async function judgeParts(ctx: Context, whose: { dialogue?: number; userId?: number }): Promise<void> {
	await ctx.hub.recheck(
		whose,
		async (userId, dialogue, rater) => (await seatIn(ctx, userId, dialogue, rater)) ?? 'not theirs',
	);
}
