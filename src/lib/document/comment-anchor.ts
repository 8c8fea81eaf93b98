/** Where a comment's words stand: two relative positions, so that the comment goes with them whatever is edited. */
import * as Y from 'yjs';
import { repeatsIn, type Repeat } from './first-writing.ts';

/** A stretch of a text as it reads now, in UTF-16 units. */
export interface Span {
	from: number;
	to: number;
}

/** What is typed at an end of the words is not of them: each end holds on to the character inside. */
export function anchorOf(text: Y.Text, { from, to }: Span): string {
	const start = Y.createRelativePositionFromTypeIndex(text, from, 0);
	const end = Y.createRelativePositionFromTypeIndex(text, to, -1);
	return JSON.stringify([start, end]);
}

/**
 * Finds anchored words in `text`; null: they are deleted, or the anchor is none of this text. The text is gone
 * through once, however many are looked for: Yjs would do it for each.
 */
export function spansIn(text: Y.Text): (anchor: string) => Span | null {
	let written: ByClock<Written> | undefined;
	let repeats: ByClock<Repeat> | undefined;
	/** Undo writes what was deleted anew, under another id: there it is looked for, in every copy alike. */
	const offsetOf = ({ client, clock }: Y.ID, end: 0 | 1): number | null => {
		written ??= new ByClock(itemsOf(text));
		let item = written.at(client, clock);
		while (item?.deleted) {
			repeats ??= new ByClock(repeatsIn(text));
			const again = repeats.at(client, clock);
			if (again === undefined) return item.offset;
			clock += again.by.clock - again.clock;
			({ client } = again.by);
			item = written.at(client, clock);
		}
		return item ? item.offset + (clock - item.clock) + end : null;
	};
	return (anchor) => {
		const ids = idsIn(anchor);
		const from = ids && offsetOf(ids[0], 0);
		const to = ids && offsetOf(ids[1], 1);
		return from !== null && to !== null && from < to ? { from, to } : null;
	};
}

/** Anybody's client may have written it. */
function idsIn(anchor: string): [start: Y.ID, end: Y.ID] | null {
	try {
		const [start, end] = JSON.parse(anchor) as unknown[];
		const [from, to] = [start, end].map((one) => (one as { item: Y.ID }).item);
		return from && to && Number.isInteger(from.clock) && Number.isInteger(to.clock) ? [from, to] : null;
	} catch {
		return null;
	}
}

/** What one client wrote in one go, and where it stands, or would stand between what is left. */
interface Written {
	client: number;
	clock: number;
	length: number;
	offset: number;
	deleted: boolean;
}

function itemsOf(text: Y.Text): Written[] {
	const items: Written[] = [];
	let offset = 0;
	for (let item = text._start; item !== null; item = item.right) {
		const { id, length, deleted } = item;
		items.push({ client: id.client, clock: id.clock, length, offset, deleted });
		if (!deleted && item.countable) offset += length;
	}
	return items;
}

/** Found by a client and one of its clocks. */
class ByClock<T extends { client: number; clock: number; length: number }> {
	readonly #lists = new Map<number, T[]>();

	constructor(all: readonly T[]) {
		for (const one of all) {
			const list = this.#lists.get(one.client);
			if (list) list.push(one);
			else this.#lists.set(one.client, [one]);
		}
		for (const list of this.#lists.values()) list.sort((a, b) => a.clock - b.clock);
	}

	at(client: number, clock: number): T | undefined {
		const list = this.#lists.get(client) ?? [];
		let [low, high] = [0, list.length];
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((list[middle]?.clock ?? Infinity) <= clock) low = middle + 1;
			else high = middle;
		}
		const found = list[low - 1];
		return found && clock < found.clock + found.length ? found : undefined;
	}
}
