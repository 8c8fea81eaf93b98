/** Everything that a command can be refused for: the closed set of the API's error codes, with their HTTP statuses. */
export const API_STATUS = {
	'bad-input': 400,
	'signed-out': 401,
	/** The page is one person's and the session another's. */
	'another-signed-in': 401,
	forbidden: 403,
	'not-found': 404,
	conflict: 409,
	/** The dialogue's state does not allow it. */
	state: 409,
	/** A bot is still writing. */
	generating: 409,
	/** There is no response yet. */
	empty: 409,
	/** The best of several responses is not chosen yet. */
	unchosen: 409,
	/** Some response is not rated, or a required reason is missing. */
	unrated: 409,
	/** The text before some response was changed since. */
	stale: 409,
	/** A reason must be chosen. */
	reason: 400,
	'bot-missing': 409,
	'too-large': 413,
	'slow-down': 429,
	internal: 500,
	unavailable: 503,
} as const;

/** The header in which a page says whose it is, by the user's id. */
export const AS = 'x-duologue-as';

export type ApiErrorCode = keyof typeof API_STATUS;

/** The body of every answer that is not a success. */
export interface ApiErrorBody {
	error: { code: ApiErrorCode; message: string; details?: unknown };
}

/** An expected failure of a command: told to the caller, changes nothing. */
export class Refused extends Error {
	readonly code: ApiErrorCode;
	readonly details: unknown;
	constructor(code: ApiErrorCode, message: string, details?: unknown) {
		super(message);
		this.code = code;
		this.details = details;
	}
}
