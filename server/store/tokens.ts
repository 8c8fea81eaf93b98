import type { Database } from './database.ts';
import { digestOf, newToken } from './secret-token.ts';
import { nameOf, USER_COLUMNS, type User } from './users.ts';

/** An API token as its owner sees it; the token itself is shown once, when it is made. */
export interface ApiToken {
	id: number;
	name: string;
	createdAt: Date;
	/** To the minute; null when it was never used. */
	lastUsedAt: Date | null;
}

const PREFIX = 'dlg_';
const SHAPE = /^dlg_[A-Za-z0-9_-]{43}$/;

export class ApiTokens {
	readonly #db: Database;
	constructor(db: Database) {
		this.#db = db;
	}

	/** @returns the plain token, `dlg_…`; only its SHA-256 is kept. @throws Refused `bad-input` for the name. */
	async create(userId: number, name: string): Promise<string> {
		const token = PREFIX + newToken();
		await this.#db.query(`insert into api_token (hash, user_id, name) values ($1, $2, $3)`, [
			digestOf(token),
			userId,
			nameOf(name),
		]);
		return token;
	}

	/** Whose token it is; null when it is unknown or revoked, or its owner disabled. */
	async userOf(token: string): Promise<User | null> {
		if (!SHAPE.test(token)) return null;
		const [row] = await this.#db.query<User & { used_lately: boolean }>(
			`select ${USER_COLUMNS}, coalesce(t.last_used_at > now() - interval '1 minute', false) as used_lately
			 from api_token t join app_user u on u.id = t.user_id
			 where t.hash = $1 and t.revoked_at is null and u.disabled_at is null`,
			[digestOf(token)],
		);
		if (!row) return null;
		const { used_lately, ...user } = row;
		// At most one write a minute, however busy a script is.
		if (!used_lately)
			await this.#db.query(`update api_token set last_used_at = now() where hash = $1`, [digestOf(token)]);
		return user;
	}

	/** Those that are not revoked, oldest first. */
	list(userId: number): Promise<ApiToken[]> {
		return this.#db.query<ApiToken>(
			`select id, name, created_at as "createdAt", last_used_at as "lastUsedAt"
			 from api_token where user_id = $1 and revoked_at is null order by id`,
			[userId],
		);
	}

	/** @returns whether this person had such a token. */
	async revoke(userId: number, id: number): Promise<boolean> {
		const rows = await this.#db.query(
			`update api_token set revoked_at = now() where user_id = $1 and id = $2 and revoked_at is null returning id`,
			[userId, id],
		);
		return rows.length > 0;
	}
}
