/**
 * What this device keeps of somebody's comments in one dialogue: which they have seen, and what they have begun to
 * write. In localStorage: it is small, and must be there before the page's first picture.
 */
import type { Place } from './device-database.ts';
import type { Unsent } from './device-care.ts';

const ROOT = 'comments';
const DRAFT = 'draft/';
const SEEN = 'seen';

const keyOf = ({ owner, dialogue, born }: Place, name: string): string =>
	`${ROOT}/${owner}/${dialogue}/${born}/${name}`;

/** Everything that was begun here, by its name. */
export function keptDrafts(place: Place): Map<string, unknown> {
	const begin = keyOf(place, DRAFT);
	return new Map(
		[...stored()]
			.filter(([key]) => key.startsWith(begin))
			.map(([key, json]) => [key.slice(begin.length), parsed(json)]),
	);
}

/** @param draft null: it is finished. */
export const keepDraft = (place: Place, name: string, draft: object | null): void =>
	write(keyOf(place, DRAFT + name), draft === null ? null : JSON.stringify(draft));

export function keptSeen(place: Place): string[] {
	const { ids } = (parsed(read(keyOf(place, SEEN))) ?? {}) as { ids?: unknown };
	return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
}

export const keepSeen = (place: Place, ids: readonly string[]): void =>
	write(keyOf(place, SEEN), JSON.stringify({ at: Date.now(), ids }));

/** Comments that somebody began and did not send, one by one. */
export function begunBy(owner: number): Unsent[] {
	const begun: Unsent[] = [];
	for (const [key] of stored()) {
		const [root, user, dialogue, , kind] = key.split('/');
		if (root !== ROOT || user !== String(owner) || `${kind}/` !== DRAFT) continue;
		begun.push({ dialogue: Number(dialogue), changes: 1 });
	}
	return begun;
}

/** @param what `sent`: all but what was begun. */
export function forgetComments(owner: number, what: 'all' | 'sent'): void {
	for (const [key] of stored())
		if (key.startsWith(`${ROOT}/${owner}/`) && (what === 'all' || key.endsWith(`/${SEEN}`))) write(key, null);
}

/** Forgets what was seen in dialogues that nobody has looked at since then. */
export function forgetSeenBefore(time: number): void {
	for (const [key, json] of stored()) {
		if (!key.startsWith(`${ROOT}/`) || !key.endsWith(`/${SEEN}`)) continue;
		const { at } = (parsed(json) ?? {}) as { at?: unknown };
		if (typeof at !== 'number' || at < time) write(key, null);
	}
}

/** A browser may keep nothing, and says so by throwing. */
function stored(): [key: string, json: string][] {
	try {
		return Object.entries({ ...localStorage }) as [string, string][];
	} catch {
		return [];
	}
}

function read(key: string): string | null {
	try {
		return localStorage.getItem(key);
	} catch {
		return null;
	}
}

function write(key: string, json: string | null): void {
	try {
		if (json === null) localStorage.removeItem(key);
		else localStorage.setItem(key, json);
	} catch {
		// then it lasts as long as the page
	}
}

function parsed(json: string | null): unknown {
	try {
		return json === null ? null : JSON.parse(json);
	} catch {
		return null;
	}
}
