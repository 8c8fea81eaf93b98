/**
 * Why a socket was closed. 4400–4499 are final: y-websocket does not come back after them.
 * Everything else means come again.
 */
export const CLOSE = {
	/** A message that no client of ours would send. */
	malformed: 4400,
	signedOut: 4401,
	/** The gate refused a change; the reason names the rule. */
	refused: 4403,
	noSuchDialogue: 4404,
	/** The Yjs client id belongs to somebody else. */
	clientNotYours: 4409,
	tooLarge: 4413,
	/** The server restarts, or the room must be read again. */
	restart: 1012,
	overloaded: 1013,
} as const;

/** The reason of `signedOut` where the page is one person's and the session another's. */
export const ANOTHER_SIGNED_IN = 'another is signed in';
