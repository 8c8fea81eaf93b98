import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { CLOSE } from '#lib/wire/close-codes.ts';
import { SNAPSHOT_ROWS } from './limits.ts';
import type { Peer } from './peer.ts';
import type { Room } from './room.ts';
import { RoomGone } from './room-gone.ts';
import type { Timing } from './timing.ts';

/** Between two rooms that were looked after: snapshots of many that grew together must not hold up the beats. */
const BREATH_MS = 20;

/** Peers that are sent something before the loop has a turn: many came together, and would be asked together. */
const PEERS_A_TURN = 16;

/**
 * Looks after sockets and rooms, one room at a time: snapshots of those that have grown past theirs, sleep for those
 * where nobody writes, an end for those that nobody needs.
 */
export class Upkeep {
	readonly #rooms: ReadonlyMap<number, Room>;
	readonly #peers: ReadonlyMap<Peer, unknown>;
	readonly #logger: Logger;
	readonly #timing: Timing;
	/** Bytes that the documents may take. */
	readonly #limit: number;
	readonly #timer: NodeJS.Timeout;
	#tending = false;
	#asking = false;

	constructor(
		rooms: ReadonlyMap<number, Room>,
		peers: ReadonlyMap<Peer, unknown>,
		logger: Logger,
		timing: Timing,
		limit: number,
	) {
		this.#rooms = rooms;
		this.#peers = peers;
		this.#logger = logger;
		this.#timing = timing;
		this.#limit = limit;
		this.#timer = setInterval(() => {
			if (!this.#asking) void this.#ask();
			if (!this.#tending) void this.#tend();
		}, timing.tendEvery);
		this.#timer.unref();
	}

	stop(): void {
		clearInterval(this.#timer);
	}

	async #ask(): Promise<void> {
		this.#asking = true;
		let asked = 0;
		for (const peer of [...this.#peers.keys()])
			if (peer.tend(performance.now(), this.#timing) && ++asked % PEERS_A_TURN === 0) await pause(1);
		this.#asking = false;
	}

	async #tend(): Promise<void> {
		this.#tending = true;
		const crowded = this.#memory() > this.#limit;
		for (const room of [...this.#rooms.values()]) await this.#lookAfter(room, crowded);
		this.#tending = false;
	}

	/** What the documents take, roughly. */
	#memory(): number {
		let bytes = 0;
		for (const room of this.#rooms.values()) bytes += room.memory;
		return bytes;
	}

	async #lookAfter(room: Room, crowded: boolean): Promise<void> {
		const { unloadAfter, sleepAfter, sleepSoonerAfter } = this.#timing;
		const stillFor = (ms: number): boolean => performance.now() - room.lastBusy > ms;
		const unneeded = (): boolean => room.idle && stillFor(crowded ? 0 : unloadAfter);
		const restless = crowded ? sleepSoonerAfter : sleepAfter;
		const sleepy = (): boolean => room.awake && room.quiet && stillFor(restless);
		const grown = room.behind >= SNAPSHOT_ROWS;
		if (!grown && !unneeded() && !sleepy()) return;
		try {
			if (grown || room.behind > 0) await room.snapshot();
		} catch (error) {
			this.#logger.warn({ err: error, dialogue: room.dialogue }, 'no snapshot was taken');
		}
		if (unneeded()) room.drop(CLOSE.restart, new RoomGone());
		else if (sleepy() && room.behind === 0) room.sleep();
		await pause(BREATH_MS);
	}
}
