import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { Summary } from '#lib/document/summary.ts';
import type { DialogueState, Part } from '#lib/document/workflow.ts';
import { admit } from '#lib/document/write-dialogue.ts';
import { CLOSE } from '#lib/wire/close-codes.ts';
import type { Queries } from '../store/database.ts';
import type { Stored, StoredDialogues } from '../store/stored-dialogues.ts';
import { NoSuchDialogue, type UpdateLog } from '../store/update-log.ts';
import { Beat } from './beat.ts';
import { Callers } from './callers.ts';
import type { Census, Figures } from './figures.ts';
import { DialogueCopy } from './dialogue-copy.ts';
import { LIMITS, type Limits } from './limits.ts';
import { Peer, type Visitor } from './peer.ts';
import type { Present } from './presence.ts';
import { Room, type Change, type House, type Look } from './room.ts';
import { RoomGone } from './room-gone.ts';
import { TIMING, type Timing } from './timing.ts';
import { Upkeep } from './upkeep.ts';
import { within } from './within.ts';

/** The Yjs client id is somebody else's, or has written without an owner. */
class ClientNotYours extends Error {}

/** This user has as many sockets open as one may. */
class TooManyPeers extends Error {}

/** The server is going down. */
class HubClosed extends Error {}

export interface HubOptions {
	log: UpdateLog;
	stored: StoredDialogues;
	logger: Logger;
	figures: Figures;
	/** After a room was read, before anybody is in it; may ask for writes, which come later. */
	opened?: (dialogue: number, summary: Summary) => void;
	/** What a user did at a socket, in a dialogue in this state, was stored; not what a command wrote for them. */
	wrote?: (dialogue: number, userId: number, state: DialogueState) => void;
	timing?: Partial<Timing>;
	limits?: Partial<Limits>;
}

/** What a recheck is about: everything that is given must fit. */
export interface Match {
	dialogue?: number;
	userId?: number;
	sessionId?: string;
}

/** What somebody is found to be by now. */
export type Verdict = { part: Part } | 'not theirs' | 'signed out';

/** Times that a room is looked for anew when it goes while something is asked of it. */
const TRIES = 4;

/**
 * The rooms of this node.
 * 1. A dialogue has one room at a time, read once however many come for it.
 * 2. A room is left only when nobody is in it and nothing is under way.
 */
export class Hub {
	readonly #options: HubOptions;
	readonly #house: House;
	readonly #timing: Timing;
	readonly #beat: Beat;
	readonly #opening = new Map<number, Promise<Room>>();
	readonly #rooms = new Map<number, Room>();
	/** Dialogues whose last copy was spoiled: the next one finds out by what. */
	readonly #spoiled = new Set<number>();
	readonly #peers = new Map<Peer, number>();
	readonly #callers: Callers;
	readonly #upkeep: Upkeep;
	/** How often somebody's standing was looked at anew: who was let in by an older look must come in again. */
	rechecks = 0;
	#closing: Promise<void> | null = null;

	constructor(options: HubOptions) {
		this.#options = options;
		this.#timing = { ...TIMING, ...options.timing };
		this.#callers = new Callers({ ...LIMITS, ...options.limits });
		this.#beat = new Beat(options.log, options.logger, this.#timing, options.figures);
		this.#house = {
			log: options.log,
			stored: options.stored,
			mark: (room) => this.#beat.mark(room),
			left: ({ dialogue }) => {
				this.#opening.delete(dialogue);
				this.#rooms.delete(dialogue);
			},
			wrote: (dialogue, userId, state) => options.wrote?.(dialogue, userId, state),
			refused: (dialogue, { code, path }) => {
				options.figures.refused(code);
				options.logger.info({ dialogue, code, path }, 'a change was refused');
			},
			spoiled: ({ dialogue }) => this.#spoiled.add(dialogue),
		};
		options.figures.countFrom(() => this.#census());
		this.#upkeep = new Upkeep(this.#rooms, this.#peers, options.logger, this.#timing);
	}

