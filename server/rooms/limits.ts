import { getHeapStatistics } from 'node:v8';
import type { Allowed, RateLimit } from './rate.ts';

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
/** And its unapplied messages: it is read again once half of them are applied. */
export const UNREAD_MESSAGES = 1000;
/** Unsent bytes of one peer, past which it is left out until it has read them. */
export const BEHIND_LIMIT = 256 << 10;
/** Unsent bytes of one peer, past which it is closed. */
export const UNSENT_LIMIT = 8 << 20;
/** Updates that a room applies in one beat while no other one writes: some 8 ms of work. */
export const UPDATES_A_BEAT = 250;
/** And while others do, who wait for it. */
export const UPDATES_AMONG_OTHERS = 50;
/** Steps of the gate after which a room applies no more in a beat: other rooms have their turn. */
export const STEPS_A_BEAT = 300_000;
/** Bytes of updates after which a room applies no more in a beat: what is stored together comes late together. */
export const BYTES_A_BEAT = 256 << 10;
/** Bytes that a room writes to all its peers in one beat, for the same reason: a full room applies less at a time. */
export const TOLD_A_BEAT = 1 << 20;
/** Bytes that Node reads off a socket at most at once; it would go on to thirty times as many in one turn. */
export const READING = 64 << 10;
/** Messages of one socket that are heard in one turn of the loop. */
export const MESSAGES_A_TURN = 100;
/** What it costs to ask what one was told before, in messages. */
export const QUESTION_COST = 50;
/** Rows after which a snapshot is taken though people write: what a crash makes the next opening read. */
export const SNAPSHOT_ROWS = 2000;

/** What users share among their sockets, and all sockets of a node. */
export interface Limits {
	/** Sockets that one user may have open. */
	peersAUser: number;
	/** How often a user's sockets may come. */
	userKnocks: Allowed;
	peerRate: RateLimit;
	userRate: RateLimit;
	/** Steps of the gate that one user's changes may take. */
	userWork: Allowed;
	/** Unapplied bytes of all peers, past which no socket is read whose last message is not applied. */
	waiting: number;
	/** What the documents of this node may take in memory, in bytes, before those at rest sleep sooner. */
	documents: number;
}

/** Rates are far above what a person and their scripts do; a burst is somebody who types a book. */
export const LIMITS: Limits = {
	peersAUser: 100,
	userKnocks: { burst: 40, perSecond: 20 },
	peerRate: {
		readings: { burst: 2_000, perSecond: 200 },
		bytes: { burst: 8 << 20, perSecond: 256 << 10 },
		messages: { burst: 60_000, perSecond: 2_000 },
	},
	userRate: {
		readings: { burst: 2_000, perSecond: 1_000 },
		bytes: { burst: 16 << 20, perSecond: 512 << 10 },
		messages: { burst: 120_000, perSecond: 4_000 },
	},
	// A keystroke takes some 25 steps, what a day offline comes to a million.
	userWork: { burst: 20_000_000, perSecond: 1_000_000 },
	waiting: 128 << 20,
	// They are in Node's heap, which is small on a small machine.
	documents: Math.min(512 << 20, getHeapStatistics().heap_size_limit / 4),
};
