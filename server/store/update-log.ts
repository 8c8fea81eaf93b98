import { Reader } from '#lib/wire/reader.ts';
import { putUint, uintLength } from '#lib/wire/uint.ts';
import { byteas, int4s, int8s } from './binary-parameters.ts';
import { bindClient, bindingsIn, type Claim } from './client-bindings.ts';
import type { Database, Queries } from './database.ts';
import { readRows, type ReplayRow } from './replay.ts';

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

export class NoSuchDialogue extends Error {
	readonly dialogue: number;
	constructor(dialogue: number) {
		super(`there is no dialogue ${dialogue}`);
		this.dialogue = dialogue;
	}
}

/** A row's body: its updates, each with its length before it. In one piece of shared memory: there are many. */
export function packUpdates(updates: readonly Uint8Array[]): Uint8Array {
	let length = 0;
	for (const update of updates) length += uintLength(update.length) + update.length;
	const body = Buffer.allocUnsafe(length);
	let at = 0;
	for (const update of updates) {
		at = putUint(body, at, update.length);
		body.set(update, at);
		at += update.length;
	}
	return body;
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
select string_agg(dialogue || ' ' || head, ' ') as heads from moved`;

/**
 * The log of every dialogue's updates. It is the truth.
 * 1. A dialogue's rows have the seqs 1, 2, 3 … without a gap: its head advances in the statement that adds them.
 * 2. An append is one commit: of all its rows, and its effect, or of nothing.
 * 3. Rows that a snapshot holds may move to the archive at any time, oldest first.
 */
export class UpdateLog {
	readonly #db: Database;
	readonly #bind: (claim: Claim) => Promise<boolean | null>;
	constructor(db: Database) {
		this.#db = db;
		this.#bind = bindingsIn(db);
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
		const [found] = await readRows(this.#db, dialogue, seq - 1, seq);
		return found?.author === row.author && Buffer.compare(found.body, row.body) === 0;
	}

	/**
	 * At most `limit` rows after `afterSeq`, oldest first, archived ones too. Bodies may be views of one buffer. A page
	 * costs the reading of whole archive rows, so pages of 1000 rows and more are cheapest.
	 */
	rowsOf(dialogue: number, afterSeq: number, limit: number): Promise<ReplayRow[]> {
		return readRows(this.#db, dialogue, afterSeq, afterSeq + limit);
	}

	/** Binds a Yjs client id to a user, for good. False when it is somebody else's. */
	async bindClient(dialogue: number, client: number, userId: number, tx?: Queries): Promise<boolean> {
		const claim = { dialogue, client, userId };
		return tx === undefined ? (await this.#bind(claim)) === true : bindClient(tx, claim);
	}
}

async function insert(queries: Queries, batches: readonly Batch[]): Promise<Map<number, number>> {
	const rows = batches.flatMap(({ dialogue, rows }) =>
		rows.map((row, index) => ({ dialogue, nth: index + 1, ...row })),
	);
	const [moved] = await queries.prepared<{ heads: string | null }>('log-append', APPEND, [
		int8s(batches.map((batch) => batch.dialogue)),
		int4s(batches.map((batch) => batch.rows.length)),
		int8s(rows.map((row) => row.dialogue)),
		int4s(rows.map((row) => row.nth)),
		int4s(rows.map((row) => row.author)),
		byteas(rows.map((row) => row.body)),
	]);
	return pairsFrom(moved?.heads ?? '');
}

/** One text for all heads: a row each would cost more to read than the rest of the answer. */
function pairsFrom(text: string): Map<number, number> {
	const numbers = text === '' ? [] : text.split(' ').map(Number);
	const pairs = new Map<number, number>();
	for (let at = 0; at + 1 < numbers.length; at += 2) pairs.set(numbers[at] ?? 0, numbers[at + 1] ?? 0);
	return pairs;
}
