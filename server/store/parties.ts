import type { Role } from '#lib/document/workflow.ts';
import { int4s, int8s } from './binary-parameters.ts';
import type { Database } from './database.ts';
import { gathered } from './gathering.ts';

/** Whose a dialogue is, and what the one who asks is in its project. */
export interface Party {
	annotator: number;
	reviewer: number | null;
	blind: boolean;
	role: Role;
}

interface Question {
	dialogue: number;
	userId: number;
}

type Found = Party & { dialogue: number; user_id: number };

const textOf = ({ dialogue, userId }: Question): string => `${dialogue} ${userId}`;

/** What decides about somebody's part in a dialogue, for the many who come to the door at once. */
export function partiesIn(db: Database): (question: Question) => Promise<Party | null> {
	return gathered(async (questions) => {
		const rows = await db.prepared<Found>(
			'parties',
			`select d.id as dialogue, m.user_id, d.annotator, d.reviewer, d.blind, m.role
			from unnest($1::bigint[], $2::int[]) q(dialogue, user_id)
			join dialogue d on d.id = q.dialogue join member m on m.project = d.project and m.user_id = q.user_id`,
			[int8s(questions.map(({ dialogue }) => dialogue)), int4s(questions.map(({ userId }) => userId))],
		);
		return new Map(
			rows.map(({ dialogue, user_id, ...party }) => [textOf({ dialogue, userId: user_id }), party]),
		);
	}, textOf);
}
