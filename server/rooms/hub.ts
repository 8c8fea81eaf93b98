import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type * as Y from 'yjs';
import type { DialogueState, Part } from '#lib/document/workflow.ts';
import { admit } from '#lib/document/write-dialogue.ts';
import type { Standing } from '#lib/document/read-dialogue.ts';
import { CLOSE } from '#lib/wire/close-codes.ts';
import { gateBefore, type GateBefore } from '../gate/update-gate.ts';
import type { Queries } from '../store/database.ts';
import type { RatingDocument } from '../store/rating-documents.ts';
import { NoSuchDialogue, type UpdateLog } from '../store/update-log.ts';
import { Beat } from './beat.ts';
import { NOT_THEIRS } from './blind-ratings.ts';
import { Callers } from './callers.ts';
import type { Census, Figures } from './figures.ts';
import { DialogueCopy } from './dialogue-copy.ts';
import { LIMITS, type Limits } from './limits.ts';
import { Peer, type Visitor } from './peer.ts';
import type { Present } from './presence.ts';
import { dialogueOf, numberOf, OpenRooms, type DocumentKey, type OpenRoomsOptions } from './open-rooms.ts';
import type { Change, Look, Room } from './room.ts';
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

export interface HubOptions extends OpenRoomsOptions {
	log: UpdateLog;
	logger: Logger;
	figures: Figures;
	/** What a user did at a socket, in a dialogue in this state, was stored; not what a command wrote for them. */
	wrote?: (dialogue: number, userId: number, state: DialogueState) => void;
	timing?: Partial<Timing>;
	limits?: Partial<Limits>;
	/** Only the benchmark puts another there, to see what the gate costs. */
	gateBefore?: GateBefore;
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
 * The rooms of this node, and who is in them. A room is left only when nobody is in it and nothing is under way.
 */
export class Hub {
	readonly #options: HubOptions;
	readonly #timing: Timing;
	readonly #beat: Beat;
	readonly #rooms: OpenRooms;
	readonly #peers = new Map<Peer, DocumentKey>();
	readonly #callers: Callers;
	readonly #upkeep: Upkeep;
	/** How often somebody's standing was looked at anew: who was let in by an older look must come in again. */
	rechecks = 0;
	#closing: Promise<void> | null = null;

	constructor(options: HubOptions) {
		this.#options = options;
		this.#timing = { ...TIMING, ...options.timing };
		const limits = { ...LIMITS, ...options.limits };
		this.#callers = new Callers(limits);
		this.#beat = new Beat(options.log, options.logger, this.#timing, options.figures);
		this.#rooms = new OpenRooms(options, {
			log: options.log,
			stored: options.stored,
			gateBefore: options.gateBefore ?? gateBefore,
			mark: (room) => this.#beat.mark(room),
			wrote: (dialogue, userId, state) => options.wrote?.(dialogue, userId, state),
			refused: (dialogue, { code, path }) => {
				options.figures.refused(code);
				options.logger.info({ dialogue, code, path }, 'a change was refused');
			},
		});
		options.figures.countFrom(() => this.#census());
		this.#upkeep = new Upkeep(this.#rooms.all, this.#peers, options.logger, this.#timing, limits.documents);
	}

	/** Whether a socket of this user, who is at the door, may come in now. */
	knock(userId: number): boolean {
		return this.#callers.knock(userId);
	}

