import * as Y from 'yjs';
import { lateRow } from './late-row.ts';
import type { LateRow, Row, Shelf } from './shelf.ts';
import { isSound } from './sound-row.ts';

/** How long an edit may wait for its ack, on an open socket, until it is stored: most have it by then, and need no row. */
const UNACKED_MS = 50;
/** How long what the server has may wait to be stored. */
const KNOWN_MS = 2000;
/** How long after an ack its rows are rewritten, where nothing else is to be stored. */
const ACKED_MS = 300;
/** How long after a failure it is tried again. */
const AGAIN_MS = 5000;
/** Rows of one kind, past which they become one. */
const MAX_ROWS = 64;

/** Edits of this person, in the order in which they were counted. */
interface Own extends Row {
	/** How many edits of this page there are with the last of these. */
	upTo: number;
	stored: boolean;
	/** The rows that hold it, or parts of it. */
	keys: number[];
}

/** Rows that the document has not had from here. */
export interface Found {
	known: KeyedRow[];
	own: KeyedRow[];
}

interface KeyedRow {
	key: number;
	row: Row;
}

export const joined = (a: Found, b: Found): Found => ({
	known: [...a.known, ...b.known],
	own: [...a.own, ...b.own],
});

export const updateOf = ({ row }: KeyedRow): Uint8Array => row.update;

/**
 * Keeps one document on this device while its page is open.
 * 1. What an edit builds on is stored before it, or with it.
 * 2. A row with edits is what the server may not have; it becomes one without only after the server's ack.
 * 3. Rows are only replaced by what holds all that they hold.
 * 4. One transaction is under way at a time; what comes meanwhile goes into the next one.
 */
export class Keeper {
	readonly #doc: Y.Doc;
	readonly #changed: () => void;
	readonly #shelf: Promise<Shelf>;
	#open: Shelf | null = null;
	/** Whether what the server says is kept: by who only looks on, from their first edit on. */
	#keepsAll: boolean;
	/** Rows that this page has written or read. */
	readonly #seen = new Set<number>();
	/** Rows of what the server has, all of it in the document. */
	#known: number[] = [];
	/** What the server has and no row does. */
	#heard: Uint8Array[] = [];
	#unsent: Own[] = [];
	/** Acked, and stored as unsent. */
	#acked: Own[] = [];
	#durable = 0;
	#looked = false;
	#compacted = false;
	#storing: Promise<void> | null = null;
	#inFlight: Own | null = null;
	#timer: ReturnType<typeof setTimeout> | null = null;
	/** Whether it is looked, after a while, at what has no ack. */
	#looking = false;
	#failing = false;
	#strict = true;
	#life: 'going on' | 'ended' | 'refused' = 'going on';

	/** @param changed after each change of `kept` or `failing`. */
	constructor(doc: Y.Doc, shelf: Promise<Shelf>, keepsAll: boolean, changed: () => void) {
		this.#doc = doc;
		this.#keepsAll = keepsAll;
		this.#changed = changed;
		this.#shelf = shelf.then((opened) => (this.#open = opened));
	}

