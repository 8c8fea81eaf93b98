import * as Y from 'yjs';

interface Piece {
	client: number;
	clock: number;
	text: string;
}

function piecesOf(structs: (Y.Item | Y.GC | Y.Skip)[]): Piece[] {
	return structs.flatMap((struct) => {
		if (!('content' in struct) || !(struct.content instanceof Y.ContentString)) return [];
		return [{ ...struct.id, text: struct.content.str }];
	});
}

/** The characters that an update brings, where it cannot be told what they belong to. */
export const typedIn = (update: Uint8Array): string =>
	piecesOf(Y.decodeUpdate(update).structs)
		.map(({ text }) => text)
		.join('');

/**
 * The characters that an update has brought to `doc` and that stand nowhere in it, though the update deletes none of
 * them: what they were typed into lost its place to another value, and Yjs deletes what is in it.
 */
export function typedNowhere(doc: Y.Doc, update: Uint8Array): string {
	const { structs, ds: own } = Y.decodeUpdate(update);
	const gone = Y.createDeleteSetFromStructStore(doc.store);
	const isLost = (client: number, clock: number): boolean => {
		const id = Y.createID(client, clock);
		return Y.isDeleted(gone, id) && !Y.isDeleted(own, id);
	};
	return piecesOf(structs)
		.map(({ client, clock, text }) => text.split('').filter((_, i) => isLost(client, clock + i)))
		.flat()
		.join('');
}
