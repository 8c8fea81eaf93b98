import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import {
	childOf,
	compilePolicy,
	SERVER,
	type Access,
	type Node,
	type Row,
} from '../../src/lib/document/policy.ts';
import { ROWS, SCHEMA_VERSION } from '../../src/lib/document/schema.ts';
import * as roots from '../../src/lib/document/roots.ts';
import { rate } from '../../src/lib/document/ratings.ts';
import { rights, type Right } from '../../src/lib/document/workflow.ts';
import { mayResolve } from '../../src/lib/document/write-comments.ts';
import * as several from '../../src/lib/document/write-candidates.ts';
import * as write from '../../src/lib/document/write-dialogue.ts';
import { policies } from '../support/rubrics.ts';

const policy = policies.whole;

const may = (node: Node | null, access: Partial<Access>): boolean =>
	node?.mayWrite({
		userId: '1',
		rights: new Set(),
		params: {},
		owner: null,
		ownerOf: () => null,
		...access,
	}) ?? false;

function at(...keys: string[]): Node {
	let node: Node | null = policy;
	for (const key of keys) node = node && childOf(node, key);
	if (node === null) throw new Error(`no place ${keys.join('/')}`);
	return node;
}

const only = (...given: Right[]): Partial<Access> => ({ rights: new Set(given) });

test('[POLICY-1] the rows of a schema version never change', () => {
	const rows = ROWS.map(({ path, kind, write, key, max }) => [path, kind, write, key?.source, max]);
	const hash = createHash('sha256').update(JSON.stringify(rows)).digest('hex').slice(0, 16);
	expect([SCHEMA_VERSION, hash]).toEqual([2, '10cecf0b69cfe830']);
});

test('[POLICY-2] each place asks for its right, and for no other', () => {
	const asks: [Right, ...string[]][] = [
		['edit', 'turns', 't', 'text'],
		['draft', 'draft'],
		['resolve', 'resolved', 'c'],
	];
	for (const [right, ...keys] of asks) {
		expect(may(at(...keys), only(right)), keys.join('/')).toBe(true);
		const others = (['edit', 'rate', 'draft', 'comment', 'resolve'] as const).filter(
			(other) => other !== right,
		);
		expect(may(at(...keys), only(...others)), keys.join('/')).toBe(false);
	}
});

test('[POLICY-3] ratings and choices are one’s own', () => {
	for (const keys of [
		['ratings', '1', 't/helpful'],
		['choices', '1', 't'],
	]) {
		expect(may(at(...keys), { ...only('rate'), params: { user: '1' } })).toBe(true);
		expect(may(at(...keys), { ...only('rate'), params: { user: '2' } })).toBe(false);
		expect(may(at(...keys), { ...only('edit', 'comment'), params: { user: '1' } })).toBe(false);
	}
});

test('[POLICY-4] a comment belongs to who wrote it first', () => {
	const comment = at('comments', 'c');
	expect(may(comment, { ...only('comment'), owner: null })).toBe(true);
	expect(may(comment, { ...only('comment'), owner: '1' })).toBe(true);
	expect(may(comment, { ...only('comment'), owner: '2' })).toBe(false);
	expect(may(comment, { ...only('comment'), owner: SERVER })).toBe(false);
	expect(may(comment, { ...only('edit'), owner: '1' })).toBe(false);
});

test('[POLICY-10] a thread is resolved by whoever began it, and by who may resolve any', () => {
	const resolved = at('resolved', 'c');
	const begunBy = (author: string | null): Partial<Access> => ({
		params: { comment: 'c' },
		ownerOf: ([root, key]) => (root === 'comments' && key === 'c' ? author : '1'),
	});
	for (const author of ['1', '2', SERVER, null]) {
		expect(may(resolved, { ...only('resolve'), ...begunBy(author) }), String(author)).toBe(true);
		expect(may(resolved, { ...only('comment'), ...begunBy(author) }), String(author)).toBe(author === '1');
		expect(may(resolved, { ...only('edit', 'rate', 'draft'), ...begunBy(author) })).toBe(false);
	}
	expect(mayResolve('1', new Set(['comment']), { id: 'c', author: '1' })).toBe(true);
	expect(mayResolve('1', new Set(['comment']), { id: 'c', author: '2' })).toBe(false);
	expect(mayResolve('1', new Set(['comment']), { id: 'c', author: null })).toBe(false);
	expect(mayResolve('1', new Set(['resolve']), { id: 'c', author: '2' })).toBe(true);
	expect(mayResolve('1', new Set(), { id: 'c', author: '1' })).toBe(false);
});

