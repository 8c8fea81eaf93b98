/** What honest pages send in odd moments, and what becomes of it. */
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { rate, ratingsOf } from '../../src/lib/document/ratings.ts';
import { turnText } from '../../src/lib/document/read-dialogue.ts';
import { commentsOf, draftOf, resolvedOf, turnsOf } from '../../src/lib/document/roots.ts';
import { setState } from '../../src/lib/document/write-dialogue.ts';
import { LIMITS } from '../../server/gate/limits.ts';
import { Poisoned, Refusal } from '../../server/gate/refusal.ts';
import { UpdateGate } from '../../server/gate/update-gate.ts';
import { policies } from '../support/rubrics.ts';
import { handmade } from '../support/handmade-update.ts';
import { ANN, contentOf, openWorld, REV, updateOf } from '../support/gate-world.ts';

const typed =
	(text: string, at = 0) =>
	(doc: Y.Doc) =>
		turnText(doc, 'b0')?.insert(at, text);

test('[GATE-4] what changes nothing is accepted, and not applied', () => {
	const world = openWorld();
	const copy = world.copyFor(ANN);
	expect(world.receive(ANN, Y.encodeStateAsUpdate(copy)).apply).toBeNull();
	const update = updateOf(copy, typed('x'));
	expect(world.receive(ANN, update).apply).toBe(update);
	expect(world.receive(ANN, update).apply).toBeNull();
	expect(turnText(world.doc, 'b0')?.toJSON()).toMatch(/^xanswer/);
});

test('[GATE-4] of an update that is half known only the new half is applied', () => {
	const world = openWorld();
	const copy = world.copyFor(ANN);
	world.receive(ANN, updateOf(copy, typed('one')));
	typed(' two', 3)(copy);
	const whole = Y.encodeStateAsUpdate(copy);
	const { apply, touches } = world.receive(ANN, whole);
	expect(apply?.length).toBeLessThan(whole.length);
	expect(touches).toEqual([{ op: 'write', path: 'turns/b0/text' }]);
	expect(turnText(world.doc, 'b0')?.toJSON()).toMatch(/^one twoanswer/);
	expect(contentOf(copy)).toBe(contentOf(world.doc));
});

test('[GATE-4] a step 2 repeats others’ deletions: only new ones are judged', () => {
	const world = openWorld();
	world.edit(ANN, (doc) => rate(doc, ANN, 'b0', 'helpful', { value: 1 }));
	world.edit(ANN, (doc) => rate(doc, ANN, 'b0', 'helpful', { value: 2 }));
	world.edit(ANN, (doc) => turnText(doc, 'b0')?.delete(0, 7));
	const copy = world.copyFor(REV);
	typed('x')(copy);
	world.receive(REV, Y.encodeStateAsUpdate(copy, Y.encodeStateVector(world.doc)));
	expect(ratingsOf(world.doc, 'b0')).toEqual({ [ANN]: { helpful: { value: 2 } } });
	expect(contentOf(copy)).toBe(contentOf(world.doc));
});

test('[GATE-4] an update says what it touched', () => {
	const world = openWorld();
	const { touches } = world.edit(ANN, (doc) => {
		typed('x')(doc);
		typed('y', 9)(doc);
		rate(doc, ANN, 'b0', 'helpful', { value: 1 });
		draftOf(doc).insert(0, 'z');
	});
	expect(new Set(touches.map(({ path }) => path))).toEqual(
		new Set(['turns/b0/text', `ratings/${ANN}/b0/helpful`, 'draft']),
	);
	world.edit(ANN, (doc) => commentsOf(doc).set('c', { author: ANN, text: 'x', at: 1 }));
	expect(world.edit(ANN, (doc) => commentsOf(doc).delete('c')).touches).toEqual([
		{ op: 'remove', path: 'comments/c' },
	]);
});

