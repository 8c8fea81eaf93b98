import type { Database, Queries } from './database.ts';
import type { Seal } from './seal.ts';

/** A bot as everybody may see it: whether it has a key, never the key. */
export interface BotSettings {
	id: number;
	project: number;
	name: string;
	kind: 'practice' | 'openai';
	/** Empty for a practice bot. */
	baseUrl: string;
	/** Empty for a practice bot. */
	model: string;
	hasKey: boolean;
	systemPrompt: string;
	/** 0–2; null: the endpoint's own. */
	temperature: number | null;
	timeoutSeconds: number;
	/** A bot that is off answers no more; what it said keeps its name. */
	enabled: boolean;
}

export type NewBot = Pick<BotSettings, 'name' | 'kind'> & BotChange;

/** What is omitted stays as it is; a key of null is removed. */
export type BotChange = Partial<Omit<BotSettings, 'id' | 'project' | 'kind' | 'hasKey'>> & {
	key?: string | null;
};

const COLUMNS = `id, project, name, kind, base_url as "baseUrl", model, key_sealed is not null as "hasKey",
	system_prompt as "systemPrompt", temperature, timeout_seconds as "timeoutSeconds", enabled`;

export class Bots {
	readonly #db: Database;
	readonly #seal: Seal;
	constructor(db: Database, seal: Seal) {
		this.#db = db;
		this.#seal = seal;
	}

	async add(project: number, bot: NewBot, tx: Queries = this.#db): Promise<BotSettings> {
		const [row] = await tx.query<BotSettings>(
			`insert into bot (project, name, kind, base_url, model, key_sealed, system_prompt, temperature,
				timeout_seconds, enabled)
			 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning ${COLUMNS}`,
			[
				project,
				bot.name,
				bot.kind,
				bot.baseUrl ?? '',
				bot.model ?? '',
				bot.key ? this.#seal.seal(bot.key) : null,
				bot.systemPrompt ?? '',
				bot.temperature ?? null,
				bot.timeoutSeconds ?? 60,
				bot.enabled ?? true,
			],
		);
		if (!row) throw new Error('insert gave no row');
		return row;
	}

	/** @returns the bot as it is then; null when there is none. */
	async update(id: number, change: BotChange): Promise<BotSettings | null> {
		const [row] = await this.#db.query<BotSettings>(
			`update bot set name = coalesce($2, name), base_url = coalesce($3, base_url), model = coalesce($4, model),
				system_prompt = coalesce($5, system_prompt), timeout_seconds = coalesce($6, timeout_seconds),
				enabled = coalesce($7, enabled),
				temperature = case when $8 then $9 else temperature end,
				key_sealed = case when $10 then $11 else key_sealed end
			 where id = $1 returning ${COLUMNS}`,
			[
				id,
				change.name ?? null,
				change.baseUrl ?? null,
				change.model ?? null,
				change.systemPrompt ?? null,
				change.timeoutSeconds ?? null,
				change.enabled ?? null,
				change.temperature !== undefined,
				change.temperature ?? null,
				change.key !== undefined,
				change.key ? this.#seal.seal(change.key) : null,
			],
		);
		return row ?? null;
	}

	/** All of a project's, oldest first. */
	list(project: number): Promise<BotSettings[]> {
		return this.#db.query<BotSettings>(`select ${COLUMNS} from bot where project = $1 order by id`, [
			project,
		]);
	}

	async get(id: number): Promise<BotSettings | null> {
		const [row] = await this.#db.query<BotSettings>(`select ${COLUMNS} from bot where id = $1`, [id]);
		return row ?? null;
	}

	/** A project's bots that are on, oldest first. */
	async enabledIn(project: number): Promise<BotSettings[]> {
		return (await this.list(project)).filter(({ enabled }) => enabled);
	}

	/** Null when it has none. @throws SealBroken when it was sealed with another secret key. */
	async keyOf(id: number): Promise<string | null> {
		const [row] = await this.#db.query<{ key_sealed: Buffer | null }>(
			`select key_sealed from bot where id = $1`,
			[id],
		);
		return row?.key_sealed ? this.#seal.open(row.key_sealed) : null;
	}

	/** Turns it off: dialogues go on naming it. */
	async remove(id: number): Promise<void> {
		await this.#db.query(`update bot set enabled = false where id = $1`, [id]);
	}

	/** The project's first bot that is on; null when there is none. */
	async ofProject(project: number): Promise<BotSettings | null> {
		const [row] = await this.#db.query<BotSettings>(
			`select ${COLUMNS} from bot where project = $1 and enabled order by id limit 1`,
			[project],
		);
		return row ?? null;
	}
}