	/**
	 * Brings a socket into its dialogue's room; call it in the turn in which the handshake ended. When that cannot be, closes the socket with the code that says why,
	 * and rejects: NoSuchDialogue, ClientNotYours, TooManyPeers, HubClosed, or what the database said.
	 */
	async join(dialogue: number, ws: WebSocket, socket: Duplex, who: Visitor): Promise<void> {
		if (ws.readyState !== ws.OPEN) return;
		const dues = this.#callers.come(who.userId);
		if (dues === null) {
			ws.close(...closingFor(new TooManyPeers()));
			throw new TooManyPeers(`user ${who.userId}`);
		}
		const peer = new Peer(ws, socket, who, this.#callers, dues);
		this.#peers.set(peer, dialogue);
		ws.on('close', () => {
			this.#peers.delete(peer);
			this.#callers.go(who.userId);
		});
		try {
			await this.#inRoom(dialogue, async (room) => {
				const lost = (): void => peer.close(...closingFor(new ClientNotYours()));
				if (who.client !== null && !room.admits(who.client, who.userId, lost)) {
					throw new ClientNotYours(`client id ${who.client}`);
				}
				await this.#know(room, peer);
				room.enter(peer);
			});
		} catch (error) {
			peer.close(...closingFor(error));
			throw error;
		}
	}

	/** Whoever may write is named in the document first, and finds the containers that are theirs. */
	async #know(room: Room, peer: Peer): Promise<void> {
		const { who, part } = peer;
		if (part === 'observer' || room.knows(peer)) return;
		await room.write(0, (doc) => admit(doc, who.userId, { name: who.name, part }), undefined);
	}

	/**
	 * Changes a document as the server, and resolves with what `change` returned once it is stored. `author`: 0 the
	 * server, −id a bot, id a user for whom it writes. `effect` is done in the same transaction, after `change`.
	 *
	 * Rejects with what `change` threw: nothing is stored, and nothing else happens if it threw before it changed
	 * anything. Rejects with what `effect` threw: nothing is stored, and the room's peers are sent away to come again.
	 * Rejects with the database's error when it cannot store; if that was silence, what became of it is not known.
	 */
	write<T>(
		dialogue: number,
		author: number,
		change: Change<T>,
		effect?: (tx: Queries) => Promise<void>,
	): Promise<T> {
		return this.#inRoom(dialogue, (room) => room.write(author, change, effect));
	}

	/** What `look` sees in the document, which is all stored. It must not change it. */
	read<T>(dialogue: number, look: Look<T>): Promise<T> {
		return this.#inRoom(dialogue, (room) => room.read(look));
	}

	/** As `read`, but a dialogue without a room gets none: for who goes through many, one after the other. */
	async glance<T>(dialogue: number, look: Look<T>): Promise<T> {
		if (this.#opening.has(dialogue)) return this.read(dialogue, look);
		const stored = await this.#load(dialogue);
		const copy = new DialogueCopy(stored);
		try {
			return look(copy.wake(), (client) => stored.clients.get(client)?.toString());
		} finally {
			copy.destroy();
		}
	}

	/** Who is in a dialogue, once a user. */
	peersOf(dialogue: number): Present[] {
		return this.#rooms.get(dialogue)?.present ?? [];
	}

	everyone(): Map<number, Present[]> {
		return new Map([...this.#rooms].map(([dialogue, room]) => [dialogue, room.present]));
	}

	/**
	 * Asks `judge` about everyone who fits: another part holds from now on, and who has none is sent away for good.
	 * When it throws, the socket is closed to come again, through the door.
	 */
	async recheck(
		match: Match,
		judge: (userId: number, dialogue: number) => Verdict | Promise<Verdict>,
	): Promise<void> {
		this.rechecks++;
		const fits = ({ who }: Peer, dialogue: number): boolean =>
			(match.dialogue ?? dialogue) === dialogue &&
			(match.userId ?? who.userId) === who.userId &&
			(match.sessionId ?? who.sessionId) === who.sessionId;
		const matching = [...this.#peers].filter(([peer, dialogue]) => fits(peer, dialogue));
		await Promise.all(
			matching.map(async ([peer, dialogue]) => {
				try {
					const verdict = await judge(peer.who.userId, dialogue);
					if (verdict === 'signed out') peer.close(CLOSE.signedOut, verdict);
					else if (verdict === 'not theirs') peer.close(CLOSE.noSuchDialogue, verdict);
					else if (verdict.part !== peer.part) await this.#recast(peer, dialogue, verdict.part);
				} catch (error) {
					this.#options.logger.error({ err: error, dialogue }, 'a peer could not be rechecked');
					peer.close(CLOSE.restart, 'recheck');
				}
			}),
		);
	}

	async #recast(peer: Peer, dialogue: number, part: Part): Promise<void> {
		peer.part = part; // at once: what it may not any more must not wait for the log
		await this.#inRoom(dialogue, async (room) => {
			await this.#know(room, peer);
			room.restamp(peer);
		});
	}

	#census(): Census {
		const awake = [...this.#rooms.values()].filter((room) => room.awake).length;
		return {
			peers: this.#peers.size,
			awake,
			asleep: this.#rooms.size - awake,
			waiting: this.#callers.waiting,
			unsent: [...this.#peers.keys()].reduce((sum, peer) => sum + peer.unsent, 0),
		};
	}

	/** Stores what has come and sends everyone away, to come again. Takes at most `closeWithin`. */
	close(): Promise<void> {
		return (this.#closing ??= this.#close());
	}

	async #close(): Promise<void> {
		this.#upkeep.stop();
		for (const peer of this.#peers.keys()) peer.close(CLOSE.restart, 'restart');
		try {
			await within(this.#timing.closeWithin, this.#settle());
		} catch (error) {
			this.#options.logger.error({ err: error }, 'rooms were not settled in time');
		}
		for (const room of [...this.#rooms.values()]) room.drop(CLOSE.restart, new HubClosed());
		for (const peer of this.#peers.keys()) peer.cutOff();
	}

	async #settle(): Promise<void> {
		await Promise.allSettled(this.#opening.values());
		await this.#beat.idle();
		for (const room of this.#rooms.values()) await room.snapshot();
		const deadline = performance.now() + this.#timing.byeWithin;
		while (this.#peers.size > 0 && performance.now() < deadline) await pause(5);
	}

	/** Does `work` in the dialogue's room; in the next one, when the room goes before the work was tried. */
	async #inRoom<T>(dialogue: number, work: (room: Room) => Promise<T>): Promise<T> {
		for (let tries = 1; ; tries++) {
			if (this.#closing) throw new HubClosed();
			try {
				return await work(await this.#room(dialogue));
			} catch (error) {
				if (!(error instanceof RoomGone) || tries === TRIES) throw error;
			}
		}
	}

	#room(dialogue: number): Promise<Room> {
		const known = this.#opening.get(dialogue);
		if (known) return known;
		const opening = this.#open(dialogue);
		this.#opening.set(dialogue, opening);
		opening.catch(() => this.#opening.delete(dialogue));
		return opening;
	}

	async #open(dialogue: number): Promise<Room> {
		const stored = await this.#load(dialogue);
		const room = new Room(dialogue, stored, this.#house, this.#spoiled.delete(dialogue));
		this.#options.opened?.(dialogue, room.summary);
		this.#rooms.set(dialogue, room);
		return room;
	}

	async #load(dialogue: number): Promise<Stored> {
		const stored = await this.#options.stored.load(dialogue);
		if (stored === null) throw new NoSuchDialogue(dialogue);
		return stored;
	}
}

function closingFor(error: unknown): [code: number, reason: string] {
	if (error instanceof NoSuchDialogue) return [CLOSE.noSuchDialogue, 'no such dialogue'];
	if (error instanceof ClientNotYours) return [CLOSE.clientNotYours, 'client id'];
	if (error instanceof HubClosed) return [CLOSE.restart, 'restart'];
	if (error instanceof TooManyPeers) return [CLOSE.overloaded, 'too many connections of yours'];
	return [CLOSE.overloaded, 'not available'];
}
