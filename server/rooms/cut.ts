import type { Queries } from '../store/database.ts';
import type { LogRow } from '../store/update-log.ts';
import type { Peer } from './peer.ts';

/** A change that the server makes. */
export interface Write {
	kind: 'write';
	/** 0: the server; −id: a bot; >0: a user, for whom the server writes. */
	author: number;
	/** What it throws is what the caller is told. */
	change: () => void;
	/** Done in the transaction that stores the change. */
	effect: ((tx: Queries) => Promise<void>) | undefined;
	/** Called once: stored, or why not. */
	settle: (error?: unknown) => void;
}

/** An update as it came; `frame`: how many messages of its socket came up to it. */
export interface Heard {
	kind: 'heard';
	from: Peer;
	update: Uint8Array;
	frame: number;
}

export type Incoming = Write | Heard;

/** What one beat takes from a room: what to store, and what to tell once it is stored. */
export interface Cut {
	rows: LogRow[];
	/** Done in the same transaction, which is then this room's own. */
	effect?: (tx: Queries) => Promise<void>;
	/** Messages for everyone at the table, each with the peer that need not hear it. */
	told: { from: Peer | null; message: Uint8Array }[];
	/** How many messages of a socket are done with. */
	acks: Map<Peer, number>;
	/** To those who asked with a step 1. */
	answers: { peer: Peer; messages: Uint8Array[] }[];
	writes: Write[];
	/** Users who wrote. */
	writers: Set<number>;
}
