import type * as Y from 'yjs';
import { standingOf } from '#lib/document/read-dialogue.ts';
import { policy } from '#lib/document/schema.ts';
import { CLOSE } from '#lib/wire/close-codes.ts';
import { writeSync } from '#lib/wire/messages.ts';
import { Poisoned, Refusal } from '../gate/refusal.ts';
import { UpdateGate } from '../gate/update-gate.ts';
import { packUpdates, type UpdateLog } from '../store/update-log.ts';
import { Authorship } from './authorship.ts';
import type { Cut, Heard, Incoming, Write } from './cut.ts';
import { UPDATES_A_BEAT } from './limits.ts';
import type { Opened } from './opening.ts';
import type { Peer } from './peer.ts';
import { RoomGone } from './room-gone.ts';

/** What one source did in a row; null: the server. */
interface Run {
	from: Peer | null;
	author: number;
	updates: Uint8Array[];
}

/** The server's own changes, among a document's update events. */
const SERVER = Symbol('server');

/**
 * Where changes wait until a beat applies them, in the order in which they came.
 * 1. Nothing but `apply` changes the document; peers' updates only through the gate.
 * 2. A write with an effect is applied alone, so that its failure takes nothing else with it.
 * 3. When `apply` throws, the document may hold what will never be stored: it must be thrown away.
 */
export class Intake {
	readonly authorship: Authorship;
	readonly #dialogue: number;
	readonly #doc: Y.Doc;
	readonly #log: UpdateLog;
	readonly #gate: UpdateGate;
	#waiting: Incoming[] = [];
	/** What the server's changes came to, as updates. */
	#made: Uint8Array[] = [];

	constructor(dialogue: number, { doc, clients }: Opened, log: UpdateLog) {
		this.#dialogue = dialogue;
		this.#doc = doc;
		this.#log = log;
		this.authorship = new Authorship(doc, dialogue, log, clients);
		this.#gate = new UpdateGate(doc, policy, this.authorship);
		doc.on('update', (update: Uint8Array, origin: unknown) => {
			if (origin === SERVER) this.#made.push(update);
		});
	}

	get empty(): boolean {
		return this.#waiting.length === 0;
	}

	push(incoming: Incoming): void {
		this.#waiting.push(incoming);
	}

	/** Applies what waits, and puts into the cut what has to be stored and told. */
	apply(cut: Cut): void {
		const runs: Run[] = [];
		const add = (from: Peer | null, author: number, updates: Uint8Array[]): void => {
			const last = runs.at(-1);
			if (last?.from === from && last.author === author) last.updates.push(...updates);
			else if (updates.length > 0) runs.push({ from, author, updates });
		};
		for (const next of this.#take()) {
			switch (next.kind) {
				case 'write':
					add(null, next.author, this.#change(next, cut));
					break;
				case 'heard':
					add(next.from, next.from.who.userId, this.#receive(next, cut));
			}
		}
		for (const { from, author, updates } of runs) {
			cut.rows.push({ author, body: packUpdates(updates) });
			if (from !== null) cut.writers.add(author);
			for (const update of updates) cut.told.push({ from, message: writeSync('update', update) });
		}
		this.#claim(cut);
	}

	#take(): Incoming[] {
		const alone = (next: Incoming): boolean => next.kind === 'write' && next.effect !== undefined;
		const first = this.#waiting.findIndex(alone);
		const count = first === 0 ? 1 : Math.min(first < 0 ? Infinity : first, UPDATES_A_BEAT);
		return this.#waiting.splice(0, count);
	}

	#change(write: Write, cut: Cut): Uint8Array[] {
		try {
			this.#doc.transact(write.change, SERVER);
		} catch (error) {
			write.settle(error);
			if (this.#made.length > 0) throw error;
			return [];
		}
		cut.writes.push(write);
		if (write.effect) cut.effect = write.effect;
		return this.#made.splice(0);
	}

	#receive({ from, update, frame }: Heard, cut: Cut): Uint8Array[] {
		from.applied(update.length);
		if (from.refused) return [];
		const { userId } = from.who;
		const sender = { userId: String(userId), part: from.part, ...standingOf(this.#doc) };
		try {
			const { apply } = this.authorship.judging(userId, () => this.#gate.receive(update, sender, from));
			cut.acks.set(from, frame);
			return apply === null ? [] : [apply];
		} catch (error) {
			if (error instanceof Refusal) {
				from.close(CLOSE.refused, `${error.code} ${error.path}`.trim());
				return [];
			}
			if (error instanceof Poisoned) from.close(CLOSE.refused, 'poisoned');
			throw error;
		}
	}

	/** Client ids that were used for the first time are bound in the transaction that stores the rows. */
	#claim(cut: Cut): void {
		const claims = this.authorship.takeUnstored();
		if (claims.length === 0) return;
		const { effect } = cut;
		cut.effect = async (tx) => {
			await effect?.(tx);
			for (const { client, userId } of claims) {
				if (await this.#log.bindClient(this.#dialogue, client, userId, tx)) continue;
				throw new Error(`client id ${client} of dialogue ${this.#dialogue} was bound to somebody else`);
			}
		};
	}

	/** What waits will never be applied here. */
	abandon(): void {
		for (const next of this.#waiting.splice(0)) if (next.kind === 'write') next.settle(new RoomGone());
	}
}
