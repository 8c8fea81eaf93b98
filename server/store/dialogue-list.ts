import type { DialogueState } from '#lib/document/workflow.ts';
import { limitOf, pageOf, readCursor, type Page } from './cursor.ts';
import type { Queries } from './database.ts';

/** Filters that are given must all hold. */
export interface DialogueFilter {
	project: number;
	annotator?: number | undefined;
	/** Everybody's but this person's. */
	notAnnotator?: number | undefined;
	/** Who claimed it last. */
	reviewer?: number | undefined;
	states?: readonly DialogueState[] | undefined;
	/** Only those whose annotator disputes the decision, unanswered. */
	disputed?: true | undefined;
	/** Only these, as the ones that are live. */
	ids?: readonly number[] | undefined;
	/** `changed` unless said. */
	order?: DialogueOrder | undefined;
	cursor?: string | undefined;
	/** 1–200, 50 unless said. */
	limit?: number | undefined;
}

export type DialogueOrder =
	/** Last changed first. */
	| 'changed'
	/** An annotator's: returned ones, then drafts and those in progress, then the rest; each last changed first. */
	| 'returned-first'
	/** A reviewer's: only those that are submitted, longest waiting first. */
	| 'longest-waiting';

export interface DialogueListItem {
	id: number;
	topic: { id: number; title: string; language: string };
	state: DialogueState;
	together: boolean;
	annotator: { id: number; name: string };
	reviewer: { id: number; name: string } | null;
	turns: number;
	updatedAt: Date;
	submittedAt: Date | null;
	decidedAt: Date | null;
	returnReasons: string[];
	/** Since when its annotator disputes the decision, unanswered. */
	disputedAt: Date | null;
}

interface Row {
	id: number;
	topic: number;
	title: string;
	language: string;
	state: DialogueState;
	together: boolean;
	annotator: number;
	annotator_name: string;
	reviewer: number | null;
	reviewer_name: string | null;
	turns: number;
	updated_at: Date;
	submitted_at: Date | null;
	decided_at: Date | null;
	return_reasons: string[];
	disputed_at: Date | null;
	rank: number;
	at: Date;
}

const RANK = `case d.state when 'returned' then 0 when 'draft' then 1 when 'in_progress' then 1 else 2 end`;

/** The sort key of every order is (rank, at, id); `after` says what comes behind the cursor ($7, $8, $9). */
const ORDERS = {
	changed: {
		rank: '0',
		at: 'd.updated_at',
		by: 'd.updated_at desc, d.id desc',
		after: '$7::bigint = 0 and (d.updated_at, d.id) < ($8::timestamptz, $9::bigint)',
		only: 'true',
	},
	'returned-first': {
		rank: RANK,
		at: 'd.updated_at',
		by: `${RANK}, d.updated_at desc, d.id desc`,
		after: `${RANK} > $7::bigint or (${RANK} = $7 and (d.updated_at, d.id) < ($8::timestamptz, $9::bigint))`,
		only: 'true',
	},
	'longest-waiting': {
		rank: '0',
		at: 'd.submitted_at',
		by: 'd.submitted_at, d.id',
		after: '$7::bigint = 0 and (d.submitted_at, d.id) > ($8::timestamptz, $9::bigint)',
		only: `d.state = 'submitted'`,
	},
} satisfies Record<DialogueOrder, unknown>;

/** @throws Refused `bad-input` for a cursor that is none. */
export async function listDialogues(db: Queries, filter: DialogueFilter): Promise<Page<DialogueListItem>> {
	const order = ORDERS[filter.order ?? 'changed'];
	const limit = limitOf(filter.limit);
	const [rank, at, id] = filter.cursor ? readCursor(filter.cursor, 3) : [];
	const rows = await db.query<Row>(
		`select d.id, d.topic, t.title, t.language, d.state, d.together, d.annotator, a.name as annotator_name,
			d.reviewer, r.name as reviewer_name, d.turns, d.updated_at, d.submitted_at, d.decided_at,
			d.return_reasons, d.disputed_at, ${order.rank} as rank, ${order.at} as at
		 from dialogue d join topic t on t.id = d.topic join app_user a on a.id = d.annotator
			left join app_user r on r.id = d.reviewer
		 where d.project = $1 and ${order.only}
			and ($2::int is null or d.annotator = $2)
			and ($3::int is null or d.annotator <> $3)
			and ($4::int is null or d.reviewer = $4)
			and ($5::text[] is null or d.state = any($5))
			and ($6::bigint[] is null or d.id = any($6))
			and ($11::boolean is null or d.disputed_at is not null)
			and ($7::bigint is null or ${order.after})
		 order by ${order.by} limit $10`,
		[
			filter.project,
			filter.annotator ?? null,
			filter.notAnnotator ?? null,
			filter.reviewer ?? null,
			filter.states ?? null,
			filter.ids ?? null,
			rank ?? null,
			at === undefined ? null : new Date(at),
			id ?? null,
			limit + 1,
			filter.disputed ?? null,
		],
	);
	return pageOf(rows, limit, itemOf, (row) => [row.rank, row.at.getTime(), row.id]);
}

function itemOf(row: Row): DialogueListItem {
	return {
		id: row.id,
		topic: { id: row.topic, title: row.title, language: row.language },
		state: row.state,
		together: row.together,
		annotator: { id: row.annotator, name: row.annotator_name },
		reviewer: row.reviewer === null ? null : { id: row.reviewer, name: row.reviewer_name ?? '' },
		turns: row.turns,
		updatedAt: row.updated_at,
		submittedAt: row.submitted_at,
		decidedAt: row.decided_at,
		returnReasons: row.return_reasons,
		disputedAt: row.disputed_at,
	};
}
