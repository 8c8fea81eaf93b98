import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { ClientOwners, isFreeIn } from '../../server/gate/client-owners.ts';

test('[GATE-11] a client id belongs to one user, once and for good', () => {
	const owners = new ClientOwners([[5, '1']]);
	const doc = new Y.Doc();
	expect(owners.ownerOf(5)).toBe('1');
	expect(owners.bind(5, '1', isFreeIn(doc))).toBe(true);
	expect(owners.bind(5, '2', isFreeIn(doc))).toBe(false);
	expect(owners.bind(6, '2', isFreeIn(doc))).toBe(true);
	expect(owners.bind(6, '1', isFreeIn(doc))).toBe(false);
	expect(owners.ownerOf(6)).toBe('2');
	expect(owners.ownerOf(7)).toBeUndefined();
});

test('[GATE-11] the server’s ids are nobody’s: its own, and any that wrote unbound', () => {
	const owners = new ClientOwners();
	const doc = new Y.Doc();
	const earlier = new Y.Doc();
	earlier.getMap('dialogue').set('state', 'draft');
	Y.applyUpdate(doc, Y.encodeStateAsUpdate(earlier));
	expect(owners.bind(doc.clientID, '1', isFreeIn(doc))).toBe(false);
	expect(owners.bind(earlier.clientID, '1', isFreeIn(doc))).toBe(false);
	for (const odd of [-1, 1.5, 2 ** 32, Number.NaN]) expect(owners.bind(odd, '1', isFreeIn(doc))).toBe(false);
});