test('[GATE-5] changes made apart are accepted, in whatever order they come', () => {
	const world = openWorld();
	world.edit(ANN, (doc) => commentsOf(doc).set('c', { author: ANN, text: 'x', at: 1 }));
	const [one, two] = [world.copyFor(ANN), world.copyFor(REV)];
	const edit = (doc: Y.Doc, user: string, letter: string): void => {
		for (let i = 0; i < 5; i++) turnText(doc, 'b0')?.insert(1 + 3 * i, letter);
		turnText(doc, 'b0')?.delete(4, 3);
		draftOf(doc).insert(0, letter);
		resolvedOf(doc).set('c', user === ANN);
		rate(doc, user, 'b0', 'helpful', { value: 1 });
		rate(doc, user, 'b0', 'helpful', { value: 2 });
	};
	const first = updateOf(one, (doc) => edit(doc, ANN, 'a'));
	const second = updateOf(two, (doc) => edit(doc, REV, 'b'));
	world.receive(ANN, first);
	expect(world.receive(REV, second).concurrent).toBe(true);
	Y.applyUpdate(one, second);
	Y.applyUpdate(two, first);
	expect(contentOf(one)).toBe(contentOf(world.doc));
	expect(contentOf(two)).toBe(contentOf(world.doc));
});

test('[GATE-5] undo, redo and what they leave behind are accepted', () => {
	const world = openWorld();
	const copy = world.copyFor(ANN);
	const undo = new Y.UndoManager(copy, { trackedOrigins: new Set(['page']), captureTimeout: 0 });
	const send = (change: () => unknown): void => {
		const updates: Uint8Array[] = [];
		const collect = (update: Uint8Array): void => void updates.push(update);
		copy.on('update', collect);
		change();
		copy.off('update', collect);
		for (const update of updates) world.receive(ANN, update);
		expect(contentOf(copy)).toBe(contentOf(world.doc));
	};
	for (let value = 1; value <= 5; value++) {
		send(() => copy.transact(() => rate(copy, ANN, 'b0', 'helpful', { value }), 'page'));
		send(() => copy.transact(() => typed(`${value}`)(copy), 'page'));
	}
	for (let i = 0; i < 10; i++) send(() => undo.undo());
	expect(ratingsOf(world.doc, 'b0')).toEqual({});
	for (let i = 0; i < 10; i++) send(() => undo.redo());
	expect(ratingsOf(world.doc, 'b0')).toEqual({ [ANN]: { helpful: { value: 5 } } });
	// all of it at once, as a page that was offline hands it in: replaced values come merged
	const late = openWorld();
	const offline = late.copyFor(ANN);
	const kept = new Y.UndoManager(offline, { trackedOrigins: new Set([null]), captureTimeout: 1e9 });
	for (let value = 1; value <= 5; value++) rate(offline, ANN, 'b0', 'helpful', { value });
	kept.undo();
	rate(offline, ANN, 'b0', 'helpful', { value: 4 });
	late.receive(ANN, Y.encodeStateAsUpdate(offline, Y.encodeStateVector(late.doc)));
	expect(contentOf(offline)).toBe(contentOf(late.doc));
});

test('[GATE-5] values that an undo brings back together count as the last of them, and go together', () => {
	const world = openWorld();
	const client = world.freshId(ANN);
	const any = ['one', 'two'].map((text) => ({ author: ANN, text, at: 1 }));
	world.receive(ANN, handmade({ structs: [[client, 0, [{ root: 'comments', key: 'c', any }]]] }));
	const copy = world.copyFor(ANN);
	expect(commentsOf(world.doc).get('c')).toEqual(any[1]);
	const undo = new Y.UndoManager(copy, { trackedOrigins: new Set(['page']), captureTimeout: 0 });
	const send = (change: () => unknown): void => {
		copy.once('update', (update: Uint8Array) => world.receive(ANN, update));
		copy.transact(change, 'page');
		expect(contentOf(copy)).toBe(contentOf(world.doc));
	};
	send(() => commentsOf(copy).set('c', { author: ANN, text: 'three', at: 1 }));
	send(() => commentsOf(copy).delete('c'));
	expect(commentsOf(world.doc).has('c')).toBe(false);
	copy.once('update', (update: Uint8Array) => world.receive(ANN, update));
	undo.undo();
	copy.once('update', (update: Uint8Array) => world.receive(ANN, update));
	undo.undo();
	expect(commentsOf(world.doc).get('c')).toEqual(any[1]);
	expect(contentOf(copy)).toBe(contentOf(world.doc));
});

test('[GATE-5] what one page did on its own, however long offline, is known to be right without a rehearsal', () => {
	const world = openWorld();
	const copy = world.copyFor(ANN);
	for (let i = 0; i < 200; i++) {
		const text = turnText(copy, `b${i % 2}`);
		text?.insert((i * 7919) % (text.length + 1), i % 3 === 0 ? 'word ' : 'x');
		if (i % 5 === 0) text?.delete((i * 31) % (text.length - 2), 2);
		draftOf(copy).insert(0, 'x');
		rate(copy, ANN, 'b0', 'helpful', { value: i % 5 });
	}
	const step2 = Y.encodeStateAsUpdate(copy, Y.encodeStateVector(world.doc));
	expect(world.receive(ANN, step2).concurrent).toBe(false);
	expect(contentOf(copy)).toBe(contentOf(world.doc));
});

