import * as Y from 'yjs';

/** A stretch of a text as it reads now, and the clocks under which a client first wrote it. */
export interface Stretch {
	/** In UTF-16 units, as `length`. */
	offset: number;
	length: number;
	client: number;
	clock: number;
}

/** What one client wrote at one place in one go: however Yjs has cut it since, each part follows from the one before. */
interface Insertion {
	client: number;
	clock: number;
	length: number;
	/** What stood to its right when it was written. */
	before: Y.ID | null;
	items: Y.Item[];
	/** Where what it repeats begins; null: it is new; undefined: not looked at yet. */
	repeats: Y.ID | null | undefined;
}

/**
 * Which client first wrote each stretch of a text. Undo cannot bring back what was deleted: it writes it anew, under
 * the id of whoever undoes. So an insertion that repeats, whole, what was deleted where it stands counts as what it
 * repeats. Nothing new can come under another's name that way: each such character is one that they wrote there.
 * Where a copy has let go of what was deleted, what undo wrote is new.
 */
export function stretchesOf(text: Y.Text): Stretch[] {
	const past = new Past(text);
	const stretches: Stretch[] = [];
	let offset = 0;
	for (let item = text._start; item !== null; item = item.right) {
		if (item.deleted || !(item.content instanceof Y.ContentString)) continue;
		for (const { client, clock, length } of past.firstWritten(item.id, item.length)) {
			const last = stretches.at(-1);
			if (last?.client === client && last.clock + last.length === clock) last.length += length;
			else stretches.push({ offset, length, client, clock });
			offset += length;
		}
	}
	return stretches;
}

/** What was deleted and stands again: its clocks, and where those begin under which it was written anew. */
export interface Repeat {
	client: number;
	clock: number;
	length: number;
	by: { client: number; clock: number };
}

/** Everything in a text that undo has brought back, be it deleted again since. */
export const repeatsIn = (text: Y.Text): Repeat[] => new Past(text).repeats();

/** The first clock under which `client` wrote in this text; Infinity where it did not. */
export function firstClockOf(text: Y.Text, client: number): number {
	let first = Infinity;
	for (let item = text._start; item !== null; item = item.right)
		if (item.id.client === client) first = Math.min(first, item.id.clock);
	return first;
}

/** Everything that was ever written in a text, as far as this copy still has it. */
class Past {
	/** By client, in the order of their clocks. */
	readonly #items = new Map<number, Y.Item[]>();
	readonly #insertions = new Map<number, Insertion[]>();

	constructor(text: Y.Text) {
		for (let item = text._start; item !== null; item = item.right) {
			const known = this.#items.get(item.id.client);
			if (known) known.push(item);
			else this.#items.set(item.id.client, [item]);
		}
		for (const [client, items] of this.#items) {
			items.sort((a, b) => a.id.clock - b.id.clock);
			this.#insertions.set(client, insertionsOf(client, items));
		}
	}

	/** Where the `length` clocks from `id` on were first written, in their order. */
	firstWritten(id: Y.ID, length: number): { client: number; clock: number; length: number }[] {
		const found: { client: number; clock: number; length: number }[] = [];
		const left = [{ client: id.client, clock: id.clock, length }];
		// What an insertion repeats was there before it: this ends.
		for (let next = left.pop(); next !== undefined; next = left.pop()) {
			const { client, clock, length } = next;
			const insertion = at(this.#insertions.get(client) ?? [], clock, (one) => one.clock);
			const here = insertion ? Math.min(length, insertion.clock + insertion.length - clock) : length;
			if (here < length) left.push({ client, clock: clock + here, length: length - here });
			const source = insertion && this.#repeatedBy(insertion);
			if (insertion && source)
				left.push({
					client: source.client,
					clock: source.clock + (clock - insertion.clock),
					length: here,
				});
			else found.push({ client, clock, length: here });
		}
		return found;
	}

	repeats(): Repeat[] {
		const all = [...this.#insertions.values()].flat();
		return all.flatMap((insertion) => {
			const source = this.#repeatedBy(insertion);
			const { client, clock, length } = insertion;
			return source ? [{ client: source.client, clock: source.clock, length, by: { client, clock } }] : [];
		});
	}

	#repeatedBy(insertion: Insertion): Y.ID | null {
		if (insertion.repeats === undefined)
			insertion.repeats = this.#repeats(insertion) ? insertion.before : null;
		return insertion.repeats;
	}

	#repeats({ before, length, items }: Insertion): boolean {
		const deleted = before === null ? null : this.#deletedFrom(before, length);
		if (deleted === null) return false;
		let from = 0;
		return items.every(({ content, length }) => {
			const said = content instanceof Y.ContentString ? content.str : null; // deleted and let go: nobody reads it
			const same = said === null || deleted.startsWith(said, from);
			from += length;
			return same;
		});
	}

	/** The `length` clocks from `id` on, if all of them are deleted and still known. */
	#deletedFrom(id: Y.ID, length: number): string | null {
		const items = this.#items.get(id.client) ?? [];
		let deleted = '';
		while (deleted.length < length) {
			const clock = id.clock + deleted.length;
			const item = at(items, clock, (one) => one.id.clock);
			const inside = item === undefined ? 0 : clock - item.id.clock;
			if (!item?.deleted || inside >= item.length || !(item.content instanceof Y.ContentString)) return null;
			deleted += item.content.str.slice(inside, inside + length - deleted.length);
		}
		return deleted;
	}
}

function insertionsOf(client: number, items: readonly Y.Item[]): Insertion[] {
	const insertions: Insertion[] = [];
	for (const item of items) {
		const { clock } = item.id;
		const last = insertions.at(-1);
		const goesOn =
			last !== undefined &&
			last.clock + last.length === clock &&
			same(item.origin, { client, clock: clock - 1 }) &&
			same(item.rightOrigin, last.before);
		if (goesOn) {
			last.items.push(item);
			last.length += item.length;
		} else
			insertions.push({
				client,
				clock,
				length: item.length,
				before: item.rightOrigin,
				items: [item],
				repeats: undefined,
			});
	}
	return insertions;
}

type Place = Pick<Y.ID, 'client' | 'clock'> | null;
const same = (a: Place, b: Place): boolean =>
	a === null ? b === null : b !== null && a.client === b.client && a.clock === b.clock;

/** The last of `sorted` that begins at `clock` or before it. */
function at<T>(sorted: readonly T[], clock: number, begin: (one: T) => number): T | undefined {
	let low = 0;
	let high = sorted.length - 1;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		const one = sorted[middle];
		if (one !== undefined && begin(one) <= clock) low = middle;
		else high = middle - 1;
	}
	const found = sorted[low];
	return found !== undefined && begin(found) <= clock ? found : undefined;
}
