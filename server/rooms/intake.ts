import type * as Y from 'yjs';
import type { Node } from '#lib/document/policy.ts';
import type { Standing } from '#lib/document/read-dialogue.ts';
import { CLOSE } from '#lib/wire/close-codes.ts';
import { Poisoned, Refusal } from '../gate/refusal.ts';
import type { Gate, GateBefore } from '../gate/update-gate.ts';
import { packUpdates, type UpdateLog } from '../store/update-log.ts';
import type { Authorship } from './authorship.ts';
import type { Cut, Heard, Incoming, Run, Write } from './cut.ts';
import type { DialogueCopy } from './dialogue-copy.ts';
import { BYTES_A_BEAT, STEPS_A_BEAT, TOLD_A_BEAT } from './limits.ts';
import { RoomGone } from './room-gone.ts';

/** By what changes are judged. */
export interface Rules {
	gateBefore: GateBefore;
	policyOf(doc: Y.Doc): Node;
	standingIn(doc: Y.Doc): Standing;
	/** Refused for good: the rule, for the log. */
	refused(refusal: Refusal): void;
	/** The copy before this one was spoiled. */
	careful: boolean;
}

/** What a beat takes, and how much of it is done. */
interface Turn {
	readonly waiting: readonly Incoming[];
	/** Past which nothing more is taken. */
	readonly bytes: number;
	at: number;
}

/**
 * Where changes wait until a beat applies them, in the order in which they came.
 * 1. Nothing but `apply` changes the document; peers' updates only through the gate, and those that come one after
 *    the other in one transaction.
 * 2. A write with an effect is applied alone, so that its failure takes nothing else with it.
 * 3. One beat applies so many updates, and so much work: what is left waits for the next, in order.
 * 4. When `apply` throws, the document may hold what will never be stored: it must be thrown away.
 * 5. In a copy that follows such a one each update has a transaction of its own: what spoils this copy too is then
 *    known, and its sender refused for good, or all would come again and again.
 */
export class Intake {
	readonly #document: number;
	readonly #copy: DialogueCopy;
	readonly #authorship: Authorship;
	readonly #log: UpdateLog;
	readonly #rules: Rules;
	/** While the copy is awake. */
	#open: { doc: Y.Doc; gate: Gate } | null = null;
	#waiting: Incoming[] = [];
	#since = 0;
	/** Of the gate, in this beat. */
	#steps = 0;
	/** Of updates, in this beat. */
	#bytes = 0;

	constructor(document: number, copy: DialogueCopy, authorship: Authorship, log: UpdateLog, rules: Rules) {
		this.#document = document;
		this.#copy = copy;
		this.#authorship = authorship;
		this.#rules = rules;
		this.#log = log;
	}

	get empty(): boolean {
		return this.#waiting.length === 0;
	}

	push(incoming: Incoming): void {
		if (this.empty) this.#since = performance.now();
		this.#waiting.push(incoming);
	}

	/** The document, awake, with an id that is nobody's. */
	doc(): Y.Doc {
		return this.#awake().doc;
	}

