import { STATES, type Command, type DialogueState } from '#lib/document/workflow.ts';
import type { Page } from './cursor.ts';
import type { Database, Queries } from './database.ts';
import { listDialogues, type DialogueFilter, type DialogueListItem } from './dialogue-list.ts';

/** A dialogue's row: what lists and rights need without opening its document. */
export interface DialogueRow {
	id: number;
	project: number;
	topic: { id: number; title: string; brief: string; language: string };
	bot: number;
	rubricVersion: number;
	state: DialogueState;
	together: boolean;
	/** For good: each rater rates in a document of their own. */
	blind: boolean;
	annotator: Person;
	/** Who claimed it last. */
	reviewer: Person | null;
	/** Prompts sent. */
	turns: number;
	createdAt: Date;
	updatedAt: Date;
	/** When it was last submitted. */
	submittedAt: Date | null;
	/** When it was last accepted or returned. */
	decidedAt: Date | null;
	/** Of the last return; empty once it is accepted. */
	returnReasons: string[];
	returnNote: string | null;
}

export interface Person {
	id: number;
	name: string;
}

export type EventKind = Command['kind'] | 'open';

/** Something that was done to a dialogue as a whole; `seq` counts from 1. */
export interface DialogueEvent {
	seq: number;
	at: Date;
	by: Person;
	kind: EventKind;
	details: Record<string, unknown>;
}

/** One step of a dialogue's life. What is omitted stays. */
export interface Advance {
	/** The states it may start from. */
	from: readonly DialogueState[];
	to: DialogueState;
	by: number;
	kind: EventKind;
	details: Record<string, unknown>;
	reviewer?: number;
	reasons?: readonly string[];
	note?: string;
	together?: boolean;
	/** Whether its annotator disputes the decision from then on. */
	disputed?: boolean;
}

export class Dialogues {
	readonly #db: Database;
	constructor(db: Database) {
		this.#db = db;
	}

	/** A draft with its log's head at 0, and the event `open`. @returns its id. */
	async create(
		tx: Queries,
		wish: {
			project: number;
			topic: number;
			bot: number;
			rubricVersion: number;
			annotator: number;
			together: boolean;
			blind?: boolean;
		},
	): Promise<number> {
		const [row] = await tx.query<{ id: number }>(
			`with made as (
				insert into dialogue (project, topic, bot, rubric_version, annotator, together, blind)
				values ($1, $2, $3, $4, $5, $6, $7) returning id
			 ), headed as (insert into head (dialogue) select id from made)
			 select id from made`,
			[
				wish.project,
				wish.topic,
				wish.bot,
				wish.rubricVersion,
				wish.annotator,
				wish.together,
				wish.blind ?? false,
			],
		);
		if (!row) throw new Error('insert gave no row');
		await this.#record(tx, row.id, { by: wish.annotator, kind: 'open', details: {} });
		return row.id;
	}

	async get(id: number, tx: Queries = this.#db): Promise<DialogueRow | null> {
		const [row] = await tx.query<Flat>(
			`select d.id, d.project, d.bot, d.rubric_version, d.state, d.together, d.blind, d.turns, d.created_at, d.updated_at,
				d.submitted_at, d.decided_at, d.return_reasons, d.return_note, d.topic, t.title, t.brief, t.language,
				d.annotator, a.name as annotator_name, d.reviewer, r.name as reviewer_name
			 from dialogue d join topic t on t.id = d.topic join app_user a on a.id = d.annotator
				left join app_user r on r.id = d.reviewer
			 where d.id = $1`,
			[id],
		);
		return row ? rowOf(row) : null;
	}

	/**
	 * Takes a step and writes its event, in the caller's transaction.
	 * @returns false, with nothing changed, when the dialogue is in none of the states of `from` any more: of two
	 * that decide at once the second waits for the first and then finds it so.
	 */
	async advance(tx: Queries, id: number, step: Advance): Promise<boolean> {
		const moved = await tx.query(
			`update dialogue set state = $3, updated_at = now(),
				reviewer = coalesce($4, reviewer), together = coalesce($5, together),
				return_reasons = case when $3 = 'accepted' then '{}' else coalesce($6, return_reasons) end,
				return_note = case when $3 = 'accepted' then null else coalesce($7, return_note) end,
				submitted_at = case when $3 = 'submitted' then now() else submitted_at end,
				decided_at = case when $3 in ('accepted', 'returned') and state <> $3 then now() else decided_at end,
				disputed_at = case when $8::boolean is null then disputed_at when $8 then now() end
			 where id = $1 and state = any($2) returning id`,
			[
				id,
				step.from,
				step.to,
				step.reviewer ?? null,
				step.together ?? null,
				step.reasons ?? null,
				step.note ?? null,
				step.disputed ?? null,
			],
		);
		if (moved.length === 0) return false;
		await this.#record(tx, id, step);
		return true;
	}

