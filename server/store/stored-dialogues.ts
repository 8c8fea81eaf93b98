import type { Summary } from '#lib/document/summary.ts';
import { asBuffer, int8s } from './binary-parameters.ts';
import type { Database } from './database.ts';
import { gathered } from './gathering.ts';
import { readRows } from './replay.ts';
import type { LogRow } from './update-log.ts';

/** A document encoded, and what it says that is needed before anybody reads it. */
export interface Encoded {
	/** As a Yjs V1 update. */
	state: Uint8Array;
	vector: Uint8Array;
	/** Where in `state` the delete set begins. */
	deletes: number;
	summary: Summary;
}

export interface Snapshot extends Encoded {
	/** The document after its first `seq` rows. */
	seq: number;
}

/** A dialogue as stored: a snapshot of its beginning, and the rows after it up to `head`. */
export interface Stored {
	head: number;
	snapshot: Snapshot | null;
	tail: LogRow[];
	/** Yjs client id → user id. */
	clients: Map<number, number>;
}

type Found = { dialogue: number; head: number } & (Snapshot | { seq: null });

type TailRow = LogRow & { dialogue: number; seq: number };

/** Reads whole dialogues, and keeps their snapshots. All that is asked for in one turn of the loop is read at once. */
export class StoredDialogues {
	readonly #db: Database;
	/** Null when there is no such dialogue. */
	readonly load: (dialogue: number) => Promise<Stored | null>;

	constructor(db: Database) {
		this.#db = db;
		this.load = gathered<number, Stored>((dialogues) => this.#load(dialogues), String);
	}

	async #load(dialogues: readonly number[]): Promise<Map<string, Stored>> {
		const [found, clients] = await Promise.all([this.#found(dialogues), this.#clientsOf(dialogues)]);
		const tails = await this.#tails(found.filter(({ head, seq }) => head > (seq ?? 0)));
		const stored = new Map<string, Stored>();
		for (const row of found) {
			const { dialogue } = row;
			const seq = row.seq ?? 0;
			const read = tails.get(dialogue) ?? [];
			// Between the queries a newer snapshot and a fold may have taken rows from the log: from its beginning only,
			// so that the first row tells, or where there is none, that there should be one.
			const whole = (read[0]?.seq ?? row.head + 1) === seq + 1;
			const tail = whole ? read : await readRows(this.#db, dialogue, seq, Number.MAX_SAFE_INTEGER);
			stored.set(String(dialogue), {
				// Not the head table's: rows may have come between the queries, and the tail is what was read.
				head: seq + tail.length,
				snapshot: row.seq === null ? null : row,
				tail,
				clients: clients.get(dialogue) ?? new Map<number, number>(),
			});
		}
		return stored;
	}

	#found(dialogues: readonly number[]): Promise<Found[]> {
		return this.#db.prepared<Found>(
			'stored-found',
			`select h.dialogue, h.head, s.seq, s.state, s.vector, s.deletes, s.summary
			from head h left join snapshot s using (dialogue) where h.dialogue = any($1::bigint[])`,
			[int8s(dialogues)],
		);
	}

	async #tails(found: readonly Found[]): Promise<Map<number, TailRow[]>> {
		if (found.length === 0) return new Map();
		const rows = await this.#db.prepared<TailRow>(
			'stored-tails',
			`select l.dialogue, l.seq, l.author, l.body from unnest($1::bigint[], $2::bigint[]) s(dialogue, seq)
			join update_log l on l.dialogue = s.dialogue and l.seq > s.seq order by l.dialogue, l.seq`,
			[int8s(found.map(({ dialogue }) => dialogue)), int8s(found.map(({ seq }) => seq ?? 0))],
		);
		return Map.groupBy(rows, ({ dialogue }) => dialogue);
	}

	async #clientsOf(dialogues: readonly number[]): Promise<Map<number, Map<number, number>>> {
		const rows = await this.#db.prepared<{ dialogue: number; client: number; user_id: number }>(
			'stored-clients',
			'select dialogue, client, user_id from client_owner where dialogue = any($1::bigint[])',
			[int8s(dialogues)],
		);
		const clients = new Map<number, Map<number, number>>();
		for (const { dialogue, client, user_id } of rows) {
			const owners = clients.get(dialogue) ?? new Map<number, number>();
			clients.set(dialogue, owners.set(client, user_id));
		}
		return clients;
	}

	/** Keeps a snapshot; an older one than is there changes nothing. */
	async keep(dialogue: number, { seq, state, vector, deletes, summary }: Snapshot): Promise<void> {
		await this.#db.prepared(
			'stored-keep',
			`insert into snapshot (dialogue, seq, state, vector, deletes, summary) values ($1, $2, $3, $4, $5, $6)
			on conflict (dialogue) do update
			set seq = excluded.seq, state = excluded.state, vector = excluded.vector, deletes = excluded.deletes,
				summary = excluded.summary, at = now()
			where snapshot.seq < excluded.seq`,
			[dialogue, seq, asBuffer(state), asBuffer(vector), deletes, JSON.stringify(summary)],
		);
	}
}