	#awake(): { doc: Y.Doc; gate: Gate } {
		if (this.#open !== null) return this.#open;
		const doc = this.#copy.wake();
		this.#authorship.adopt(doc);
		const gate = this.#rules.gateBefore(doc, this.#rules.policyOf(doc), this.#authorship, this.#copy.bytes);
		return (this.#open = { doc, gate });
	}

	/** The copy falls asleep. */
	rest(): void {
		this.#open = null;
		this.#copy.sleep();
	}

	/** Applies up to `most` of what waits, and puts into the cut what has to be stored and told to so many peers. */
	apply(cut: Cut, peers: number, most: number): void {
		const turn = { waiting: this.#take(most), bytes: Math.min(BYTES_A_BEAT, TOLD_A_BEAT / peers), at: 0 };
		if (turn.waiting.length > 0) cut.since = this.#since;
		this.#steps = 0;
		this.#bytes = 0;
		try {
			for (let next = this.#next(turn); next !== undefined; next = this.#next(turn)) {
				if (next.kind === 'heard') this.#receiveFrom(turn, cut);
				else {
					turn.at++;
					add(cut.runs, null, next.author, this.#change(next, cut));
				}
			}
		} finally {
			if (turn.at < turn.waiting.length) this.#waiting = turn.waiting.slice(turn.at).concat(this.#waiting);
		}
		let bytes = 0;
		for (const { author, updates } of cut.runs) {
			const body = packUpdates(updates);
			bytes += body.length;
			cut.rows.push({ author, body });
		}
		if (bytes > 0) this.#copy.changed(bytes);
		cut.spent = turn.at < turn.waiting.length || turn.waiting.length === most;
		this.#claim(cut);
	}

	#take(most: number): Incoming[] {
		const waiting = this.#waiting;
		const alone = waiting.findIndex((next) => next.kind === 'write' && next.effect !== undefined);
		const count = alone === 0 ? 1 : Math.min(alone < 0 ? Infinity : alone, most);
		if (count >= waiting.length) {
			this.#waiting = [];
			return waiting;
		}
		return waiting.splice(0, count);
	}

	/** What the server's change came to. */
	#change(write: Write, cut: Cut): Uint8Array[] {
		const { doc } = this.#awake();
		const made: Uint8Array[] = [];
		// Only while the server writes: for a listener Yjs encodes every transaction once more.
		const note = (update: Uint8Array): void => void made.push(update);
		doc.on('update', note);
		try {
			doc.transact(write.change);
		} catch (error) {
			write.settle(error);
			if (made.length > 0) throw error;
			return [];
		} finally {
			doc.off('update', note);
		}
		cut.writes.push(write);
		if (write.effect) cut.effect = write.effect;
		return made;
	}

	/** What this beat still applies. */
	#next({ waiting, bytes, at }: Turn): Incoming | undefined {
		return this.#steps < STEPS_A_BEAT && this.#bytes < bytes ? waiting[at] : undefined;
	}

	/** Applies updates up to the next write. */
	#receiveFrom(turn: Turn, cut: Cut): void {
		const { doc, gate } = this.#awake();
		const standing = this.#rules.standingIn(doc);
		cut.state = standing.state;
		const receive = (): void => {
			for (let next = this.#next(turn); next?.kind === 'heard'; next = this.#next(turn)) {
				turn.at++;
				this.#receive(gate, standing, next, cut);
			}
		};
		if (this.#rules.careful) receive();
		else doc.transact(receive);
	}

	#receive(gate: Gate, standing: Standing, { from, update, carrier, frame }: Heard, cut: Cut): void {
		this.#bytes += update.length;
		from.applied(update.length);
		if (from.forgotten) return;
		if (from.owes) return from.close(CLOSE.overloaded, 'too much work');
		const { userId } = from.who;
		const sender = { userId: String(userId), part: from.part, ...standing };
		try {
			const { apply } = this.#authorship.judging(userId, () => gate.receive(update, sender, carrier, from));
			if (from.who.acks) cut.acks.set(from, frame);
			if (apply !== null) add(cut.runs, from, userId, [apply]);
		} catch (error) {
			if (error instanceof Refusal) {
				this.#rules.refused(error);
				from.close(CLOSE.refused, `${error.code} ${error.path}`.trim());
				return;
			}
			if (error instanceof Poisoned) from.close(CLOSE.refused, 'poisoned');
			throw error;
		} finally {
			this.#steps += gate.steps;
			from.worked(gate.steps);
		}
	}

	/** Client ids that were used for the first time are bound in the transaction that stores the rows. */
	#claim(cut: Cut): void {
		const claims = this.#authorship.takeUnstored();
		if (claims.length === 0) return;
		const { effect } = cut;
		cut.effect = async (tx) => {
			await effect?.(tx);
			for (const { client, userId } of claims) {
				if (await this.#log.bindClient(this.#document, client, userId, tx)) continue;
				throw new Error(`client id ${client} of document ${this.#document} was bound to somebody else`);
			}
		};
	}

	/** What waits will never be applied here. */
	abandon(): void {
		for (const next of this.#waiting.splice(0)) {
			if (next.kind === 'write') next.settle(new RoomGone());
			else next.from.applied(next.update.length);
		}
	}
}

function add(runs: Run[], from: Run['from'], author: number, updates: Uint8Array[]): void {
	const last = runs.at(-1);
	if (last?.from === from && last.author === author) last.updates.push(...updates);
	else if (updates.length > 0) runs.push({ from, author, updates });
}
