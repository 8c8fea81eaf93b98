import { Refused } from '#lib/wire/api-error.ts';
import type { Database } from '../store/database.ts';
import type { Links } from '../store/links.ts';
import type { Projects } from '../store/projects.ts';
import type { ApiTokens } from '../store/tokens.ts';
import { EmailTaken, emailOf, nameOf, type Locale, type User, type Users } from '../store/users.ts';
import { Sessions } from './lucia.ts';
import { networkOf } from './network-of.ts';
import { hashPassword, passwordMatches } from './passwords.ts';
import { Throttle, type Clock } from './throttle.ts';

/** `cookie`: the whole value of a `Set-Cookie` header. */
export type SignedIn = { ok: true; cookie: string; user: User };
/** `slow`: not looked at, come back after `retryAfterSeconds`. */
export type NotSignedIn = { ok: false; why: 'wrong' | 'slow'; retryAfterSeconds?: number };
/** The link is unknown, used, expired or not for this. */
export type LinkRefused = { ok: false; why: 'link'; retryAfterSeconds?: number };

export interface Account {
	email: string;
	name: string;
	password: string;
	locale: Locale;
}

/** Who is asking. `setCookie`, when given, must be handed back: the session was prolonged. */
export type Identity =
	| { via: 'session'; user: User; sessionId: string; setCookie?: string }
	| { via: 'token'; user: User; sessionId?: undefined; setCookie?: undefined };

const NO_LINK: LinkRefused = { ok: false, why: 'link' };
const OWNER_LINK_MINUTES = 24 * 60;

/**
 * Who may enter. Invariants:
 * - nobody gets an account without a link, and a link serves once;
 * - a disabled account enters by no door;
 * - how long an answer takes, and what it says, does not tell whether an email is registered.
 */
export class Entry {
	readonly #db: Database;
	readonly #users: Users;
	readonly #links: Links;
	readonly #tokens: ApiTokens;
	readonly #projects: Projects;
	readonly #sessions: Sessions;
	readonly #throttle: Throttle;

	/** `secure`: the site is served on https. `now`: the clock that failed tries are timed by. */
	constructor(o: {
		db: Database;
		users: Users;
		links: Links;
		tokens: ApiTokens;
		projects: Projects;
		config: { secure: boolean };
		now?: Clock;
	}) {
		this.#db = o.db;
		this.#users = o.users;
		this.#links = o.links;
		this.#tokens = o.tokens;
		this.#projects = o.projects;
		this.#sessions = new Sessions(o.db, o.config);
		this.#throttle = new Throttle(o.now && { now: o.now });
	}

	async signIn(email: string, password: string, ip: string): Promise<SignedIn | NotSignedIn> {
		const found = await this.#verify(email, password, ip);
		return found.ok ? this.#welcome(found.user) : found;
	}

	/** @returns the `Set-Cookie` header that takes the cookie away. */
	signOut(sessionId: string): Promise<string> {
		return this.#sessions.end(sessionId);
	}

	/** On an installation without accounts, the token of the one link that makes the first; replaces older ones. */
	ownerLink(): Promise<string | null> {
		return this.#db.transaction(async (tx) => {
			// Two nodes that start at once must not leave two links.
			await tx.query(`select pg_advisory_xact_lock(hashtext('duologue owner link'))`);
			if ((await this.#users.count(tx)) > 0) return null;
			await this.#links.revokeOwnerLinks(tx);
			return this.#links.create({ kind: 'owner', minutes: OWNER_LINK_MINUTES }, tx);
		});
	}

	/**
	 * Makes the owner's account, a lead of every project there is.
	 * @throws Refused `bad-input` for the account; the link is still open then.
	 */
	async createOwner(token: string, account: Account): Promise<SignedIn | LinkRefused> {
		const link = await this.#links.find(token);
		if (link?.kind !== 'owner' || link.state !== 'open') return NO_LINK;
		const wish = { ...(await registration(account)), owner: true };
		const user = await this.#db.transaction(async (tx) => {
			const used = await this.#links.use(tx, token, null, 'owner');
			if (!used || (await this.#users.count(tx)) > 0) return null;
			const owner = await this.#users.create(wish, tx);
			await this.#links.setUser(tx, used.id, owner.id);
			await this.#projects.leadAll(owner.id, tx);
			return owner;
		});
		return user ? this.#welcome(user) : NO_LINK;
	}

