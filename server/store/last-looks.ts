import type { Database } from './database.ts';

/** How far somebody has seen a dialogue. */
export interface LastLook {
	/** The log's head when they last looked away. */
	seq: number;
	/** turn → from which seq on they have not looked at it, though they had the dialogue open since. */
	unseen: Record<string, number>;
}

export class LastLooks {
	readonly #db: Database;
	constructor(db: Database) {
		this.#db = db;
	}

	/** Null: they never looked. */
	async find(dialogue: number, userId: number): Promise<LastLook | null> {
		const [found] = await this.#db.query<LastLook>(
			'select seq, unseen from last_look where dialogue = $1 and user_id = $2',
			[dialogue, userId],
		);
		return found ?? null;
	}

	/** They have seen all there is by now but `unseen`, which stays as new as it was. Never goes back. */
	async keep(dialogue: number, userId: number, unseen: readonly string[]): Promise<void> {
		await this.#db.query(
			`insert into last_look as l (dialogue, user_id, seq)
			 select $1, $2, head from head where dialogue = $1
			 on conflict (dialogue, user_id) do update set
				seq = greatest(l.seq, excluded.seq), at = now(),
				unseen = (select coalesce(jsonb_object_agg(turn, coalesce(l.unseen -> turn, to_jsonb(l.seq))), '{}')
					from unnest($3::text[]) turn)`,
			[dialogue, userId, unseen],
		);
	}
}
