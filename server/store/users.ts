import { z } from 'zod';
import { Refused } from '#lib/wire/api-error.ts';
import type { Database, Queries } from './database.ts';

export interface User {
	id: number;
	email: string;
	name: string;
	/** Administers the installation. */
	owner: boolean;
	locale: Locale;
	/** Signed out everywhere, and refused at every entrance. */
	disabled: boolean;
}

export type Locale = 'en' | 'zh';

export interface Credentials {
	user: User;
	/** Null for who has no password and enters by links. */
	passwordHash: string | null;
}

export class EmailTaken extends Error {
	constructor(email: string) {
		super(`Somebody is registered as ${email} already`);
	}
}

/** The columns of a User, for every query that joins `app_user u`. */
export const USER_COLUMNS = `u.id, u.email, u.name, u.owner, u.locale, u.disabled_at is not null as disabled`;

const email = z.string().trim().toLowerCase().max(254).pipe(z.email());
const name = z
	.string()
	.trim()
	.min(1)
	.max(80)
	.regex(/^\P{Cc}*$/u);

/** @returns the address as it is stored: trimmed, lower case. @throws Refused `bad-input` */
export function emailOf(text: string): string {
	const read = email.safeParse(text);
	if (!read.success) throw new Refused('bad-input', 'That is not an email address', { field: 'email' });
	return read.data;
}

/** @throws Refused `bad-input` unless 1–80 characters are left when trimmed, none a control character. */
export function nameOf(text: string): string {
	const read = name.safeParse(text);
	if (!read.success) throw new Refused('bad-input', 'A name has 1 to 80 characters', { field: 'name' });
	return read.data;
}

export class Users {
	readonly #db: Database;
	constructor(db: Database) {
		this.#db = db;
	}

	/** @throws EmailTaken; Refused `bad-input` for an email or a name that is none. */
	async create(
		wish: {
			email: string;
			name: string;
			passwordHash?: string | null;
			owner?: boolean;
			locale?: Locale;
		},
		tx: Queries = this.#db,
	): Promise<User> {
		const address = emailOf(wish.email);
		// Not a unique violation: that would spoil the transaction the caller may be in.
		const [user] = await tx.query<User>(
			`insert into app_user as u (email, name, password_hash, owner, locale) values ($1, $2, $3, $4, $5)
			 on conflict (email) do nothing returning ${USER_COLUMNS}`,
			[address, nameOf(wish.name), wish.passwordHash ?? null, wish.owner ?? false, wish.locale ?? 'en'],
		);
		if (!user) throw new EmailTaken(address);
		return user;
	}

	async byId(id: number, tx: Queries = this.#db): Promise<User | null> {
		const [user] = await tx.query<User>(`select ${USER_COLUMNS} from app_user u where u.id = $1`, [id]);
		return user ?? null;
	}

	/** The person with that email, however it is written, and what their password must match. */
	async byEmail(text: string): Promise<Credentials | null> {
		const read = email.safeParse(text);
		if (!read.success) return null;
		const [row] = await this.#db.query<User & { hash: string | null }>(
			`select ${USER_COLUMNS}, u.password_hash as hash from app_user u where u.email = $1`,
			[read.data],
		);
		if (!row) return null;
		const { hash, ...user } = row;
		return { user, passwordHash: hash };
	}

	/** Everybody, disabled ones too, oldest first. */
	list(): Promise<User[]> {
		return this.#db.query<User>(`select ${USER_COLUMNS} from app_user u order by u.id`);
	}

	async count(tx: Queries = this.#db): Promise<number> {
		const [row] = await tx.query<{ n: number }>(`select count(*)::int as n from app_user`);
		return row?.n ?? 0;
	}

	/** Signs the person out everywhere: whoever knew the old password is out. */
	async setPassword(id: number, passwordHash: string): Promise<void> {
		await this.#db.transaction(async (tx) => {
			await tx.query(`update app_user set password_hash = $2 where id = $1`, [id, passwordHash]);
			await tx.query(`delete from session where user_id = $1`, [id]);
		});
	}

	async setLocale(id: number, locale: Locale): Promise<void> {
		await this.#db.query(`update app_user set locale = $2 where id = $1`, [id, locale]);
	}

	/** Also signs the person out everywhere; their API tokens rest until they are enabled again. */
	async disable(id: number): Promise<void> {
		await this.#db.transaction(async (tx) => {
			await tx.query(`update app_user set disabled_at = coalesce(disabled_at, now()) where id = $1`, [id]);
			await tx.query(`delete from session where user_id = $1`, [id]);
		});
	}

	async enable(id: number): Promise<void> {
		await this.#db.query(`update app_user set disabled_at = null where id = $1`, [id]);
	}
}