test('[POLICY-5] everything else is the server’s', () => {
	const all: Partial<Access> = { rights: rights('annotator', 'in_progress', true), params: { user: '1' } };
	const places = [
		['dialogue'],
		['dialogue', 'state'],
		['turns'],
		['turns', 't'],
		['turns', 't', 'state'],
		['turns', 't', 'typed'],
		['candidates', 'c'],
		['candidates', 'c', 'text'],
		['candidates', 'c', 'original'],
		['ratings'],
		['ratings', '1'],
		['choices', '1'],
		['comments'],
		['resolved'],
	];
	for (const keys of places) expect(may(at(...keys), all), keys.join('/')).toBe(false);
});

test('[POLICY-6] keys that are no ids have no place', () => {
	for (const [map, key] of [
		['turns', 'a b'],
		['turns', ''],
		['comments', 'x'.repeat(41)],
		['ratings', '../1'],
	] as const) {
		expect(childOf(at(map), key), key).toBeNull();
	}
	for (const key of ['t', 't/', '/c', 't/c/d', '__proto__']) {
		expect(childOf(at('ratings', '1'), key), key).toBeNull();
	}
	expect(childOf(policy, 'evil')).toBeNull();
});

test('[POLICY-7] values have the schema’s shape', () => {
	const access: Access = { userId: '1', rights: new Set(), params: {}, owner: null, ownerOf: () => null };
	const accepts = (keys: string[], value: unknown): boolean =>
		at(...keys).row.check?.(value, { ...access, params: { key: keys.at(-1) ?? '' } }) === true;
	const rating = ['ratings', '1', 't/helpful'];
	for (const value of [{ value: 3 }, { value: 1, why: 'so' }, { value: 1, why: null }]) {
		expect(accepts(rating, value), JSON.stringify(value)).toBe(true);
	}
	for (const value of [
		3,
		null,
		[],
		{},
		{ value: '3' },
		{ value: 1.5 },
		{ value: 1, why: 2 },
		{ value: 1, x: 1 },
	]) {
		expect(accepts(rating, value), JSON.stringify(value)).toBe(false);
	}
	const flag = ['ratings', '1', 't/spam'];
	for (const value of [true, false]) expect(accepts(flag, { value, why: 'so' })).toBe(true);
	for (const value of [1, 'true', null]) expect(accepts(flag, { value })).toBe(false);
	const tone = ['ratings', '1', 't/tone'];
	for (const value of ['plain', 'rude']) expect(accepts(tone, { value })).toBe(true);
	for (const value of ['cold', 0, true]) expect(accepts(tone, { value })).toBe(false);
	expect(accepts(['ratings', '1', 'dialogue/goal'], { value: 5 })).toBe(true);
	for (const key of ['t/goal', 'dialogue/helpful', 't/none'])
		expect(accepts(['ratings', '1', key], { value: 3 }), key).toBe(false);
	const comment = { author: '1', turn: 't', anchor: 'AAA', quote: 'q', text: 'x', at: 1, replyTo: 'c' };
	expect(accepts(['comments', 'c'], comment)).toBe(true);
	expect(accepts(['comments', 'c'], { author: '1', text: 'x', at: 1, turn: null })).toBe(true);
	for (const change of [
		{ author: '2' },
		{ text: undefined },
		{ at: -1 },
		{ at: 'now' },
		{ turn: 'a b' },
		{ x: 1 },
	]) {
		expect(accepts(['comments', 'c'], { ...comment, ...change }), JSON.stringify(change)).toBe(false);
	}
	expect(accepts(['choices', '1', 't'], { best: 'tie', degree: 0 })).toBe(true);
	expect(accepts(['choices', '1', 't'], { best: 'tie', degree: 10 })).toBe(false);
	expect(accepts(['resolved', 'c'], true)).toBe(true);
	expect(accepts(['resolved', 'c'], 1)).toBe(false);
});

test('[POLICY-8] a table that says nothing sensible does not compile', () => {
	const compile =
		(...rows: Row[]) =>
		() =>
			compilePolicy(rows);
	expect(compile({ path: 'a', kind: 'text', write: 'edits' })).toThrow('no such right');
	expect(compile({ path: 'a/b', kind: 'value' })).toThrow('no map at a');
	expect(compile({ path: 'a', kind: 'text' }, { path: 'a/b', kind: 'value' })).toThrow('no map at a');
	expect(compile({ path: 'a', kind: 'map', write: 'edit' })).toThrow('maps are the server');
	expect(compile({ path: 'a', kind: 'text', write: 'edit&@owner' })).toThrow('only values have owners');
	expect(compile({ path: 'a', kind: 'text', write: 'edit&@user' })).toThrow('no segment :user');
	expect(compile({ path: 'a', kind: 'map' }, { path: 'a/:b', kind: 'value', write: 'edit|@c/:b' })).toThrow(
		'no values in c',
	);
	expect(compile({ path: 'a', kind: 'text', write: 'edit|' })).toThrow('no such right');
});

