import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { CLOSE } from '#lib/wire/close-codes.ts';
import { NoSuchDialogue, type Batch, type UpdateLog } from '../store/update-log.ts';
import type { Cut } from './cut.ts';
import type { Figures } from './figures.ts';
import { UPDATES_A_BEAT, UPDATES_AMONG_OTHERS } from './limits.ts';
import type { Room } from './room.ts';
import { MOST_LANES, Tempo } from './tempo.ts';
import type { Timing } from './timing.ts';
import { TooLate, within } from './within.ts';

/** For how long after others were cut a room counts as not alone. */
const COMPANY_MS = 100;

interface Taken {
	room: Room;
	cut: Cut;
}

/** Somebody else wrote to the log: the room lacks those rows. */
class Overtaken extends Error {}

/** Rooms that have something, and whose turn comes together. */
interface Lane {
	index: number;
	dirty: Set<Room>;
	beating: boolean;
}

/**
 * The beat of all rooms: cut those that have something, one commit, one write a peer, the next beat.
 * 1. A cut with nothing to store is delivered at once; one with an effect is committed by itself, without the
 *    others waiting for it; all others of a beat share one commit.
 * 2. A shared commit that fails is tried again with the same rows, unless they turn out to be in the log. What
 *    cannot be stored in time drops its rooms.
 * 3. A room whose log was written by somebody else is dropped: its next copy has those rows.
 * 4. A room that is held is passed over: it comes again by itself.
 * 5. While others write too, a beat takes less of a room, and one that has more sits out the next ones: else one
 *    that is flooded has every beat, and all others wait for it.
 * 6. Busy, the rooms are spread over lanes that beat in turn: so that no beat, and no commit, holds up all others.
 */
