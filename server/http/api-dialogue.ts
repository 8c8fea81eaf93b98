import type { MemberView, TurnView } from '#lib/document/dialogue-view.ts';
import type { CommentView, Thread } from '#lib/document/read-comments.ts';
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

type Members = Record<string, MemberView>;

const commentOf = ({ id, author, text, at }: CommentView, members: Members): object => ({
	id,
	author: { id: Number(author), name: members[author]?.name ?? '' },
	text,
	at: new Date(at).toISOString(),
});

/** `about`: what it speaks of; of words where they stand now, or that they are `gone`. */
const threadOf = ({ id, subject, first, replies, resolved }: Thread, members: Members): object => ({
	id,
	about: subject,
	comment: first && commentOf(first, members),
	replies: replies.map((reply) => commentOf(reply, members)),
	resolved,
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
		blind: page.blind,
		annotator: page.annotator,
		reviewer: page.reviewer,
		members: view.members,
		draft: view.draft,
		turns: view.turns.map((turn) => turnOf(turn, authorship)),
		ratings: view.ratings,
		comments: page.comments.map((thread) => threadOf(thread, view.members)),
		rubric: { name: page.rubric.name, version: page.rubric.version },
		dispute: view.dispute ?? null,
		returned: page.returnReasons.length > 0 ? { reasons: page.returnReasons, note: page.returnNote } : null,
	};
}