test('[POLICY-9] every root has its rows, and of their kind', () => {
	const doc = new Y.Doc();
	for (const rootOf of Object.values(roots)) rootOf(doc);
	const found = [...doc.share].map(([name, type]) => [name, type instanceof Y.Text ? 'text' : 'map']);
	expect(found.sort()).toEqual([...policy.fields].map(([name, { kind }]) => [name, kind]).sort());
});

/** Each way in which the server writes, by name; together they leave every field behind that there is. */
const WRITES: Record<keyof typeof write | keyof typeof several, (doc: Y.Doc) => unknown> = {
	begin: (doc) => write.begin(doc, { topic: 1, state: 'draft', together: false }),
	admit: (doc) => write.admit(doc, 1, { name: 'Ana', part: 'annotator' }),
	beginRatings: (doc) => write.beginRatings(doc, 2),
	setState: (doc) => write.setState(doc, 'in_progress'),
	setDispute: (doc) => write.setDispute(doc, { reason: 'so' }),
	setTogether: (doc) => write.setTogether(doc, true),
	addPrompt: (doc) => write.addPrompt(doc, { id: 'p', author: 1, text: 'x' }),
	beginResponse: (doc) => {
		const bot = { id: 9, name: 'Practice', practice: true };
		for (const n of [1, 2, 3])
			write.beginResponse(doc, {
				turnId: `b${n}`,
				candidateId: `c${n}`,
				parent: 'p',
				bot,
				...(n > 1 && { replaces: `b${n - 1}` }),
			});
	},
	streamUpTo: (doc) => write.streamUpTo(doc, 'c1', 'said'),
	finishResponse: (doc) => {
		write.finishResponse(doc, { turnId: 'b1', candidateId: 'c1', state: 'ready' });
		write.finishResponse(doc, { turnId: 'b2', candidateId: 'c2', state: 'failed', fault: 'cut' });
	},
	interruptGenerating: (doc) => write.interruptGenerating(doc),
	keepAnswers: (doc) => write.keepAnswers(doc, ['b3']),
	bringBack: (doc) => {
		write.addPrompt(doc, { id: 'p2', author: 1, text: 'y' });
		write.bringBack(doc, 'b2', 'b3');
	},
	beginCandidates: (doc) =>
		several.beginCandidates(doc, { turnId: 'b4', parent: 'p2' }, [
			{ id: 'c4', practice: false },
			{ id: 'c5', practice: false },
		]),
	nameBots: (doc) => several.nameBots(doc, new Map([['c4', { id: 9, name: 'Nine' }]])),
	makeFinal: (doc) => {
		several.makeFinal(doc, 'b4', 'c4', 'b5');
		several.makeFinal(doc, 'b4', 'bad', 'b5');
		write.finishResponse(doc, { turnId: 'b4', candidateId: 'c4', state: 'failed', fault: 'cut' });
	},
};

/** Paths in `type` that `node` does not know, or knows as something else. */
function homeless(type: Y.Map<unknown>, node: Node, path: string): string[] {
	return [...type].flatMap(([key, value]) => {
		const at = `${path}/${key}`;
		const child = childOf(node, key);
		const kind = value instanceof Y.Text ? 'text' : value instanceof Y.Map ? 'map' : 'value';
		if (child?.kind !== kind) return [`${at} is a ${kind}, by its row ${child?.kind ?? 'nothing'}`];
		return value instanceof Y.Map ? homeless(value as Y.Map<unknown>, child, at) : [];
	});
}

test('[POLICY-9] everything that the product writes has its row', () => {
	expect(Object.keys(WRITES).sort()).toEqual([...Object.keys(write), ...Object.keys(several)].sort());
	const doc = new Y.Doc();
	const lost: string[] = [];
	const look = (): void => {
		for (const [name, type] of doc.share) {
			const node = childOf(policy, name);
			if (node === null) lost.push(name);
			else if (type instanceof Y.Map) lost.push(...homeless(type as Y.Map<unknown>, node, name));
		}
	};
	for (const makes of Object.values(WRITES)) {
		makes(doc);
		look();
	}
	rate(doc, 1, 'b1', 'helpful', { value: 1, why: 'so' });
	roots.choicesOf(doc).get('1')?.set('b1', { best: 'tie', degree: 0 });
	roots.commentsOf(doc).set('c', { author: '1', text: 'x', at: 1 });
	roots.resolvedOf(doc).set('c', true);
	look();
	expect(lost).toEqual([]);
	expect(new Set(doc.share.keys())).toEqual(new Set(policy.fields.keys()));
});