export class Beat {
	readonly #log: UpdateLog;
	readonly #logger: Logger;
	readonly #timing: Timing;
	readonly #figures: Figures;
	readonly #tempo = new Tempo();
	readonly #lanes: readonly Lane[] = Array.from({ length: MOST_LANES }, (_, index) => ({
		index,
		dirty: new Set<Room>(),
		beating: false,
	}));
	readonly #apart = new Set<Promise<void>>();
	readonly #resting = new Set<Room>();
	/** The document that was cut last, and when it was another than the one before. */
	#last = 0;
	#company = -Infinity;

	constructor(log: UpdateLog, logger: Logger, timing: Timing, figures: Figures) {
		this.#log = log;
		this.#logger = logger;
		this.#timing = timing;
		this.#figures = figures;
	}

	mark(room: Room): void {
		const lane = this.#lanes[Math.abs(room.document) % this.#tempo.lanes] as Lane;
		lane.dirty.add(room);
		if (!lane.beating) this.#start(lane);
	}

	/** When nothing is left to do. */
	async idle(): Promise<void> {
		const busy = (): boolean =>
			this.#lanes.some(({ beating }) => beating) || this.#apart.size > 0 || this.#resting.size > 0;
		while (busy()) await pause(5);
	}

	#start(lane: Lane): void {
		lane.beating = true;
		const wait = this.#tempo.untilTurn(lane.index);
		if (wait < 1) setImmediate(() => void this.#run(lane));
		else setTimeout(() => void this.#run(lane), wait);
	}

	async #run(lane: Lane): Promise<void> {
		const shared: Taken[] = [];
		const all = this.#take(lane);
		this.#tempo.took(all.length);
		this.#notice(all);
		for (const taken of all) {
			if (taken.cut.effect) this.#commitApart(taken);
			else if (taken.cut.rows.length > 0) shared.push(taken);
			else this.#deliver(taken, taken.room.head);
		}
		if (shared.length > 0) await this.#commit(shared);
		lane.beating = false;
		if (lane.dirty.size > 0) this.#start(lane);
	}

	/** A room whose last cut is still under way marks itself again when that is delivered. */
	#take(lane: Lane): Taken[] {
		const rooms = lane.dirty;
		const most = this.#alone ? UPDATES_A_BEAT : UPDATES_AMONG_OTHERS;
		lane.dirty = new Set();
		const taken: Taken[] = [];
		for (const room of rooms) {
			if (room.committing || room.held || this.#resting.has(room)) continue;
			try {
				taken.push({ room, cut: room.cut(most) });
			} catch (error) {
				this.#logger.error({ err: error, dialogue: room.dialogue }, 'a change could not be applied');
				room.spoil();
			}
		}
		return taken;
	}

	#commitApart(taken: Taken): void {
		const { room, cut } = taken;
		const commit = within(this.#timing.flushWithin, this.#log.append([batchOf(taken)], cut.effect))
			.then((heads) => this.#settle(taken, heads))
			.catch((error: unknown) => room.drop(CLOSE.restart, error))
			.finally(() => this.#apart.delete(commit));
		this.#apart.add(commit);
	}

	async #commit(shared: Taken[]): Promise<void> {
		const deadline = performance.now() + this.#timing.flushWithin;
		for (let again = false; ; again = true) {
			try {
				const began = performance.now();
				const heads = await within(deadline - began, this.#append(shared, again, deadline));
				this.#figures.committed(performance.now() - began, rowsOf(shared));
				for (const taken of shared) this.#settle(taken, heads);
				return;
			} catch (error) {
				this.#figures.failed();
				this.#logger.error({ err: error, rooms: shared.length }, 'a flush failed');
				if (performance.now() + this.#timing.retryEvery >= deadline) {
					for (const { room } of shared) room.drop(CLOSE.overloaded, error);
					return;
				}
			}
			await pause(this.#timing.retryEvery);
		}
	}

	/** The answer to the attempt before may have been all that was lost. */
	async #append(shared: Taken[], again: boolean, deadline: number): Promise<Map<number, number>> {
		const [first] = shared;
		const row = first?.cut.rows[0];
		if (again && first && row && (await this.#log.holds(first.room.document, first.room.head + 1, row))) {
			return new Map(shared.map(({ room, cut }) => [room.document, room.head + cut.rows.length]));
		}
		if (performance.now() >= deadline) throw new TooLate('given up before it was tried again');
		return this.#log.append(shared.map(batchOf));
	}

	#settle(taken: Taken, heads: ReadonlyMap<number, number>): void {
		const { room, cut } = taken;
		const head = heads.get(room.document);
		if (head === undefined) return room.drop(CLOSE.noSuchDialogue, new NoSuchDialogue(room.document));
		this.#deliver(taken, room.head + cut.rows.length);
		if (head === room.head) return;
		this.#logger.warn({ dialogue: room.dialogue, head }, 'somebody else writes to this log');
		room.drop(CLOSE.restart, new Overtaken());
	}

	/** No two rooms have been cut for a while. */
	get #alone(): boolean {
		return performance.now() - this.#company > COMPANY_MS;
	}

	#notice(taken: readonly Taken[]): void {
		for (const { room } of taken) {
			if (room.document !== this.#last) this.#company = performance.now();
			this.#last = room.document;
		}
	}

	#rest(room: Room): void {
		if (this.#alone) return;
		this.#resting.add(room);
		setTimeout(() => {
			this.#resting.delete(room);
			if (!room.gone) this.mark(room);
		}, this.#timing.restFor);
	}

	/** A failure here is our own mistake; it must not stop the other rooms. */
	#deliver({ room, cut }: Taken, head: number): void {
		try {
			if (cut.rows.length > 0) this.#figures.durable(cut.since);
			if (cut.spent) this.#rest(room);
			room.deliver(cut, head);
			if (cut.rows.length > 0) this.#figures.told(cut.since);
		} catch (error) {
			this.#logger.error({ err: error, dialogue: room.dialogue }, 'a room could not tell its peers');
			room.drop(CLOSE.restart, error);
		}
	}
}

function batchOf({ room, cut }: Taken): Batch {
	return { dialogue: room.document, rows: cut.rows };
}

const rowsOf = (shared: readonly Taken[]): number =>
	shared.reduce((sum, { cut }) => sum + cut.rows.length, 0);
