import type { Database, Queries } from './database.ts';

/** The bot that writes a candidate, under the name that it had then. */
export interface CandidateBot {
	candidate: string;
	id: number;
	name: string;
}

/** Which bots write the candidates of a prompt: kept here while their dialogue does not tell. */
export class CandidateBots {
	readonly #db: Database;
	constructor(db: Database) {
		this.#db = db;
	}

	async keep(tx: Queries, dialogue: number, bots: readonly CandidateBot[]): Promise<void> {
		await tx.query(
			`insert into candidate_bot (dialogue, candidate, bot, name)
			 select $1, * from unnest($2::text[], $3::int[], $4::text[])`,
			[
				dialogue,
				bots.map(({ candidate }) => candidate),
				bots.map(({ id }) => id),
				bots.map(({ name }) => name),
			],
		);
	}

	/** candidate → bot. */
	async of(dialogue: number, candidates: readonly string[]): Promise<Map<string, CandidateBot>> {
		const rows = await this.#db.query<CandidateBot>(
			`select candidate, bot as id, name from candidate_bot where dialogue = $1 and candidate = any($2)`,
			[dialogue, candidates],
		);
		return new Map(rows.map((row) => [row.candidate, row]));
	}
}
