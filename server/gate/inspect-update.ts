/**
 * Decides whether a sender may make a change, before Yjs sees it. Order: decode strictly; drop what is already
 * here; client ids bound to the sender; dependencies present; each struct placed, permitted, between neighbours;
 * what values speak of is there; effective deletions permitted; no value taken apart.
 */
import * as Y from 'yjs';
import { Authority, type Sender, type Touch } from './authority.ts';
import type { ClientOwners } from './client-owners.ts';
import { Cuts } from './cuts.ts';
import { decodeUpdate, type DecodedUpdate } from './decode-update.ts';
import { judgeDeletions, judgeManyValues } from './deletions.ts';
import { COST, type Effort } from './effort.ts';
import { Incoming } from './incoming.ts';
import type { DecodeLimits } from './limits.ts';
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
	effort: Effort,
): Inspection {
	const { store, places, makers, owners } = ground;
	const { sections, deletes } = decodeUpdate(update, limits);
	const incoming = new Incoming(store, sections);
	effort.spend(COST.struct * incoming.read + COST.deletion * deletes.length);
	const authority = new Authority(sender, owners, places);
	for (const client of incoming.clients()) authority.ownsClient(client);

	const neighbours = new Neighbours(store, incoming, makers, effort);
	const cuts = new Cuts(store, effort);
	const placing = new Placing(store, places, incoming, neighbours, authority, cuts);
	incoming.placeAll((entry) => {
		placing.place(entry);
	});
	placing.findReferences();
	const deleted = judgeDeletions(store, places, incoming, authority, deletes, effort, cuts);
	judgeManyValues(incoming);

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
