import type { DialogueState } from '#lib/document/workflow.ts';
import type { Carrier } from '../gate/limits.ts';
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
	carrier: Carrier;
	frame: number;
}

export type Incoming = Write | Heard;

/** What one source did in a row; `from` null: the server. */
export interface Run {
	from: Peer | null;
	author: number;
	updates: Uint8Array[];
}

/** What one beat takes from a room: what to store, and what to tell once it is stored. */
export interface Cut {
	/** When the oldest of what it holds came, by performance.now(). */
	since: number;
	/** One a run. */
	rows: LogRow[];
	/** Done in the same transaction, which is then this room's own. */
	effect?: (tx: Queries) => Promise<void>;
	runs: Run[];
	/** Presence for everyone at the table, each with the peer that need not hear it. */
	shown: { from: Peer | null; frame: Buffer }[];
	/** How many messages of a socket are done with, where that was asked for. */
	acks: Map<Peer, number>;
	/** To those who asked with a step 1. */
	answers: { peer: Peer; frames: Buffer[] }[];
	/** To those who asked who is here. */
	curious: Set<Peer>;
	writes: Write[];
	/** The dialogue's, when people wrote. */
	state: DialogueState | null;
	/** More waits than one beat takes. */
	spent: boolean;
}
