/** Every reason that the gate refuses an update for. */
export type RefusalCode =
	/** Not what a Yjs encoder writes. */
	| 'malformed'
	| 'limit'
	/** Builds on, or deletes, structs that the document does not have. */
	| 'pending'
	/** Under a client id that is another user's, or nobody's. */
	| 'forged-client'
	| 'unbound-client'
	| 'unknown-root'
	| 'unknown-key'
	| 'parent-not-type'
	/** Its origins stand in different places. */
	| 'split-parent'
	/** Its origins were never neighbours: replicas would disagree about where it stands. */
	| 'unsound'
	/** A kind of content that the schema has nowhere, or not here. */
	| 'bad-content'
	| 'shape'
	| 'bad-value'
	/** A value speaks of a turn or comment that never was in the dialogue. */
	| 'dangling'
	/** The sender may not, in this state. */
	| 'denied';

/** The update was refused whole; the document is untouched. `path` is the place in the schema, where there is one. */
export class Refusal extends Error {
	readonly code: RefusalCode;
	readonly path: string;
	constructor(code: RefusalCode, detail = '', path = '') {
		super(detail === '' ? code : `${code}: ${detail}`);
		this.code = code;
		this.path = path;
	}
}

/** Applying an accepted update did not end as computed: the document must be thrown away and read again. */
export class Poisoned extends Error {}
