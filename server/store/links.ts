import type { Role } from '#lib/document/workflow.ts';
import type { Database, Queries } from './database.ts';
import { digestOf, newToken } from './secret-token.ts';

/** A link that lets somebody in, once. */
export type Link = LinkPurpose & {
	id: number;
	createdBy: number | null;
	expiresAt: Date;
	state: 'open' | 'used' | 'expired';
};

type LinkPurpose =
	| { kind: 'owner' }
	/** `email` null: whoever holds the link may come. */
	| { kind: 'invite'; project: number; role: Role; email: string | null }
	| { kind: 'sign-in'; userId: number };

export type LinkWish = (
	| { kind: 'owner' }
	| { kind: 'invite'; project: number; role: Role; email?: string | null }
	| { kind: 'sign-in'; userId: number }
) & { createdBy?: number | null; minutes: number };

type LinkRow = {
	id: number;
	kind: 'owner' | 'invite' | 'sign-in';
	project: number;
	role: Role;
	email: string | null;
	user_id: number;
	created_by: number | null;
	expires_at: Date;
	used: boolean;
	expired: boolean;
};

const COLUMNS = `id, kind, project, role, email, user_id, created_by, expires_at,
	used_at is not null as used, expires_at <= now() as expired`;

export class Links {
	readonly #db: Database;
	constructor(db: Database) {
		this.#db = db;
	}

	/** @returns the plain token, 43 characters; only its SHA-256 is kept, so nobody can be told it again. */
	async create(wish: LinkWish, tx: Queries = this.#db): Promise<string> {
		const token = newToken();
		const invite = wish.kind === 'invite' ? wish : null;
		await tx.query(
			`insert into entry_link (hash, kind, project, role, email, user_id, created_by, expires_at)
			 values ($1, $2, $3, $4, $5, $6, $7, now() + $8 * interval '1 minute')`,
			[
				digestOf(token),
				wish.kind,
				invite?.project ?? null,
				invite?.role ?? null,
				invite?.email?.trim().toLowerCase() ?? null,
				wish.kind === 'sign-in' ? wish.userId : null,
				wish.createdBy ?? null,
				wish.minutes,
			],
		);
		return token;
	}

	/** What a token opens; looking does not use it. Null for a token that never was, or was revoked. */
	async find(token: string): Promise<Link | null> {
		const [row] = await this.#db.query<LinkRow>(`select ${COLUMNS} from entry_link where hash = $1`, [
			digestOf(token),
		]);
		return row ? linkOf(row) : null;
	}

	/**
	 * Uses up an open link of that kind, in the transaction of what it is used for. Of any number of tries at once
	 * one wins: the others wait for its transaction and then find the link used (or, where it rolled back, open).
	 * @returns the link, or null when it is not open.
	 */
	async use(tx: Queries, token: string, usedBy: number | null, kind?: Link['kind']): Promise<Link | null> {
		const [row] = await tx.query<LinkRow>(
			`update entry_link set used_at = now(), used_by = coalesce($2, user_id)
			 where hash = $1 and used_at is null and expires_at > now() and ($3::text is null or kind = $3)
			 returning ${COLUMNS}`,
			[digestOf(token), usedBy, kind ?? null],
		);
		return row ? linkOf(row) : null;
	}

	/** Says whom a link that was used has let in. */
	async setUser(tx: Queries, id: number, userId: number): Promise<void> {
		await tx.query(`update entry_link set used_by = $2 where id = $1`, [id, userId]);
	}

	/** A project's invitations that can still be accepted, newest first. */
	async openInvites(project: number): Promise<(Link & { kind: 'invite' })[]> {
		const rows = await this.#db.query<LinkRow>(
			`select ${COLUMNS} from entry_link
			 where project = $1 and kind = 'invite' and used_at is null and expires_at > now() order by id desc`,
			[project],
		);
		return rows.map(linkOf).filter((link) => link.kind === 'invite');
	}

	/** Takes back what is not used yet. @returns whether there was such a link. */
	async revoke(id: number): Promise<boolean> {
		const rows = await this.#db.query(
			`delete from entry_link where id = $1 and used_at is null returning id`,
			[id],
		);
		return rows.length > 0;
	}

	/** Takes back every owner's link that is not used yet. */
	async revokeOwnerLinks(tx: Queries): Promise<void> {
		await tx.query(`delete from entry_link where kind = 'owner' and used_at is null`);
	}
}

function linkOf(row: LinkRow): Link {
	const { id, created_by: createdBy, expires_at: expiresAt } = row;
	const state = row.used ? 'used' : row.expired ? 'expired' : 'open';
	const common = { id, createdBy, expiresAt, state } as const;
	switch (row.kind) {
		case 'owner':
			return { kind: 'owner', ...common };
		case 'invite':
			return { kind: 'invite', project: row.project, role: row.role, email: row.email, ...common };
		case 'sign-in':
			return { kind: 'sign-in', userId: row.user_id, ...common };
	}
}