	/** Unsent edits that outlive this page. */
	get kept(): number {
		if (!this.#open?.lasting) return 0;
		return this.#unsent.reduce((sum, { stored, edits }) => (stored ? sum + edits : sum), 0);
	}
	get failing(): boolean {
		return this.#failing;
	}

	/** What the server has only the first time: later it comes from the server. Rejects where nothing can be read. */
	async find(): Promise<Found> {
		const shelf = await this.#shelf;
		const found: Found = { known: [], own: [] };
		for (const [key, row] of await shelf.read()) {
			if (this.#seen.has(key) || (row.edits === 0 && this.#looked)) continue;
			this.#seen.add(key);
			found[row.edits === 0 ? 'known' : 'own'].push({ key, row });
		}
		this.#looked = true;
		return found;
	}

	/** The document has what was found. With `upTo` its edits count among the unsent; without, it had them before. */
	brought({ known, own }: Found, upTo: number | null): void {
		for (const { key } of known) this.#known.push(key);
		const stored = own.map(({ key, row }) => ({ ...row, upTo: upTo ?? 0, stored: true, keys: [key] }));
		if (upTo !== null) this.#unsent.push(...stored);
		// From the server, unless another tab has rewritten what is unsent here: then it is that tab's to look after.
		else if (this.#unsent.length === 0) this.#acked.push(...stored);
		this.#soon(ACKED_MS);
		this.#changed();
	}

	/** What this person typed; `upTo`: with how many edits of this page so far. */
	edited(update: Uint8Array, upTo: number): void {
		this.#unsent.push({ update, edits: 1, upTo, stored: false, keys: [] });
		this.#keepsAll = true;
		if (this.#strict) return this.flush();
		if (!this.#looking) setTimeout(() => this.#storeUnacked(), UNACKED_MS);
		this.#looking = true;
	}

	#storeUnacked(): void {
		this.#looking = false;
		if (this.#unsent.some(({ stored }) => !stored)) this.flush();
	}

	heard(update: Uint8Array): void {
		if (!this.#keepsAll) return;
		this.#heard.push(update);
		this.#soon(KNOWN_MS);
	}

	/** The first `upTo` edits of this page are on the server's disk. */
	durable(upTo: number): void {
		this.#durable = upTo;
		const acked = this.#unsent.filter((own) => own.upTo <= upTo);
		this.#unsent = this.#unsent.filter((own) => own.upTo > upTo);
		for (const own of acked) if (own !== this.#inFlight) this.#ack(own);
		this.#changed();
	}

	#ack(own: Own): void {
		if (own.keys.length > 0) this.#acked.push(own);
		else this.#heard.push(own.update);
		this.#soon(ACKED_MS);
	}

	/** Whether this device has the only copy of what is typed now; until a socket has synced it has. */
	set strict(strict: boolean) {
		this.#strict = strict;
		if (strict) this.flush();
	}

	/** From now on what the server says is kept too. */
	keepAll(): void {
		if (this.#keepsAll) return;
		this.#keepsAll = true;
		this.#soon(KNOWN_MS);
	}

	/** The page goes: the last thing is to store what there is. */
	end(): void {
		this.flush();
		this.#life = 'ended';
	}

	/** Stores what there is, now. */
	flush(): void {
		if (this.#timer !== null) clearTimeout(this.#timer);
		this.#timer = null;
		if (this.#open === null) void this.#shelf.then(() => this.flush());
		else if (this.#storing === null && this.#life !== 'refused')
			this.#storing = this.#storeAll(this.#open).finally(() => this.#stored());
	}

	/** Time may have been up, meanwhile, for what came meanwhile. */
	#stored(): void {
		this.#storing = null;
		if (this.#heard.length + this.#acked.length > 0) this.#soon(ACKED_MS);
	}

	#soon(ms: number): void {
		if (this.#life === 'going on') this.#timer ??= setTimeout(() => this.flush(), ms);
	}

	async #storeAll(shelf: Shelf): Promise<void> {
		try {
			do await this.#storeOnce(shelf);
			while (this.#unsent.some(({ stored }) => !stored));
			this.#failing = false;
		} catch {
			this.#failing = true;
			this.#soon(AGAIN_MS);
		}
		this.#changed();
	}

	async #storeOnce(shelf: Shelf): Promise<void> {
		const fresh = this.#fresh();
		const [heard, acked] = [this.#heard, this.#acked];
		const whole = this.#standsForAll();
		const known = [...heard, ...acked.map(({ update }) => update)];
		const added: Row[] = [];
		if (whole) added.push({ update: Y.encodeStateAsUpdate(this.#doc), edits: 0 });
		else if (known.length > 0) added.push({ update: Y.mergeUpdates(known), edits: 0 });
		if (fresh) added.push({ update: fresh.update, edits: fresh.edits });
		if (added.length === 0) return;
		const gone = [...acked, ...(fresh ? [fresh] : [])].flatMap(({ keys }) => keys);
		if (whole) gone.push(...this.#known);
		[this.#heard, this.#acked, this.#inFlight] = [[], [], fresh];
		try {
			const keys = await shelf.replace(gone, added, this.#strict);
			this.#inFlight = null;
			for (const key of keys) this.#seen.add(key);
			if (fresh) Object.assign(fresh, { stored: true, keys: keys.splice(-1) });
			this.#known = whole ? keys : [...this.#known, ...keys];
			this.#compacted ||= whole;
		} catch (error) {
			this.#inFlight = null;
			this.#heard = [...heard, ...this.#heard];
			this.#acked = [...acked, ...this.#acked];
			throw error;
		} finally {
			if (fresh && fresh.upTo <= this.#durable) this.#ack(fresh); // the ack came before the row
		}
	}

	/** What is not stored yet as one row, or all that is unsent when it lies in many. */
	#fresh(): Own | null {
		const stored = this.#unsent.filter((own) => own.stored);
		if (stored.length === this.#unsent.length) return null;
		const all = stored.length > MAX_ROWS;
		const rows = all ? this.#unsent : this.#unsent.filter((own) => !own.stored);
		const fresh: Own = {
			update: Y.mergeUpdates(rows.map(({ update }) => update)),
			edits: rows.reduce((sum, { edits }) => sum + edits, 0),
			upTo: Math.max(...rows.map(({ upTo }) => upTo)),
			stored: false,
			keys: rows.flatMap(({ keys }) => keys),
		};
		this.#unsent = all ? [fresh] : [...stored, fresh];
		return fresh;
	}

	/** Only a document without anything unsent is what the server has. */
	#standsForAll(): boolean {
		if (!this.#keepsAll || !this.#looked || this.#unsent.length > 0) return false;
		return !this.#compacted || this.#known.length > MAX_ROWS;
	}

	/**
	 * The last thing: everything unsent was refused, and becomes what is handed back. What the server is said to
	 * have goes too, for a server may have been put back to an earlier state.
	 * @returns what could not be kept to be handed back.
	 */
	async refuse(reason: string, user: string): Promise<LateRow | null> {
		const shelf = await this.#shelf;
		for (this.flush(); this.#storing !== null; this.flush()) {
			await this.#storing;
			if (this.#failing || this.#heard.length + this.#acked.length === 0) break;
		}
		this.#life = 'refused';
		const all = this.#unsent.map(({ update }) => update);
		const keys = this.#unsent.flatMap((own) => own.keys);
		const unstored = this.#unsent.filter(({ stored }) => !stored).map(({ update }) => update);
		try {
			await shelf.refuse(keys, (known, refused) => lateRow({ reason, user, known, refused, all }));
			return unstored.length === 0 ? null : lateRow({ reason, user, known: [], refused: unstored, all });
		} catch {
			return all.length === 0 ? null : lateRow({ reason, user, known: this.#heard, refused: all, all });
		}
	}

	/** What is unsent, as far as it can be read in what the server has. */
	async unsent(user: string): Promise<LateRow | null> {
		const all = this.#unsent.map(({ update }) => update);
		if (all.length === 0) return null;
		const shelf = await this.#shelf;
		const rows = await shelf.read().catch(() => new Map<number, Row>());
		const known = [...rows.values()].filter(({ edits }) => edits === 0).map(({ update }) => update);
		return lateRow({ reason: '', user, known: [...known, ...this.#heard], refused: all, all });
	}

	/** Puts aside what of the found rows cannot be read; where each can, all of them. */
	async setAside({ known, own }: Found): Promise<void> {
		const rows = [...known, ...own];
		const broken = rows.filter(({ row }) => !isSound(row));
		const shelf = await this.#shelf;
		await shelf.setAside((broken.length > 0 ? broken : rows).map(({ key }) => key));
	}
}
