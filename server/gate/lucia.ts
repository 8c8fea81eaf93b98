import { Lucia, TimeSpan } from 'lucia';
import type { Database } from '../store/database.ts';
import { sessionAdapter } from '../store/sessions.ts';
import type { User } from '../store/users.ts';

const COOKIE = 'duologue_session';
/** Not lucia's reader: that one throws at another site's cookie that is no URI component. */
const COOKIE_PATTERN = new RegExp(`(?:^|;)\\s*${COOKIE}=([a-z0-9]{20,80})\\s*(?:;|$)`);

/** Sign-in sessions: 30 days, prolonged when half of that is over. The one file that knows lucia. */
export class Sessions {
	readonly #lucia: Lucia<Record<never, never>, User>;

	/** `secure`: the cookie travels on https only. */
	constructor(db: Database, { secure }: { secure: boolean }) {
		this.#lucia = new Lucia(sessionAdapter(db), {
			sessionExpiresIn: new TimeSpan(30, 'd'),
			sessionCookie: { name: COOKIE, attributes: { secure, sameSite: 'lax', path: '/' } },
			getUserAttributes: ({ id, email, name, owner, locale, disabled }) => ({
				id,
				email,
				name,
				owner,
				locale,
				disabled,
			}),
		});
	}

	/** @returns the `Set-Cookie` header of a new session. */
	async begin(userId: number): Promise<string> {
		await this.#lucia.deleteExpiredSessions();
		const { id } = await this.#lucia.createSession(userId, {});
		return this.#lucia.createSessionCookie(id).serialize();
	}

	/** Who a `Cookie` header belongs to; `setCookie` when the session was prolonged and so must the cookie be. */
	async find(cookies: string): Promise<{ user: User; sessionId: string; setCookie?: string } | null> {
		const sessionId = COOKIE_PATTERN.exec(cookies)?.[1];
		if (!sessionId) return null;
		const { user, session } = await this.#lucia.validateSession(sessionId);
		if (!user) return null;
		const setCookie = session.fresh ? this.#lucia.createSessionCookie(sessionId).serialize() : undefined;
		return { user, sessionId, ...(setCookie !== undefined && { setCookie }) };
	}

	/** @returns the `Set-Cookie` header that takes the cookie away. */
	async end(sessionId: string): Promise<string> {
		await this.#lucia.invalidateSession(sessionId);
		return this.#lucia.createBlankSessionCookie().serialize();
	}
}