	/**
	 * Brings a socket into its document's room; call it in the turn in which the handshake ended. When that cannot be,
	 * closes the socket with the code that says why, and rejects: NoSuchDialogue, ClientNotYours, TooManyPeers,
	 * HubClosed, or what the database said.
	 */
	async join(key: DocumentKey, ws: WebSocket, socket: Duplex, who: Visitor): Promise<void> {
		if (ws.readyState !== ws.OPEN) return;
		const dues = this.#callers.come(who.userId);
		if (dues === null) {
			ws.close(...closingFor(new TooManyPeers()));
			throw new TooManyPeers(`user ${who.userId}`);
		}
		const peer = new Peer(ws, socket, who, this.#callers, dues);
		this.#peers.set(peer, key);
		ws.on('close', () => {
			this.#peers.delete(peer);
			this.#callers.go(who.userId);
		});
		try {
			await this.#inRoom(key, async (room) => {
				const lost = (): void => peer.close(...closingFor(new ClientNotYours()));
				if (who.client !== null && !room.admits(who.client, who.userId, lost)) {
					throw new ClientNotYours(`client id ${who.client}`);
				}
				await this.#know(room, peer);
				// Judged by while they are here, and so kept with what they look at.
				if (who.own) await this.#rooms.of(who.own);
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
		key: DocumentKey,
		author: number,
		change: Change<T>,
		effect?: (tx: Queries) => Promise<void>,
	): Promise<T> {
		return this.#inRoom(key, (room) => room.write(author, change, effect));
	}

	/** What `look` sees in the document, which is all stored. It must not change it. */
	read<T>(key: DocumentKey, look: Look<T>): Promise<T> {
		return this.#inRoom(key, (room) => room.read(look));
	}

	/**
	 * What somebody has given in a blind dialogue; null while its rating document has no room here, or not all of it is
	 * stored. Asked within a write to the dialogue it holds until that is stored: see BlindRatings.
	 */
	settledRatings({ dialogue, rater }: RatingDocument): Y.Doc | null {
		return this.#rooms.all.get(dialogue)?.ratings?.settled(rater) ?? null;
	}

	/** By what people may rate in a dialogue, asked within a write to one of its rating documents, which rest on its room. */
	standingIn(dialogue: number): Standing | null {
		return this.#rooms.all.get(dialogue)?.standing ?? null;
	}

	/** As `read`, but a document without a room gets none: for who goes through many, one after the other. */
	async glance<T>(key: DocumentKey, look: Look<T>): Promise<T> {
		if (this.#rooms.has(key)) return this.read(key, look);
		const stored = await this.#rooms.load(numberOf(key));
		const copy = new DialogueCopy(stored);
		try {
			return look(copy.wake(), (client) => stored.clients.get(client)?.toString());
		} finally {
			copy.destroy();
		}
	}

	/** Who is in a dialogue, once a user. */
	peersOf(dialogue: number): Present[] {
		return this.#rooms.all.get(dialogue)?.present ?? [];
	}

	everyone(): Map<number, Present[]> {
		const rooms = [...this.#rooms.all.values()].filter(({ rater }) => rater === null);
		return new Map(rooms.map((room) => [room.dialogue, room.present]));
	}

	/**
	 * Asks `judge` about everyone who fits: another part holds from now on, and who has none is sent away for good.
	 * When it throws, the socket is closed to come again, through the door.
	 */
	async recheck(
		match: Match,
		judge: (userId: number, dialogue: number, rater: number | null) => Verdict | Promise<Verdict>,
	): Promise<void> {
		this.rechecks++;
		const fits = ({ who }: Peer, key: DocumentKey): boolean =>
			(match.dialogue ?? dialogueOf(key)) === dialogueOf(key) &&
			(match.userId ?? who.userId) === who.userId &&
			(match.sessionId ?? who.sessionId) === who.sessionId;
		const matching = [...this.#peers].filter(([peer, key]) => fits(peer, key));
		await Promise.all(
			matching.map(async ([peer, key]) => {
				const dialogue = dialogueOf(key);
				try {
					const rater = typeof key === 'number' ? null : key.rater;
					const verdict = await judge(peer.who.userId, dialogue, rater);
					if (verdict === 'signed out') peer.close(CLOSE.signedOut, verdict);
					else if (verdict === 'not theirs') peer.close(...NOT_THEIRS);
					else if (verdict.part !== peer.part) await this.#recast(peer, key, verdict.part);
				} catch (error) {
					this.#options.logger.error({ err: error, dialogue }, 'a peer could not be rechecked');
					peer.close(CLOSE.restart, 'recheck');
				}
			}),
		);
	}

	async #recast(peer: Peer, key: DocumentKey, part: Part): Promise<void> {
		peer.part = part; // at once: what it may not any more must not wait for the log
		await this.#inRoom(key, async (room) => {
			await this.#know(room, peer);
			room.restamp(peer);
		});
	}

	#census(): Census {
		const { all } = this.#rooms;
		const awake = [...all.values()].filter((room) => room.awake).length;
		return {
			peers: this.#peers.size,
			awake,
			asleep: all.size - awake,
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
		for (const room of [...this.#rooms.all.values()]) room.drop(CLOSE.restart, new HubClosed());
		for (const peer of this.#peers.keys()) peer.cutOff();
	}

	async #settle(): Promise<void> {
		await this.#rooms.settled();
		await this.#beat.idle();
		for (const room of this.#rooms.all.values()) await room.snapshot();
		const deadline = performance.now() + this.#timing.byeWithin;
		while (this.#peers.size > 0 && performance.now() < deadline) await pause(5);
	}

	/** Does `work` in the document's room; in the next one, when the room goes before the work was tried. */
	async #inRoom<T>(key: DocumentKey, work: (room: Room) => Promise<T>): Promise<T> {
		for (let tries = 1; ; tries++) {
			if (this.#closing) throw new HubClosed();
			try {
				return await work(await this.#rooms.of(key));
			} catch (error) {
				if (!(error instanceof RoomGone) || tries === TRIES) throw error;
			}
		}
	}
}

function closingFor(error: unknown): [code: number, reason: string] {
	if (error instanceof NoSuchDialogue) return [...NOT_THEIRS];
	if (error instanceof ClientNotYours) return [CLOSE.clientNotYours, 'client id'];
	if (error instanceof HubClosed) return [CLOSE.restart, 'restart'];
	if (error instanceof TooManyPeers) return [CLOSE.overloaded, 'too many connections of yours'];
	return [CLOSE.overloaded, 'not available'];
}
