import type { TurnView } from '#lib/document/dialogue-view.ts';
import type { Authorship } from '#lib/measure/shares.ts';
import type { DialoguePage } from '../workflow/view-dialogue.ts';

const turnOf = (
	{ earlier, followers, bot, fault, original, ...turn }: TurnView,
	authorship: Authorship,
): object => ({
	...turn,
	authorship: authorship.get(turn.id) ?? [],
	...(original !== undefined && { original }),
	...(bot && { bot }),
	...(fault && { fault }),
	...(earlier.length > 0 && { earlier: earlier.map((one) => turnOf(one, authorship)) }),
	...(followers.length > 0 && { followers: followers.map((one) => turnOf(one, authorship)) }),
});

/** A dialogue as the API answers it. */
export function asApiDialogue(
	{ id, topic, state, seq, view, ...page }: DialoguePage,
	authorship: Authorship = new Map(),
): object {
	return {
		id,
		state,
		topic,
		seq,
		together: view.together,
		annotator: page.annotator,
		reviewer: page.reviewer,
		members: view.members,
		draft: view.draft,
		turns: view.turns.map((turn) => turnOf(turn, authorship)),
		rubric: { name: page.rubric.name, version: page.rubric.version },
		returned: page.returnReasons.length > 0 ? { reasons: page.returnReasons, note: page.returnNote } : null,
	};
}
