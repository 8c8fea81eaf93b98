import * as Y from 'yjs';
import type { Node } from '#lib/document/policy.ts';
import type { Sender } from './authority.ts';
import type { ClientOwners } from './client-owners.ts';
import { COST, Effort } from './effort.ts';
import { inspectUpdate, type Ground, type Inspection } from './inspect-update.ts';
import { LIMITS, type Carrier, type GateLimits } from './limits.ts';
import { Makers } from './neighbours.ts';
import { Places } from './places.ts';
import { Poisoned, Refusal } from './refusal.ts';
import { rehearse, structsOf } from './rehearsal.ts';

/** What a room asks of the gate before its document. */
export type Gate = Pick<UpdateGate, 'receive' | 'steps'>;

/** Puts a gate before a document. `bytes`: what that takes encoded, at the most. */
export type GateBefore = (doc: Y.Doc, policy: Node, owners: ClientOwners, bytes: number) => Gate;

export const gateBefore: GateBefore = (doc, policy, owners, bytes) =>
	new UpdateGate(doc, policy, owners, { bytes });

/**
 * Stands before one document: an update is accepted or refused whole, before it is applied. Invariant: after a
 * refusal the document is what it was; after Poisoned it must be thrown away.
 */
export class UpdateGate {
	readonly #doc: Y.Doc;
	readonly #limits: GateLimits;
	readonly #ground: Ground;
	/** What the document takes encoded, at the most: updates only add to it. */
	#bytes: number;
	/** `#bytes` is counted, and nothing was applied since: to count again would come to the same. */
	#exact = false;
	#effort = new Effort(0);

	/** `bytes`: what the document takes encoded, at the most, where that is known. */
	constructor(
		doc: Y.Doc,
		policy: Node,
		owners: ClientOwners,
		{ limits = LIMITS, bytes = 0 }: { limits?: GateLimits; bytes?: number } = {},
	) {
		this.#doc = doc;
		this.#limits = limits;
		this.#ground = {
			store: doc.store,
			places: new Places(doc, policy),
			makers: new Makers(doc.store),
			owners,
		};
		this.#bytes = bytes || Y.encodeStateAsUpdate(doc).length;
	}

	/** What the last update cost, refused or not. */
	get steps(): number {
		return this.#effort.steps;
	}

	/** Throws Refusal when the sender may not make this change. Never changes the document. */
	inspect(update: Uint8Array, sender: Sender, carrier: Carrier): Inspection {
		try {
			return this.#inspect(update, sender, carrier);
		} finally {
			this.#ground.makers.takeBack();
		}
	}

	/** Inspects, applies with `origin`, verifies. Throws Refusal (the document is untouched) or Poisoned. */
	receive(update: Uint8Array, sender: Sender, carrier: Carrier, origin: unknown): Inspection {
		const inspection = this.#judge(update, sender, carrier);
		const { apply } = inspection;
		if (apply === null) return inspection;
		const doc = this.#doc;
		const { clientID } = doc;
		const roots = doc.share.size;
		try {
			Y.applyUpdate(doc, apply, origin);
		} catch (cause) {
			throw new Poisoned('apply threw', { cause });
		}
		const { pendingStructs, pendingDs } = doc.store;
		if (pendingStructs !== null || pendingDs !== null) throw new Poisoned('apply left something pending');
		if (doc.share.size !== roots || doc.clientID !== clientID)
			throw new Poisoned('apply changed the document’s own');
		this.#bytes += apply.length;
		this.#exact = false;
		return inspection;
	}

	#judge(update: Uint8Array, sender: Sender, carrier: Carrier): Inspection {
		const { places, makers } = this.#ground;
		try {
			const inspection = this.#inspect(update, sender, carrier);
			const { apply, concurrent } = inspection;
			if (apply !== null && concurrent) {
				const define = (copy: Y.Doc): void => places.defineRoots(copy);
				rehearse(this.#doc, define, apply, this.#limits[carrier], this.#effort);
			}
			return inspection;
		} catch (error) {
			makers.takeBack();
			throw error;
		}
	}

	#inspect(update: Uint8Array, sender: Sender, carrier: Carrier): Inspection {
		const limits = this.#limits[carrier];
		this.#effort = new Effort(limits.steps);
		this.#ground.makers.begin();
		this.#keepBounded(update.length);
		return inspectUpdate(this.#ground, update, sender, limits, this.#effort);
	}

	#keepBounded(added: number): void {
		const { documentBytes } = this.#limits;
		if (this.#bytes + added <= documentBytes) return;
		if (!this.#exact) {
			this.#effort.charge(COST.copied * structsOf(this.#doc));
			this.#bytes = Y.encodeStateAsUpdate(this.#doc).length; // much may have been deleted since
			this.#exact = true;
		}
		if (this.#bytes + added > documentBytes) throw new Refusal('limit', 'document too large');
	}
}
