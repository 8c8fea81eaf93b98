/** Who sits at a socket. The product asks for each one's session, peers for nothing. */
export type Seat = 'annotator' | 'reviewer' | 'lead';

/** How one gets in to a server's dialogues, which are numbered from 0. */
export interface Door {
	/** The document, as the server calls it. */
	nameOf(dialogue: number): string;
	/** `client`: the Yjs client id that is going to write. `vector`: the state vector of what this client has. */
	path(dialogue: number, client: number, vector: Uint8Array): string;
	headers(dialogue: number, seat: Seat): Record<string, string>;
	/** What the first one in has to bring as an update; null: the server has the document. */
	brings: Uint8Array | null;
}

/** The dialogues that a server is started with; all hold the same document. */
export interface World {
	dialogues: number;
	document: Uint8Array;
}
