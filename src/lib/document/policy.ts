/**
 * Who may write what in a document, as a table. A row without `write` is the server's alone; clients never
 * create or delete types, so only texts and values have one. Who may write a value may delete it: Yjs has
 * honest clients delete the value that lost to theirs, and undo may leave a key deleted.
 */
import type { Right } from './workflow.ts';

export type Kind = 'map' | 'text' | 'value';

/** One change of one place, as a rule judges it. */
export interface Access {
	userId: string;
	rights: ReadonlySet<Right>;
	/** The wildcard segments of the path, by name. */
	params: Readonly<Record<string, string>>;
	/** Of a value: who wrote what stands there, or stood there last; SERVER for the server, null where nothing ever stood. */
	owner: string | null;
	/** Who wrote the value at another place, told alike. What comes with the change itself is the sender's. */
	ownerOf(place: Reference): string | null;
}

/** The owner of what the server wrote; no user's id. */
export const SERVER = '';

/** A key of a root map. */
export type Reference = readonly [root: string, key: string];

export interface Row {
	/** Segments separated by '/'; ':name' matches any key and binds it. */
	path: string;
	kind: Kind;
	/**
	 * 'edit', 'rate&@user': all of them must hold, of one of the alternatives that '|' parts. A word is a right;
	 * `@owner` holds for the writer of the value that stands there and for everyone where nothing ever stood;
	 * `@name` holds when that segment is the sender; `@root/:name` holds for the writer of that root's value under
	 * the segment's key.
	 */
	write?: string;
	/** Acceptable values of a value row. */
	check?: (value: unknown, access: Access) => boolean;
	/** What a value speaks of: each of these is in the document, or was, or comes with it. */
	refers?: (value: unknown, access: Access) => readonly Reference[];
	/** Acceptable keys where the last segment is a wildcard. */
	key?: RegExp;
	/** Most entries that clients may bring a map to, most UTF-16 units a text. */
	max?: number;
}

type Rule = (access: Access) => boolean;

/** A place in the document's shape. The root's fields are the root types. */
export interface Node {
	readonly row: Row;
	readonly kind: Kind;
	/** The wildcard that this place's key is bound to. */
	readonly param: string | null;
	readonly fields: Map<string, Node>;
	any: Node | null;
	readonly mayWrite: Rule;
}

const RIGHTS = ['edit', 'rate', 'draft', 'comment', 'resolve'] as const satisfies readonly Right[];

function condition(word: string, row: Row, root: Node | null): Rule {
	if (word === '@owner') {
		if (row.kind !== 'value') throw new Error(`${row.path}: only values have owners`);
		return (a) => a.owner === null || a.owner === a.userId;
	}
	if (word.startsWith('@')) {
		const [name = '', place] = word.slice(1).split('/:').reverse();
		if (!row.path.split('/').includes(`:${name}`)) throw new Error(`${row.path}: no segment :${name}`);
		if (place === undefined) return (a) => a.params[name] === a.userId;
		if (root?.fields.get(place)?.any?.kind !== 'value') throw new Error(`${row.path}: no values in ${place}`);
		return (a) => a.ownerOf([place, a.params[name] ?? '']) === a.userId;
	}
	const right = RIGHTS.find((r) => r === word);
	if (right === undefined) throw new Error(`${row.path}: no such right: ${word}`);
	return (a) => a.rights.has(right);
}

function ruleOf(row: Row, root: Node | null): Rule {
	if (row.write === undefined) return () => false;
	if (row.kind === 'map') throw new Error(`${row.path}: maps are the server's`);
	const alternatives = row.write
		.split('|')
		.map((words) => words.split('&').map((word) => condition(word.trim(), row, root)));
	return (a) => alternatives.some((conditions) => conditions.every((holds) => holds(a)));
}

function nodeOf(row: Row, param: string | null, root: Node | null): Node {
	return { row, kind: row.kind, param, fields: new Map(), any: null, mayWrite: ruleOf(row, root) };
}

/** Builds the tree of places. Throws on a row that comes before its parent or a place it asks about, and on an unknown condition. */
export function compilePolicy(rows: readonly Row[]): Node {
	const root = nodeOf({ path: '', kind: 'map' }, null, null);
	for (const row of rows) {
		const segments = row.path.split('/');
		const last = segments.pop() ?? '';
		let node = root;
		for (const segment of segments) {
			const next = segment.startsWith(':') ? node.any : node.fields.get(segment);
			if (!next || next.kind !== 'map') throw new Error(`${row.path}: no map at ${segment}`);
			node = next;
		}
		if (last.startsWith(':')) node.any = nodeOf(row, last.slice(1), root);
		else node.fields.set(last, nodeOf(row, null, root));
	}
	return root;
}

/** Plain objects made of a map or of a key's parts would change their prototype. */
const NAMES_PROTOTYPE = /(^|\/)__proto__(\/|$)/;

/** The place under `key`; null where the schema has none. */
export function childOf(node: Node, key: string): Node | null {
	const field = node.fields.get(key);
	if (field !== undefined) return field;
	const { any } = node;
	if (NAMES_PROTOTYPE.test(key)) return null;
	return any !== null && (any.row.key === undefined || any.row.key.test(key)) ? any : null;
}
