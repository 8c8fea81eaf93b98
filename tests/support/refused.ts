import * as Y from 'yjs';
import { expect } from 'vitest';
import { Refusal, type RefusalCode } from '../../server/gate/refusal.ts';
import type { Handing, World } from './gate-world.ts';

/** Hands `update` in as `user`: it must be refused with `code`, and the document not even have been looked at for writing. */
export function expectRefused(
	world: World,
	user: string,
	update: Uint8Array,
	code: RefusalCode,
	how?: Handing,
): void {
	const { doc } = world;
	const before = {
		bytes: Y.encodeStateAsUpdate(doc),
		roots: [...doc.share.keys()],
		pending: doc.store.pendingStructs,
	};
	let transactions = 0;
	const count = (): void => void transactions++;
	doc.on('beforeTransaction', count);
	let outcome: unknown = 'accepted';
	try {
		world.receive(user, update, how);
	} catch (error) {
		outcome = error instanceof Refusal ? error.code : error;
	}
	doc.off('beforeTransaction', count);
	expect(outcome).toBe(code);
	expect(transactions).toBe(0);
	const after = {
		bytes: Y.encodeStateAsUpdate(doc),
		roots: [...doc.share.keys()],
		pending: doc.store.pendingStructs,
	};
	expect(after).toEqual(before);
}
