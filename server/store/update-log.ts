import { createEncoder, toUint8Array, writeVarUint8Array } from 'lib0/encoding';
import { Reader } from '#lib/wire/reader.ts';
import type { Database, Queries } from './database.ts';

/** One author's consecutive updates. */
export interface LogRow {
	/** >0 a user, 0 the server, −id a bot. */
	author: number;
	/** Yjs V1 updates as `packUpdates` writes them. */
	body: Uint8Array;
}

/** The rows that follow a dialogue's head. */
export interface Batch {
	dialogue: number;
	rows: readonly LogRow[];
}

/** A dialogue as stored: a snapshot of its first `seq` rows, and the rows after it up to `head`. */
export interface Stored {
	head: number;
	seq: number;
	state: Uint8Array | null;
	tail: LogRow[];
}

export interface ReplayRow extends LogRow {
	seq: number;
	at: Date;
}

export class NoSuchDialogue extends Error {
	readonly dialogue: number;
	constructor(dialogue: number) {
		super(`there is no dialogue ${dialogue}`);
		this.dialogue = dialogue;
	}
}

/** A row's body: its updates, each with its length before it. */
export function packUpdates(updates: readonly Uint8Array[]): Uint8Array {
	const encoder = createEncoder();
	for (const update of updates) writeVarUint8Array(encoder, update);
	return toUint8Array(encoder);
}

export function unpackUpdates(body: Uint8Array): Uint8Array[] {
	const reader = new Reader(body);
	const updates: Uint8Array[] = [];
	while (!reader.done) updates.push(reader.block());
	return updates;
}

const APPEND = `
with moved as (
	update head h set head = h.head + b.n from unnest($1::bigint[], $2::int[]) b(dialogue, n)
	where h.dialogue = b.dialogue returning h.dialogue, h.head, b.n
), put as (
	insert into update_log (dialogue, seq, author, body)
	select r.dialogue, m.head - m.n + r.k, r.author, r.body
	from unnest($3::bigint[], $4::int[], $5::int[], $6::bytea[]) r(dialogue, k, author, body)
	join moved m on m.dialogue = r.dialogue
)
select dialogue, head from moved`;

/**
 * The log of every dialogue's updates. It is the truth; a snapshot is a cache of its beginning.
 * 1. A dialogue's rows have the seqs 1, 2, 3 … without a gap: its head advances in the statement that adds them.
 * 2. An append is one commit: of all its rows, and its effect, or of nothing.
 * 3. A snapshot at seq n holds exactly the rows up to n, and never goes back.
 */
export class UpdateLog {
	readonly #db: Database;
	constructor(db: Database) {
		this.#db = db;
	}

