/**
 * Decides whether a sender may make a change, before Yjs sees it. Order: decode strictly; drop what is already
 * here; client ids bound to the sender; dependencies present; each struct placed, permitted, between neighbours;
 * what values speak of is there; effective deletions permitted; one value a key.
 */
import * as Y from 'yjs';
import { Authority, type Sender, type Touch } from './authority.ts';
import type { ClientOwners } from './client-owners.ts';
import { decodeUpdate, type DecodedUpdate, type DecodeLimits } from './decode-update.ts';
import { judgeDeletions, judgeSingleValues } from './deletions.ts';
import { Incoming } from './incoming.ts';
import { Neighbours, type Makers } from './neighbours.ts';
import { Placing } from './placing.ts';
import type { Places } from './places.ts';

export interface Inspection {
	/** What to hand to Y.applyUpdate; null when the update changes nothing. */
	apply: Uint8Array | null;
	touches: Touch[];
	/** Whether it is not yet known that all replicas will agree: a copy has to decide. */
	concurrent: boolean;
}

/** What the gate keeps about a document between updates. */
export interface Ground {
	readonly store: Y.Doc['store'];
	readonly places: Places;
	readonly makers: Makers;
	readonly owners: ClientOwners;
}

/** Throws Refusal when the sender may not make this change. Never changes the document. */
export function inspectUpdate(
	ground: Ground,
	update: Uint8Array,
	sender: Sender,
	limits: DecodeLimits,
): Inspection {
	const { store, places, makers, owners } = ground;
	const { sections, deletes } = decodeUpdate(update, limits);
	const incoming = new Incoming(store, sections);
	const authority = new Authority(sender, owners);
	for (const client of incoming.clients()) authority.ownsClient(client);

	const neighbours = new Neighbours(store, incoming, makers);
	const placing = new Placing(store, places, incoming, neighbours, authority);
	incoming.placeAll((entry) => {
		placing.place(entry);
	});
	placing.findReferences();
	const deleted = judgeDeletions(store, places, incoming, authority, deletes);
	judgeSingleValues(incoming);

	if (incoming.count === 0 && deleted === 0) return { apply: null, touches: [], concurrent: false };
	return {
		apply: incoming.trimmed ? Y.diffUpdate(update, stateOf(store, sections)) : update,
		touches: authority.touches,
		concurrent: neighbours.concurrent,
	};
}

function stateOf(store: Y.Doc['store'], sections: DecodedUpdate['sections']): Uint8Array {
	return Y.encodeStateVector(new Map(sections.map(({ client }) => [client, Y.getState(store, client)])));
}
