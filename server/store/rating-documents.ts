import type { Database, Queries } from './database.ts';

/** A document beside a blind dialogue's own: what one person rates. */
export interface RatingDocument {
	dialogue: number;
	rater: number;
	/** Below 0: where it stands in the log, the snapshots, the archive and the client ids. */
	document: number;
}

/** Which rating documents there are: of a blind dialogue one for whoever is named in it as more than an observer. */
export class RatingDocuments {
	readonly #db: Database;
	constructor(db: Database) {
		this.#db = db;
	}

	/** In order of their raters. */
	ofDialogue(dialogue: number): Promise<RatingDocument[]> {
		return this.#db.query<RatingDocument>(
			'select dialogue, rater, document from rating_document where dialogue = $1 order by rater',
			[dialogue],
		);
	}

	async find(dialogue: number, rater: number): Promise<RatingDocument | null> {
		const [found] = await this.#db.query<RatingDocument>(
			'select dialogue, rater, document from rating_document where dialogue = $1 and rater = $2::bigint',
			[dialogue, rater],
		);
		return found ?? null;
	}

	/** With its log's head at 0; null when there is one already, also by a transaction that this one waited for. */
	async create(tx: Queries, dialogue: number, rater: number): Promise<RatingDocument | null> {
		const [made] = await tx.query<RatingDocument>(
			`with made as (
				insert into rating_document (dialogue, rater) values ($1, $2) on conflict do nothing
				returning dialogue, rater, document
			 ), headed as (insert into head (dialogue) select document from made)
			 select dialogue, rater, document from made`,
			[dialogue, rater],
		);
		return made ?? null;
	}
}
