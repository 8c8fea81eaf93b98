/** The largest message that is read, in bytes. */
export const MESSAGE_LIMIT = 4 << 20;
/** For ws: beyond MESSAGE_LIMIT, so that what is only somewhat too large gets our final close code, not ws's 1009. */
export const PAYLOAD_LIMIT = 8 << 20;
/** One person's presence, as JSON in UTF-8. */
export const PRESENCE_LIMIT = 4 << 10;
/** A state vector: some 20,000 clients. */
export const VECTOR_LIMIT = 256 << 10;
/** Unapplied bytes of one peer, past which its socket is not read. */
export const UNREAD_LIMIT = 4 << 20;
/** Unsent bytes of one peer, past which it is left out until it has read them. */
export const BEHIND_LIMIT = 1 << 20;
/** Unsent bytes of one peer, past which it is closed. */
export const UNSENT_LIMIT = 8 << 20;
/** Updates that a room applies in one beat. */
export const UPDATES_A_BEAT = 1000;
/** Rows after which a snapshot is taken. */
export const SNAPSHOT_ROWS = 500;