test('[GATE-5] one change made unaware of another at the same spot needs no rehearsal either', () => {
	const world = openWorld();
	const [one, two] = [world.copyFor(ANN), world.copyFor(REV)];
	world.receive(ANN, updateOf(one, typed('a', 5)));
	for (let i = 0; i < 5; i++)
		expect(world.receive(REV, updateOf(two, typed('b', 5 + i))).concurrent).toBe(false);
	expect(turnText(world.doc, 'b0')?.toJSON()).toMatch(/^answe(abbbbb|bbbbba)r 0/);
});

test.each([true, false])(
	'[GATE-5] what was written into a text that is gone by now has no effect (gc: %s)',
	(gc) => {
		const world = openWorld({ gc });
		const copy = world.copyFor(ANN);
		const update = updateOf(copy, typed('too late'));
		setState(world.doc, 'submitted'); // nothing is written, so no right is asked for
		turnsOf(world.doc).get('b0')?.delete('text');
		const before = contentOf(world.doc);
		expect(world.receive(ANN, update).touches).toEqual([]);
		expect(contentOf(world.doc)).toBe(before);
		expect(world.doc.store.pendingStructs).toBeNull();
	},
);

test('[GATE-13] what a comment speaks of may be gone by now, or come with it', () => {
	const world = openWorld();
	const remark = (author: string, more: object) => ({ author, text: 'x', at: 1, ...more });
	const late = world.copyFor(REV);
	world.edit(ANN, (doc) => commentsOf(doc).set('gone', remark(ANN, { turn: 'b0' })));
	Y.applyUpdate(late, Y.encodeStateAsUpdate(world.doc));
	world.edit(ANN, (doc) => commentsOf(doc).delete('gone'));
	world.receive(
		REV,
		updateOf(late, (doc) => {
			commentsOf(doc).set('answer', remark(REV, { replyTo: 'gone' }));
			resolvedOf(doc).set('gone', true);
		}),
	);
	expect(commentsOf(world.doc).has('answer')).toBe(true);

	// offline, over a reload: the answer may be placed before what it answers
	for (const [before, after] of [
		[10, 20],
		[20, 10],
	] as const) {
		const other = openWorld();
		const offline = other.copyFor(REV, before);
		commentsOf(offline).set('one', remark(REV, {}));
		const reloaded = other.copyFor(REV, after);
		Y.applyUpdate(reloaded, Y.encodeStateAsUpdate(offline));
		commentsOf(reloaded).set('two', remark(REV, { replyTo: 'one' }));
		resolvedOf(reloaded).set('one', true);
		other.receive(REV, Y.encodeStateAsUpdate(reloaded, Y.encodeStateVector(other.doc)));
		expect(contentOf(other.doc)).toBe(contentOf(reloaded));
	}
});

test('[GATE-6] a document does not grow without bound', () => {
	const world = openWorld();
	const documentBytes = Y.encodeStateAsUpdate(world.doc).length + 100;
	const gate = new UpdateGate(world.doc, policies.whole, world.owners, {
		limits: { ...LIMITS, documentBytes },
	});
	const copy = world.copyFor(ANN);
	const send = (text: string): unknown =>
		gate.receive(updateOf(copy, typed(text)), world.senderOf(ANN), 'update', null);
	expect(() => send('x'.repeat(200))).toThrow(Refusal);
	const other = world.copyFor(ANN);
	let accepted = 0;
	expect(() => {
		for (;;) {
			gate.receive(updateOf(other, typed('0123456789')), world.senderOf(ANN), 'update', null);
			accepted++;
		}
	}).toThrow(Refusal);
	expect(accepted).toBeGreaterThan(0);
	expect(accepted).toBeLessThan(10);
});

test('[GATE-10] when applying does not end as computed, the document is given up', () => {
	const world = openWorld();
	const update = updateOf(world.copyFor(ANN), typed('x'));
	world.doc.once('update', () => {
		throw new Error('a listener failed');
	});
	expect(() => world.receive(ANN, update)).toThrow(Poisoned);
});