	/**
	 * Adds rows to any number of dialogues, one batch a dialogue, and answers their new heads. A dialogue that the
	 * log does not know is missing from the answer. `effect` is done first, in the same transaction; when it throws,
	 * or a dialogue is unknown beside it, nothing is stored.
	 */
	async append(
		batches: readonly Batch[],
		effect?: (tx: Queries) => Promise<void>,
	): Promise<Map<number, number>> {
		if (effect === undefined) return insert(this.#db, batches);
		return this.#db.transaction(async (tx) => {
			await effect(tx);
			const heads = await insert(tx, batches);
			for (const { dialogue } of batches) if (!heads.has(dialogue)) throw new NoSuchDialogue(dialogue);
			return heads;
		});
	}

	/** Writes a new dialogue's first row, in the transaction that makes it: so no two nodes ever seed one document. */
	async seed(tx: Queries, dialogue: number, author: number, update: Uint8Array): Promise<void> {
		await insert(tx, [{ dialogue, rows: [{ author, body: packUpdates([update]) }] }]);
	}

	/** The seq of a dialogue's newest row; 0 where there is none. */
	async headOf(dialogue: number): Promise<number> {
		const [found] = await this.#db.query<{ head: number }>('select head from head where dialogue = $1', [
			dialogue,
		]);
		return found?.head ?? 0;
	}

	/** Whether `row` stands at `seq`: tells what became of an append whose answer was lost. */
	async holds(dialogue: number, seq: number, row: LogRow): Promise<boolean> {
		const found = await this.#db.query(
			'select 1 from update_log where dialogue = $1 and seq = $2 and author = $3 and body = $4',
			[dialogue, seq, row.author, asBuffer(row.body)],
		);
		return found.length > 0;
	}

	/** Null when there is no such dialogue. */
	async load(dialogue: number): Promise<Stored | null> {
		const [found] = await this.#db.prepared<{ seq: number | null; state: Buffer | null }>(
			'log-load',
			'select s.seq, s.state from head h left join snapshot s using (dialogue) where h.dialogue = $1',
			[dialogue],
		);
		if (found === undefined) return null;
		const seq = found.seq ?? 0;
		const tail = await this.#db.prepared<LogRow>(
			'log-tail',
			'select author, body from update_log where dialogue = $1 and seq > $2 order by seq',
			[dialogue, seq],
		);
		// Not the head table's: rows may have come between the two queries, and the tail is what was read.
		return { head: seq + tail.length, seq, state: found.state, tail };
	}

	/** Keeps `state`, the document after its first `seq` rows; an older one than is there changes nothing. */
	async snapshot(dialogue: number, seq: number, state: Uint8Array, vector: Uint8Array): Promise<void> {
		await this.#db.prepared(
			'log-snapshot',
			`insert into snapshot (dialogue, seq, state, vector) values ($1, $2, $3, $4)
			on conflict (dialogue) do update
			set seq = excluded.seq, state = excluded.state, vector = excluded.vector, at = now()
			where snapshot.seq < excluded.seq`,
			[dialogue, seq, asBuffer(state), asBuffer(vector)],
		);
	}

	/** At most `limit` rows after `afterSeq`, oldest first. */
	async rowsOf(dialogue: number, afterSeq: number, limit: number): Promise<ReplayRow[]> {
		return this.#db.query<ReplayRow>(
			'select seq, at, author, body from update_log where dialogue = $1 and seq > $2 order by seq limit $3',
			[dialogue, afterSeq, limit],
		);
	}

	/** Binds a Yjs client id to a user, for good. False when it is somebody else's. */
	async bindClient(
		dialogue: number,
		client: number,
		userId: number,
		queries: Queries = this.#db,
	): Promise<boolean> {
		const [owner] = await queries.query<{ user_id: number }>(
			`insert into client_owner (dialogue, client, user_id) values ($1, $2, $3)
			on conflict (dialogue, client) do update set user_id = client_owner.user_id returning user_id`,
			[dialogue, client, userId],
		);
		return owner?.user_id === userId;
	}

	/** client id → user id. */
	async clientsOf(dialogue: number): Promise<Map<number, number>> {
		const rows = await this.#db.prepared<{ client: number; user_id: number }>(
			'log-clients',
			'select client, user_id from client_owner where dialogue = $1',
			[dialogue],
		);
		return new Map(rows.map((row) => [row.client, row.user_id]));
	}
}

async function insert(queries: Queries, batches: readonly Batch[]): Promise<Map<number, number>> {
	const rows = batches.flatMap(({ dialogue, rows }) =>
		rows.map((row, index) => ({ dialogue, nth: index + 1, ...row })),
	);
	const moved = await queries.prepared<{ dialogue: number; head: number }>('log-append', APPEND, [
		int8s(batches.map((batch) => batch.dialogue)),
		int4s(batches.map((batch) => batch.rows.length)),
		int8s(rows.map((row) => row.dialogue)),
		int4s(rows.map((row) => row.nth)),
		int4s(rows.map((row) => row.author)),
		byteas(rows.map((row) => row.body)),
	]);
	return new Map(moved.map(({ dialogue, head }) => [dialogue, head]));
}

/**
 * Arrays travel in PostgreSQL's binary form, as pg would write a bytea[] in hex: dimensions 1, no nulls, the
 * elements' type, their count, lower bound 1, then each element's length and bytes.
 */
function array(type: number, count: number, bytes: number): Buffer {
	const buffer = Buffer.allocUnsafe(20 + 4 * count + bytes);
	[1, 0, type, count, 1].forEach((value, index) => buffer.writeInt32BE(value, 4 * index));
	return buffer;
}

function int4s(values: readonly number[]): Buffer {
	const buffer = array(23, values.length, 4 * values.length);
	let at = 20;
	for (const value of values) at = buffer.writeInt32BE(value, buffer.writeInt32BE(4, at));
	return buffer;
}

function int8s(values: readonly number[]): Buffer {
	const buffer = array(20, values.length, 8 * values.length);
	let at = 20;
	for (const value of values) at = buffer.writeBigInt64BE(BigInt(value), buffer.writeInt32BE(8, at));
	return buffer;
}

function byteas(values: readonly Uint8Array[]): Buffer {
	const bytes = values.reduce((sum, value) => sum + value.length, 0);
	const buffer = array(17, values.length, bytes);
	let at = 20;
	for (const value of values) {
		at = buffer.writeInt32BE(value.length, at);
		buffer.set(value, at);
		at += value.length;
	}
	return buffer;
}

function asBuffer(bytes: Uint8Array): Buffer {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