	/**
	 * Makes a member of who was invited: a new account, or the one that has this email when `password` is its
	 * password (name and locale are then left alone).
	 * @throws Refused `bad-input` for the account, or an email that is not the invited one; the link is still open then.
	 */
	async acceptInvite(
		token: string,
		account: Account,
		ip: string,
	): Promise<SignedIn | NotSignedIn | LinkRefused> {
		const link = await this.#links.find(token);
		if (link?.kind !== 'invite' || link.state !== 'open') return NO_LINK;
		const email = emailOf(account.email);
		if (link.email !== null && link.email !== email)
			throw new Refused('bad-input', 'The invitation is for another email', { field: 'email' });

		const known = await this.#users.byEmail(email);
		const verified = known && (await this.#verify(email, account.password, ip));
		if (verified?.ok === false) return verified;
		const wish = verified ? null : await registration(account);
		try {
			const user = await this.#db.transaction(async (tx) => {
				const used = await this.#links.use(tx, token, verified?.user.id ?? null, 'invite');
				if (used?.kind !== 'invite') return null;
				const member = wish ? await this.#users.create(wish, tx) : (verified?.user ?? null);
				if (!member) return null;
				await this.#links.setUser(tx, used.id, member.id);
				await this.#projects.welcome(used.project, member.id, used.role, tx);
				return member;
			});
			return user ? await this.#welcome(user) : NO_LINK;
		} catch (error) {
			// Somebody registered with this email in the meantime: from now on it wants their password.
			if (error instanceof EmailTaken) return { ok: false, why: 'wrong' };
			throw error;
		}
	}

	async followSignInLink(token: string): Promise<SignedIn | LinkRefused> {
		const user = await this.#db.transaction(async (tx) => {
			const link = await this.#links.use(tx, token, null, 'sign-in');
			return link?.kind === 'sign-in' ? this.#users.byId(link.userId, tx) : null;
		});
		return user && !user.disabled ? this.#welcome(user) : NO_LINK;
	}

	/** Who a request's headers speak for. A bearer token that is refused does not fall back to the cookie. */
	async identify(headers: {
		cookie?: string | undefined;
		authorization?: string | undefined;
	}): Promise<Identity | null> {
		const bearer = /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
		if (bearer !== undefined) {
			const user = await this.#tokens.userOf(bearer);
			return user && { via: 'token', user };
		}
		const session = headers.cookie ? await this.#sessions.find(headers.cookie) : null;
		return session && { via: 'session', ...session };
	}

	async #welcome(user: User): Promise<SignedIn> {
		return { ok: true, cookie: await this.#sessions.begin(user.id), user };
	}

	async #verify(
		email: string,
		password: string,
		ip: string,
	): Promise<{ ok: true; user: User } | NotSignedIn> {
		const account = `email ${email.trim().toLowerCase().slice(0, 254)}`;
		const keys = [account, `network ${networkOf(ip)}`];
		if (this.#throttle.wait(keys) > 0) return this.#slow(keys);
		const found = await this.#users.byEmail(email);
		const matches = await passwordMatches(found?.passwordHash ?? null, password);
		// Tries that were made side by side have all passed the first look: what they found must not be told.
		const late = this.#throttle.wait(keys) > 0;
		const user = matches && found && !found.user.disabled ? found.user : null;
		if (!user) this.#throttle.failed(keys);
		if (late) return this.#slow(keys);
		if (!user) return { ok: false, why: 'wrong' };
		this.#throttle.forget(account);
		return { ok: true, user };
	}

	#slow(keys: readonly string[]): NotSignedIn {
		return { ok: false, why: 'slow', retryAfterSeconds: this.#throttle.wait(keys) };
	}
}

/** Checks a new account. The password is hashed here, outside of any transaction: it takes its time. */
async function registration({ email, name, password, locale }: Account) {
	const checked = { email: emailOf(email), name: nameOf(name), locale };
	return { ...checked, passwordHash: await hashPassword(password) };
}
