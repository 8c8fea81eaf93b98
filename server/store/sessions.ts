import type { Adapter, DatabaseSession, Lucia } from 'lucia';
import type { Database } from './database.ts';
import { gathered } from './gathering.ts';
import { digestOf } from './secret-token.ts';
import { USER_COLUMNS, type User } from './users.ts';

declare module 'lucia' {
	interface Register {
		UserId: number;
		Lucia: Lucia<Record<never, never>, User>;
		DatabaseUserAttributes: User;
	}
}

/** Marks an id that is a digest already, as `getUserSessions` gives them: the plain id is nowhere kept. */
const STORED = 'sha256:';
const keyOf = (id: string) => (id.startsWith(STORED) ? id.slice(STORED.length) : digestOf(id));

const session = (id: string, userId: number, expiresAt: Date): DatabaseSession => ({
	id,
	userId,
	expiresAt,
	attributes: {},
});

/** Where lucia keeps sessions. A disabled user's are as good as gone, also one that was being made meanwhile. */
export function sessionAdapter(db: Database): Adapter {
	const find = gathered<string, User & { expires_at: Date }>(async (digests) => {
		const rows = await db.prepared<User & { expires_at: Date; session: string }>(
			'sessions',
			`select ${USER_COLUMNS}, s.expires_at, s.id as session from session s join app_user u on u.id = s.user_id
			 where s.id = any($1) and u.disabled_at is null`,
			[digests],
		);
		return new Map(rows.map(({ session, ...found }) => [session, found]));
	}, String);
	return {
		async getSessionAndUser(id) {
			// What comes from a cookie is a plain id, never a digest.
			const found = await find(digestOf(id));
			if (!found) return [null, null];
			const { expires_at, ...user } = found;
			return [session(id, user.id, expires_at), { id: user.id, attributes: user }];
		},
		async getUserSessions(userId) {
			const rows = await db.query<{ id: string; expires_at: Date }>(
				`select id, expires_at from session where user_id = $1 order by expires_at`,
				[userId],
			);
			return rows.map((row) => session(STORED + row.id, userId, row.expires_at));
		},
		async setSession({ id, userId, expiresAt }) {
			await db.query(`insert into session (id, user_id, expires_at) values ($1, $2, $3)`, [
				digestOf(id),
				userId,
				expiresAt,
			]);
		},
		async updateSessionExpiration(id, at) {
			await db.query(`update session set expires_at = $2 where id = $1`, [keyOf(id), at]);
		},
		async deleteSession(id) {
			await db.query(`delete from session where id = $1`, [keyOf(id)]);
		},
		async deleteUserSessions(userId) {
			await db.query(`delete from session where user_id = $1`, [userId]);
		},
		async deleteExpiredSessions() {
			await db.query(`delete from session where expires_at <= now()`);
		},
	};
}
