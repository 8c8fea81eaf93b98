/**
 * An independent judge of what the gate let through: compares what can be read before and after an update, and
 * checks that the document still hangs together. Shares no code with the gate or the policy.
 */
import * as Y from 'yjs';
import type { ClientOwners } from '../../server/gate/client-owners.ts';
import { contentOf, type World } from './gate-world.ts';

type Fields = Record<string, unknown>;

export interface Shot {
	content: string;
	roots: Record<
		'dialogue' | 'turns' | 'candidates' | 'choices' | 'ratings' | 'comments' | 'resolved',
		Fields
	>;
	draft: string;
	/** comment → who wrote what stands there, or stood there last. */
	commentOwners: Record<string, string | undefined>;
	state: Map<number, number>;
	types: number;
}

export function shoot(doc: Y.Doc, owners: ClientOwners): Shot {
	const json = (name: string): Fields => doc.getMap(name).toJSON();
	const commentOwners: Shot['commentOwners'] = {};
	for (const [id, item] of doc.getMap('comments')._map)
		commentOwners[id] = owners.ownerOf(item.id.client) ?? 'server';
	return {
		content: contentOf(doc),
		roots: {
			dialogue: json('dialogue'),
			turns: json('turns'),
			candidates: json('candidates'),
			choices: json('choices'),
			ratings: json('ratings'),
			comments: json('comments'),
			resolved: json('resolved'),
		},
		draft: doc.getText('draft').toJSON(),
		commentOwners,
		state: Y.decodeStateVector(Y.encodeStateVector(doc)),
		types: doc.share.size,
	};
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const changedKeys = (a: Fields, b: Fields): string[] =>
	[...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => !same(a[key], b[key]));
const fields = (value: unknown): Fields => (value ?? {}) as Fields;

/** What a person may do, spelled out once more: see UX.md's table of states. */
function allowed(part: string, state: string, together: boolean) {
	const writing = ['draft', 'in_progress', 'returned'].includes(state);
	const review = state === 'in_review';
	const leads = (part === 'annotator' && writing) || (part === 'reviewer' && review);
	const invited = part !== 'observer' && together && (writing || review);
	const full = leads || invited;
	return {
		edit: full,
		rate: full,
		resolve: full,
		draft: full && writing,
		comment: part !== 'observer' && (writing || review),
	};
}

/** Null, or what is wrong with the gate's having let this through. */
export function judge(before: Shot, after: Shot, world: World, user: string): string | null {
	const { part, state, together } = world.senderOf(user);
	const may = allowed(part, state, together);
	const [a, b] = [before.roots, after.roots];
	if (!same(a.dialogue, b.dialogue)) return 'dialogue changed';
	if (!same(a.candidates, b.candidates)) return 'candidates changed';
	for (const id of changedKeys(a.turns, b.turns)) {
		const wrong = changedKeys(fields(a.turns[id]), fields(b.turns[id])).filter((key) => key !== 'text');
		if (a.turns[id] === undefined || b.turns[id] === undefined || wrong.length > 0)
			return `turn ${id} changed`;
		if (!may.edit || typeof fields(b.turns[id])['text'] !== 'string') return `text of ${id} by ${part}`;
	}
	if (before.draft !== after.draft && !may.draft) return 'draft';
	for (const root of ['ratings', 'choices'] as const) {
		for (const rater of changedKeys(a[root], b[root])) {
			if (rater !== user || !may.rate) return `${root} of ${rater} by ${user}`;
			if (a[root][rater] === undefined || b[root][rater] === undefined)
				return `${root} container of ${rater}`;
			const valid = root === 'ratings' ? isRating : isChoice;
			if (!Object.values(fields(b[root][rater])).every(valid)) return `${root}: bad value`;
		}
	}
	for (const id of changedKeys(a.comments, b.comments)) {
		if (!may.comment) return 'comment';
		const owner = before.commentOwners[id];
		if (owner !== undefined && owner !== user) return `comment of ${owner} by ${user}`;
		const comment = b.comments[id];
		if (comment === undefined) continue;
		const { author, turn, replyTo } = fields(comment);
		if (author !== user) return 'comment in another’s name';
		if (typeof turn === 'string' && b.turns[turn] === undefined) return `comment on no turn ${turn}`;
		if (typeof replyTo === 'string' && !(replyTo in after.commentOwners))
			return `answer to no comment ${replyTo}`;
	}
	for (const id of changedKeys(a.resolved, b.resolved)) {
		const value = b.resolved[id];
		const own = may.comment && after.commentOwners[id] === user;
		if (!may.resolve && !own) return `resolved ${id} by ${user}`;
		if (value !== undefined && typeof value !== 'boolean') return 'resolved: bad value';
		if (value !== undefined && !(id in after.commentOwners)) return `no comment ${id} to resolve`;
	}
	for (const [client, clock] of after.state) {
		if (clock !== (before.state.get(client) ?? 0) && world.owners.ownerOf(client) !== user)
			return `structs of client ${client} from ${user}`;
	}
	if (before.types !== after.types) return 'root types';
	return brokenness(world.doc);
}

const isRating = (value: unknown): boolean =>
	['number', 'boolean', 'string'].includes(typeof fields(value)['value']) &&
	Object.keys(fields(value)).every((key) => ['value', 'why'].includes(key));
const isChoice = (value: unknown): boolean =>
	typeof fields(value)['best'] === 'string' && Number.isInteger(fields(value)['degree']);

/** Null, or how a document does not hang together. */
function brokenness(doc: Y.Doc): string | null {
	if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) return 'something is pending';
	for (const type of doc.share.values()) {
		const wrong = brokenType(type as Y.AbstractType<unknown>);
		if (wrong !== null) return wrong;
	}
	return reloaded(doc) === contentOf(doc) ? null : 'a newcomer reads something else';
}

function brokenType(type: Y.AbstractType<unknown>): string | null {
	let previous: Y.Item | null = null;
	for (let item = type._start; item !== null; item = item.right) {
		if (type instanceof Y.Map) return 'list item in a map';
		if (item.parent !== type) return 'item stands in a type that is not its parent';
		if (item.left !== previous) return 'broken list';
		if (item.parentSub !== null) return 'keyed item in a list';
		if (!item.deleted && !(item.content instanceof Y.ContentString)) return 'odd content in a text';
		previous = item;
	}
	for (const [key, last] of type._map) {
		if (!(type instanceof Y.Map)) return 'keyed item outside of a map';
		if (last.right !== null) return 'value is not the last of its key';
		for (let item: Y.Item | null = last; item !== null; item = item.left) {
			if (item.parent !== type || item.parentSub !== key) return 'value in another chain';
			if (item !== last && !item.deleted) return 'replaced value still there';
		}
		if (!last.deleted && last.content instanceof Y.ContentType) {
			const wrong = brokenType(last.content.type as Y.AbstractType<unknown>);
			if (wrong !== null) return wrong;
		}
	}
	return null;
}

function reloaded(doc: Y.Doc): string {
	const copy = new Y.Doc();
	Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
	const content = contentOf(copy);
	copy.destroy();
	return content;
}
