import { flushSync } from 'svelte';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import * as Y from 'yjs';
import { Live } from '../../src/lib/live/live.svelte.ts';

afterEach(() => void vi.unstubAllGlobals());

/** Somebody who reads a document with a text that may wait for the next picture, one that may not, and a state. */
function reader() {
	const doc = new Y.Doc();
	const [text, draft, state] = [doc.getText('text'), doc.getText('draft'), doc.getMap('state')];
	const live = new Live(doc, () => `${text.toJSON()}|${draft.toJSON()}|${String(state.get('is'))}`, {
		later: (changed) => changed !== draft,
	});
	const read: string[] = [];
	const end = $effect.root(() => {
		$effect(() => void read.push(live.current));
	});
	onTestFinished(end);
	flushSync();
	/** What has been read since it was last asked. */
	const since = (): string[] => {
		flushSync();
		return read.splice(0);
	};
	expect(since()).toEqual(['||undefined']);
	return { doc, text, draft, state, since };
}

test('[READ-8] what changes texts alone is read after the next picture, once for all of them', async () => {
	const { text, since } = reader();
	let pictures = 0;
	const { promise: painted, resolve } = Promise.withResolvers<void>();
	requestAnimationFrame(() => {
		expect(since()).toEqual([]);
		pictures++;
		resolve();
	});
	text.insert(0, 'a');
	text.insert(1, 'b');
	expect(since()).toEqual([]);
	await painted;
	await vi.waitFor(() => expect(since()).toEqual(['ab||undefined']));
	expect(pictures).toBe(1);
});

test('[READ-8] any other change, and that of the draft, is read at once, with what waited', async () => {
	const { doc, text, draft, state, since } = reader();
	text.insert(0, 'a');
	state.set('is', 'review');
	expect(since()).toEqual(['a||review']);
	draft.insert(0, 'b');
	expect(since()).toEqual(['a|b|review']);
	doc.transact(() => {
		text.insert(1, 'c');
		state.set('is', 'accepted');
	});
	expect(since()).toEqual(['ac|b|accepted']);
	for (let n = 0; n < 3; n++) await new Promise(requestAnimationFrame);
	expect(since()).toEqual([]);
});

test('[READ-8] a page that nobody sees, which draws no pictures, reads it soon', async () => {
	vi.stubGlobal('requestAnimationFrame', () => 0);
	const { text, since } = reader();
	text.insert(0, 'a');
	expect(since()).toEqual([]);
	await vi.waitFor(() => expect(since()).toEqual(['a||undefined']));
});
