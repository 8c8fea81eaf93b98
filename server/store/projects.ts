import { rubricFrom, type Rubric } from '#lib/document/rubric.ts';
import type { Role } from '#lib/document/workflow.ts';
import type { Database, Queries } from './database.ts';
import { USER_COLUMNS, type User } from './users.ts';

export interface Project {
	id: number;
	name: string;
	/** Markdown. */
	guidelines: string;
	/** Whether a dialogue opens with the reviewer asked in to write. */
	together: boolean;
	/** Whether people rate blind in the dialogues that are opened from now on. */
	blind: boolean;
	/** How many responses a prompt gets, 1 to 4. */
	responses: number;
	createdAt: Date;
}

export interface Membership {
	id: number;
	name: string;
	role: Role;
}

const COLUMNS = `id, name, guidelines, together, blind, responses, created_at as "createdAt"`;

export class Projects {
	readonly #db: Database;
	/** Rubrics that were read, by project and version: these never change, and are as many as people published. */
	readonly #rubrics = new Map<string, Promise<Rubric | null>>();
	constructor(db: Database) {
		this.#db = db;
	}

	async create(
		wish: { name: string; guidelines?: string; together?: boolean },
		tx: Queries = this.#db,
	): Promise<Project> {
		const [project] = await tx.query<Project>(
			`insert into project (name, guidelines, together) values ($1, $2, $3) returning ${COLUMNS}`,
			[wish.name, wish.guidelines ?? '', wish.together ?? true],
		);
		if (!project) throw new Error('insert gave no row');
		return project;
	}

	async get(id: number): Promise<Project | null> {
		const [project] = await this.#db.query<Project>(`select ${COLUMNS} from project where id = $1`, [id]);
		return project ?? null;
	}

	async setBlind(id: number, blind: boolean): Promise<void> {
		await this.#db.query(`update project set blind = $2 where id = $1`, [id, blind]);
	}

	/** @param responses 1 to 4: the database refuses any other. */
	async setResponses(id: number, responses: number): Promise<void> {
		await this.#db.query(`update project set responses = $2 where id = $1`, [id, responses]);
	}

	/** Where somebody is a member, oldest project first. */
	ofUser(userId: number): Promise<Membership[]> {
		return this.#db.query<Membership>(
			`select p.id, p.name, m.role from member m join project p on p.id = m.project
			 where m.user_id = $1 order by p.id`,
			[userId],
		);
	}

	/** Null for who is no member. */
	async roleOf(project: number, userId: number, tx: Queries = this.#db): Promise<Role | null> {
		const [row] = await tx.query<{ role: Role }>(
			`select role from member where project = $1 and user_id = $2`,
			[project, userId],
		);
		return row?.role ?? null;
	}

	/** By name; disabled users too. */
	async members(project: number, tx: Queries = this.#db): Promise<{ user: User; role: Role }[]> {
		const rows = await tx.query<User & { role: Role }>(
			`select ${USER_COLUMNS}, m.role from member m join app_user u on u.id = m.user_id
			 where m.project = $1 order by u.name, u.id`,
			[project],
		);
		return rows.map(({ role, ...user }) => ({ user, role }));
	}

	/** Until the transaction ends, whoever else asks for this waits: what is read of the members stays true. */
	async holdMembers(project: number, tx: Queries): Promise<void> {
		await tx.query(`select 1 from project where id = $1 for no key update`, [project]);
	}

	/** Makes somebody a member, or gives a member another role. */
	async setRole(project: number, userId: number, role: Role, tx: Queries = this.#db): Promise<void> {
		await tx.query(
			`insert into member (project, user_id, role) values ($1, $2, $3)
			 on conflict (project, user_id) do update set role = excluded.role`,
			[project, userId, role],
		);
	}

	/** Makes somebody a member; who is one already keeps the role they have. */
	async welcome(project: number, userId: number, role: Role, tx: Queries = this.#db): Promise<void> {
		await tx.query(
			`insert into member (project, user_id, role) values ($1, $2, $3)
			 on conflict (project, user_id) do nothing`,
			[project, userId, role],
		);
	}

	/** Makes somebody a lead of every project there is. */
	async leadAll(userId: number, tx: Queries = this.#db): Promise<void> {
		await tx.query(
			`insert into member (project, user_id, role) select id, $1, 'lead' from project
			 on conflict (project, user_id) do update set role = 'lead'`,
			[userId],
		);
	}

	/** What they wrote stays theirs. */
	async removeMember(project: number, userId: number, tx: Queries = this.#db): Promise<void> {
		await tx.query(`delete from member where project = $1 and user_id = $2`, [project, userId]);
	}

	/** The newest version unless one is named. */
	async rubric(project: number, version?: number): Promise<Rubric | null> {
		if (version === undefined) return this.#readRubric(project, null);
		const key = `${project}/${version}`;
		const known = this.#rubrics.get(key);
		if (known) return known;
		const reading = this.#readRubric(project, version);
		this.#rubrics.set(key, reading);
		const found = await reading.catch(() => null);
		// It may be published yet, or the database be back.
		if (found === null) this.#rubrics.delete(key);
		return reading;
	}

	async #readRubric(project: number, version: number | null): Promise<Rubric | null> {
		const [row] = await this.#db.query<{ version: number; body: Parameters<typeof rubricFrom>[1] }>(
			`select version, body from rubric where project = $1 and ($2::int is null or version = $2)
			 order by version desc limit 1`,
			[project, version],
		);
		return row ? rubricFrom(row.version, row.body) : null;
	}

	/**
	 * Adds the next version; versions never change. The number that `rubric` says is not looked at.
	 * @returns the rubric with the version that it got.
	 */
	async addRubric(
		project: number,
		rubric: Omit<Rubric, 'version'> & { version?: number },
		tx?: Queries,
	): Promise<Rubric> {
		if (!tx) return this.#db.transaction((own) => this.addRubric(project, rubric, own));
		const { name, criteria } = rubric;
		// Two at once would take one number: the second waits here.
		await tx.query(`select 1 from project where id = $1 for no key update`, [project]);
		const [row] = await tx.query<{ version: number }>(
			`insert into rubric (project, version, body)
			 select $1, coalesce(max(version), 0) + 1, $2 from rubric where project = $1 returning version`,
			[project, JSON.stringify({ name, criteria })],
		);
		if (!row) throw new Error('insert gave no row');
		return { name, criteria, version: row.version };
	}
}
