import type { Database, Queries } from './database.ts';
import { limitOf, pageOf, readCursor, type Page } from './cursor.ts';

export interface Topic {
	id: number;
	project: number;
	title: string;
	brief: string;
	/** A BCP 47 tag, as `en` or `zh`. */
	language: string;
	/** How many dialogues are wanted. */
	target: number;
	position: number;
}

export type NewTopic = Pick<Topic, 'title' | 'brief' | 'language' | 'target'>;

/** `done` counts dialogues that are neither skipped nor discarded, `mine` those of them that are the asker's. */
export type TopicListItem = Omit<Topic, 'project' | 'position'> & { done: number; mine: number };

export interface TopicFilter {
	project: number;
	/** Who asks. */
	userId: number;
	/** Part of the title or the brief, in any case. */
	q?: string | undefined;
	language?: string | undefined;
	cursor?: string | undefined;
	/** 1–200, 50 unless said. */
	limit?: number | undefined;
}

const COLUMNS = `t.id, t.project, t.title, t.brief, t.language, t.target, t.position`;

export class Topics {
	readonly #db: Database;
	constructor(db: Database) {
		this.#db = db;
	}

	/** Adds topics behind those there are, in their order: all of them or, on an error, none. @returns their ids. */
	async addMany(project: number, topics: readonly NewTopic[], tx?: Queries): Promise<number[]> {
		if (!tx) return this.#db.transaction((own) => this.addMany(project, topics, own));
		// Two imports at once would take the same positions: the second waits here.
		await tx.query(`select 1 from project where id = $1 for no key update`, [project]);
		const rows = await tx.query<{ id: number }>(
			`insert into topic (project, title, brief, language, target, position)
			 select $1, n.title, n.brief, n.language, n.target, n.at + last.position
			 from unnest($2::text[], $3::text[], $4::text[], $5::int[])
				with ordinality as n(title, brief, language, target, at),
				(select coalesce(max(position), 0)::int as position from topic where project = $1) last
			 order by n.at returning id`,
			[
				project,
				topics.map((topic) => topic.title),
				topics.map((topic) => topic.brief),
				topics.map((topic) => topic.language),
				topics.map((topic) => topic.target),
			],
		);
		return rows.map((row) => row.id);
	}

	async get(id: number): Promise<Topic | null> {
		const [topic] = await this.#db.query<Topic>(`select ${COLUMNS} from topic t where t.id = $1::bigint`, [
			id,
		]);
		return topic ?? null;
	}

	/** In the project's order. @throws Refused `bad-input` for a cursor that is none. */
	async list(filter: TopicFilter): Promise<Page<TopicListItem>> {
		const limit = limitOf(filter.limit);
		const [position, id] = filter.cursor ? readCursor(filter.cursor, 2) : [null, null];
		const q = filter.q?.replaceAll('\0', '').trim().slice(0, 200); // no text of the database holds a NUL
		const rows = await this.#db.query<TopicListItem & { position: number }>(
			`select t.*, c.done, c.mine from (
				select ${COLUMNS} from topic t
				where t.project = $1
					and ($3::text is null or t.title ilike $3 or t.brief ilike $3)
					and ($4::text is null or t.language = $4)
					and ($5::bigint is null or (t.position, t.id) > ($5, $6::bigint))
				order by t.position, t.id limit $7
			 ) t, lateral (
				select count(*)::int as done, count(*) filter (where d.annotator = $2)::int as mine
				from dialogue d where d.topic = t.id and d.state not in ('skipped', 'discarded')
			 ) c order by t.position, t.id`,
			[
				filter.project,
				filter.userId,
				q ? `%${q.replace(/[\\%_]/g, '\\$&')}%` : null,
				filter.language ?? null,
				position,
				id,
				limit + 1,
			],
		);
		return pageOf(
			rows,
			limit,
			({ id, title, brief, language, target, done, mine }) => ({
				id,
				title,
				brief,
				language,
				target,
				done,
				mine,
			}),
			(row) => [row.position, row.id],
		);
	}

	/**
	 * What somebody should open next: the topic with the smallest share of its target, then the first in order.
	 * Left out: topics that are covered, and those where the person still has a dialogue to write in. Those that
	 * the person once skipped come last.
	 * @returns null when nothing is left.
	 */
	async next(project: number, userId: number, language?: string): Promise<Topic | null> {
		const [topic] = await this.#db.query<Topic>(
			`select ${COLUMNS} from topic t left join (
				select topic, count(*) filter (where state not in ('skipped', 'discarded')) as done,
					bool_or(annotator = $2 and state in ('draft', 'in_progress', 'returned')) as open,
					bool_or(annotator = $2 and state = 'skipped') as skipped
				from dialogue where project = $1 group by topic
			 ) c on c.topic = t.id
			 where t.project = $1 and ($3::text is null or t.language = $3)
				and coalesce(c.done, 0) < t.target and not coalesce(c.open, false)
			 order by coalesce(c.skipped, false), coalesce(c.done, 0)::float8 / t.target, t.position, t.id limit 1`,
			[project, userId, language ?? null],
		);
		return topic ?? null;
	}
}