	/** Says that it was worked on. What is omitted stays. */
	async touch(tx: Queries, id: number, change: { turns?: number; together?: boolean }): Promise<void> {
		await tx.query(
			`update dialogue set updated_at = now(), turns = coalesce($2, turns), together = coalesce($3, together)
			 where id = $1`,
			[id, change.turns ?? null, change.together ?? null],
		);
	}

	/** One page of a list. @throws Refused `bad-input` for a cursor that is none. */
	list(filter: DialogueFilter): Promise<Page<DialogueListItem>> {
		return listDialogues(this.#db, filter);
	}

	/** In the order in which they happened. */
	async events(id: number): Promise<DialogueEvent[]> {
		const rows = await this.#db.query<Omit<DialogueEvent, 'by'> & { user_id: number; name: string }>(
			`select e.seq, e.at, e.user_id, u.name, e.kind, e.details
			 from dialogue_event e join app_user u on u.id = e.user_id where e.dialogue = $1 order by e.seq`,
			[id],
		);
		return rows.map(({ user_id, name, ...event }) => ({ ...event, by: { id: user_id, name } }));
	}

	/** How many of a project's dialogues are in each state. */
	async countByState(project: number): Promise<Record<DialogueState, number>> {
		const rows = await this.#db.query<{ state: DialogueState; n: number }>(
			`select state, count(*)::int as n from dialogue where project = $1 group by state`,
			[project],
		);
		const none = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<DialogueState, number>;
		return { ...none, ...Object.fromEntries(rows.map(({ state, n }) => [state, n])) };
	}

	/** Ids beyond `afterId`, ascending: how an export walks a project in bounded memory. */
	async idsAfter(project: number, state: DialogueState, afterId: number, limit: number): Promise<number[]> {
		const rows = await this.#db.query<{ id: number }>(
			`select id from dialogue where project = $1 and state = $2 and id > $3 order by id limit $4`,
			[project, state, afterId, limit],
		);
		return rows.map((row) => row.id);
	}

	/** The dialogue's row is locked by the write before it, so no two events take one number. */
	async #record(tx: Queries, id: number, event: Pick<Advance, 'by' | 'kind' | 'details'>): Promise<void> {
		await tx.query(
			`insert into dialogue_event (dialogue, seq, user_id, kind, details)
			 select $1, coalesce(max(seq), 0) + 1, $2, $3, $4 from dialogue_event where dialogue = $1`,
			[id, event.by, event.kind, JSON.stringify(event.details)],
		);
	}
}

interface Flat {
	id: number;
	project: number;
	bot: number;
	rubric_version: number;
	state: DialogueState;
	together: boolean;
	blind: boolean;
	turns: number;
	created_at: Date;
	updated_at: Date;
	submitted_at: Date | null;
	decided_at: Date | null;
	return_reasons: string[];
	return_note: string | null;
	topic: number;
	title: string;
	brief: string;
	language: string;
	annotator: number;
	annotator_name: string;
	reviewer: number | null;
	reviewer_name: string | null;
}

function rowOf(row: Flat): DialogueRow {
	return {
		id: row.id,
		project: row.project,
		topic: { id: row.topic, title: row.title, brief: row.brief, language: row.language },
		bot: row.bot,
		rubricVersion: row.rubric_version,
		state: row.state,
		together: row.together,
		blind: row.blind,
		annotator: { id: row.annotator, name: row.annotator_name },
		reviewer: row.reviewer === null ? null : { id: row.reviewer, name: row.reviewer_name ?? '' },
		turns: row.turns,
		createdAt: row.created_at,
		updatedAt: row.updated_at,
		submittedAt: row.submitted_at,
		decidedAt: row.decided_at,
		returnReasons: row.return_reasons,
		returnNote: row.return_note,
	};
}
