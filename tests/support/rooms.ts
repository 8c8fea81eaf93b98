import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { WebSocket, WebSocketServer } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { turnText } from '#lib/document/read-dialogue.ts';
import type { Part } from '#lib/document/workflow.ts';
import { addPrompt, begin, beginRatings } from '#lib/document/write-dialogue.ts';
import { DURABLE } from '#lib/wire/message-kinds.ts';
import { readMessage, type Message } from '#lib/wire/messages.ts';
import { Figures } from '../../server/rooms/figures.ts';
import { Hub, type HubOptions } from '../../server/rooms/hub.ts';
import { PAYLOAD_LIMIT } from '../../server/rooms/limits.ts';
import { vectorFrom } from '../../server/rooms/state-vector.ts';
import type { Database } from '../../server/store/database.ts';
import type { RatingDocument } from '../../server/store/rating-documents.ts';
import { StoredDialogues } from '../../server/store/stored-dialogues.ts';
import { unpackUpdates, UpdateLog } from '../../server/store/update-log.ts';
import { answerIn } from './answer-in.ts';
import { Ledger } from './ledger.ts';
import { oneCriterion } from './store-world.ts';
import { SteeredDatabase } from './steered-database.ts';
import { Wire } from './wire.ts';
import { writeSync } from './write-messages.ts';

/** The turn that every dialogue of these tests begins with. */
export const TURN = 'turn-1';
export const FIRST_TEXT = 'Hello';
/** The response that every blind one begins with. */
export const ANSWER = 'answer-1';

/** Waits for what must come; the runner's timeout says when it did not. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
	for (let wait = 5; !(await condition()); wait = Math.min(50, wait * 1.2)) await pause(wait);
}

export interface Guest {
	userId: number;
	part?: Part;
	name?: string;
	/** 'own': the id of the document, for a stock guest. */
	client?: number | 'own';
	/** Does not ask to be told what is on disk. */
	unasking?: true;
	sessionId?: string;
	/** The state vector that it comes with. */
	has?: Uint8Array;
}

process.setMaxListeners(100); // every stock provider listens for the end of the process

let lastDialogue = 1000;
let lastRatings = 0;

/** Which document a guest comes to: a dialogue's own, or what one rates in it. */
type Place = number | `${number}.${number}`;

/** A hub behind a socket server whose door believes what the URL says. */
export class Rooms {
	db: SteeredDatabase;
	log: UpdateLog;
	stored: StoredDialogues;
	figures: Figures;
	hub: Hub;
	readonly #database: Database;
	readonly #options: Partial<HubOptions>;
	#down = false;
	readonly #http = createServer();
	readonly #wss = new WebSocketServer({
		noServer: true,
		perMessageDeflate: false,
		maxPayload: PAYLOAD_LIMIT,
	});
	readonly #guests = new Set<{ leave(): void }>();
	readonly #ratings = new Map<string, RatingDocument>();

	private constructor(db: Database, options: Partial<HubOptions>) {
		this.#database = db;
		this.#options = options;
		({
			db: this.db,
			log: this.log,
			stored: this.stored,
			figures: this.figures,
			hub: this.hub,
		} = this.#begin());
		this.#http.on('upgrade', (request, socket, head) => {
			if (this.#down) return void socket.destroy();
			const url = new URL(request.url ?? '/', 'http://localhost');
			const given = url.searchParams;
			const client = given.get('client');
			const sessionId = given.get('session');
			const who = {
				userId: Number(given.get('user')),
				name: given.get('name') ?? `user ${given.get('user')}`,
				part: (given.get('part') ?? 'annotator') as Part,
				client: client === null ? null : Number(client),
				has: vectorFrom(given.get('has')),
				acks: given.get('durable') === '1',
				...(sessionId !== null && { sessionId }),
			};
			this.#wss.handleUpgrade(request, socket, head, (ws) => {
				const place = url.pathname.split('/').at(-1) ?? '';
				const key = this.#ratings.get(place);
				const own = key && key.rater !== who.userId && this.ratings(key.dialogue, who.userId);
				// The socket is closed with what is wrong; the tests look at that.
				this.hub
					.join(key ?? Number(place), ws, socket, { ...who, ...(own && { own }) })
					.catch(() => undefined);
			});
		});
	}

	static async open(db: Database, options: Partial<HubOptions> = {}): Promise<Rooms> {
		const rooms = new Rooms(db, options);
		rooms.#http.listen(0, '127.0.0.1');
		await once(rooms.#http, 'listening');
		return rooms;
	}

	#begin() {
		const db = new SteeredDatabase(this.#database);
		const log = new UpdateLog(db);
		const stored = new StoredDialogues(db);
		const figures = new Figures();
		const hub = new Hub({
			log,
			stored,
			figures,
			logger: pino({ level: 'silent' }),
			rubricOf: () => Promise.resolve({ ...oneCriterion, version: 1 }),
			...this.#options,
		});
		return { db, log, stored, figures, hub };
	}

	/** As kill -9: connections break, nothing is flushed, and nobody is let in until `restart`. */
	kill(): void {
		this.#down = true;
		for (const ws of this.#wss.clients) ws.terminate();
		this.db.die();
		void this.hub.close();
	}

	/** Once nothing of the killed one is under way in the database. */
	ended(): Promise<void> {
		return until(() => this.db.underWay === 0);
	}

	/** A new hub on the same database, at the same address. */
	restart(): void {
		({
			db: this.db,
			log: this.log,
			stored: this.stored,
			figures: this.figures,
			hub: this.hub,
		} = this.#begin());
		this.#down = false;
	}

	get url(): string {
		return `ws://127.0.0.1:${(this.#http.address() as AddressInfo).port}/sync`;
	}

	/** A dialogue with one turn to edit, which its annotator shares with the reviewer. */
	async dialogue(): Promise<number> {
		const dialogue = ++lastDialogue;
		await this.db.query('insert into head (dialogue) values ($1)', [dialogue]);
		await this.hub.write(dialogue, 0, (doc) => {
			begin(doc, { topic: 1, state: 'in_progress', together: true });
			addPrompt(doc, { id: TURN, author: 1, text: FIRST_TEXT });
		});
		return dialogue;
	}

	/** A dialogue with one answer, in which these people rate blind. */
	async blindDialogue(...raters: number[]): Promise<number> {
		const dialogue = ++lastDialogue;
		const doc = new Y.Doc();
		begin(doc, { topic: 1, state: 'in_progress', together: true, blind: true });
		addPrompt(doc, { id: TURN, author: 1, text: FIRST_TEXT });
		answerIn(doc, ANSWER, TURN);
		await this.#seed(dialogue, doc);
		for (const rater of raters) {
			const document = --lastRatings;
			const sheet = new Y.Doc();
			beginRatings(sheet, rater);
			await this.#seed(document, sheet);
			this.#ratings.set(`${dialogue}.${rater}`, { dialogue, rater, document });
		}
		return dialogue;
	}

	async #seed(document: number, doc: Y.Doc): Promise<void> {
		await this.db.query('insert into head (dialogue) values ($1)', [document]);
		await this.log.seed(this.db, document, 0, Y.encodeStateAsUpdate(doc));
	}

	/** The document in which somebody rates in a blind dialogue. */
	ratings(dialogue: number, rater: number): RatingDocument | undefined {
		return this.#ratings.get(`${dialogue}.${rater}`);
	}

	/** The log stands still, with an edit of each of these people waiting for it. @returns what lets it go on. */
	async standStill(...people: StockGuest[]): Promise<() => void> {
		const { appends } = this.db;
		const release = this.db.hold();
		for (const person of people) person.type('!');
		await until(() => this.db.appends > appends);
		return release;
	}

	/** A stock provider in a dialogue. */
	guest(place: Place, guest: Guest): StockGuest {
		const stock = new StockGuest(this.url, place, guest);
		this.#guests.add(stock);
		return stock;
	}

	/** A bare socket in a dialogue. */
	async socket(place: Place, guest: Guest): Promise<BareGuest> {
		const bare = new BareGuest(`${this.url}/${place}?${new URLSearchParams(paramsOf(guest))}`);
		this.#guests.add(bare);
		await bare.opened;
		return bare;
	}

	/** A figure as /metrics would tell it. */
	async figure(name: string): Promise<number> {
		const metric = await this.figures.registry.getSingleMetric(`duologue_${name}`)?.get();
		return metric?.values[0]?.value ?? Number.NaN;
	}

	/** What the log makes of a dialogue, read from its first row. */
	async replay(dialogue: number): Promise<Y.Doc> {
		const stored = await new UpdateLog(this.#database).rowsOf(dialogue, 0, 100_000);
		return docFrom(stored.map((row) => row.body));
	}

	async close(): Promise<void> {
		for (const guest of this.#guests) guest.leave();
		await this.hub.close();
		for (const ws of this.#wss.clients) ws.terminate();
		this.#wss.close();
		this.#http.close();
		this.#http.closeAllConnections();
	}
}

export function docFrom(bodies: readonly Uint8Array[]): Y.Doc {
	const doc = new Y.Doc();
	for (const body of bodies) for (const update of unpackUpdates(body)) Y.applyUpdate(doc, update);
	return doc;
}

function paramsOf({ userId, part, name, client, unasking, sessionId, has }: Guest): Record<string, string> {
	return {
		...(!unasking && { durable: '1' }),
		user: String(userId),
		...(part && { part }),
		...(name && { name }),
		...(client !== undefined && { client: String(client) }),
		...(sessionId && { session: sessionId }),
		...(has && { has: Buffer.from(has).toString('base64url') }),
	};
}

/** A person's page as far as the wire knows: a document and y-websocket's own provider. */
export class StockGuest {
	readonly doc = new Y.Doc();
	readonly provider: WebsocketProvider;
	readonly wire: Wire;
	readonly ledger = new Ledger();
	/** Of the socket that is open: messages sent, and the last of them that wants an ack. */
	frames = 0;
	unsettled = 0;
	/** Of the socket that is open: what came, as kinds. */
	heard: Message['kind'][] = [];
	acks: { frames: number; seq: number }[] = [];
	/** Messages that found it waiting for something that should have come before. */
	gaps = 0;
	/** The code of a final close. */
	closed: { code: number; reason: string } | null = null;
	/** The codes of every close by the server. */
	closes: number[] = [];
	/** Overhears every message, as it goes and as it comes. */
	overhear: (side: 'sent' | 'heard', bytes: Uint8Array) => void = () => undefined;

	constructor(url: string, place: Place, guest: Guest) {
		this.wire = new Wire({
			opening: () => this.#opening(),
			sending: (bytes) => this.#sending(bytes),
			hearing: (bytes) => this.#hearing(bytes),
			hearingLate: (bytes) => this.overhear('heard', bytes),
		});
		this.provider = new WebsocketProvider(url, String(place), this.doc, {
			WebSocketPolyfill: this.wire.polyfill,
			disableBc: true,
			maxBackoffTime: 200,
			params: paramsOf({ ...guest, ...(guest.client === 'own' && { client: this.doc.clientID }) }),
		});
		this.provider.messageHandlers[DURABLE] = () => undefined;
		this.provider.on('closed', (closed) => (this.closed = closed));
		this.provider.on('connection-close', (event) => event && this.closes.push(event.code));
	}

	#opening(): void {
		this.ledger.opening();
		this.frames = 0;
		this.unsettled = 0;
		this.heard = [];
		this.acks = [];
	}
	#sending(bytes: Uint8Array): void {
		this.overhear('sent', bytes);
		this.ledger.sending(bytes);
		this.frames++;
		const { kind } = readMessage(bytes);
		if (kind === 'step 2' || kind === 'update') this.unsettled = this.frames;
	}
	#hearing(bytes: Uint8Array): void {
		this.overhear('heard', bytes);
		this.ledger.hearing(bytes);
		if (this.doc.store.pendingStructs ?? this.doc.store.pendingDs) this.gaps++;
		const message = readMessage(bytes);
		this.heard.push(message.kind);
		if (message.kind === 'durable') this.acks.push({ frames: message.frames, seq: message.seq });
	}

	/** Everything that was sent on the open socket is on disk. On one that is closing the provider sends nothing. */
	get saved(): boolean {
		const { synced, ws } = this.provider;
		if (!synced || ws?.readyState !== WebSocket.OPEN) return false;
		return this.unsettled > 0 && (this.acks.at(-1)?.frames ?? 0) >= this.unsettled;
	}
	get text(): string {
		return turnText(this.doc, TURN)?.toJSON() ?? '';
	}
	/** Types into the first turn. */
	type(text: string, at = this.text.length): void {
		const shared = turnText(this.doc, TURN);
		if (!shared) throw new Error('the turn has not come yet');
		shared.insert(at, text);
	}
	/** What others show, without what this client shows itself. */
	get others(): Record<string, unknown>[] {
		const states = [...this.provider.awareness.getStates()];
		return states.filter(([client]) => client !== this.doc.clientID).map(([, state]) => state);
	}
	async ready(): Promise<this> {
		await until(() => this.saved && this.text !== '');
		return this;
	}
	leave(): void {
		this.provider.destroy();
		this.doc.destroy();
	}
}

/** A socket and what came over it. */
export class BareGuest {
	readonly heard: Message[] = [];
	readonly opened: Promise<unknown>;
	closed: { code: number; reason: string } | null = null;
	readonly ws: WebSocket;

	constructor(url: string) {
		this.ws = new WebSocket(url);
		this.opened = once(this.ws, 'open');
		this.ws.on('message', (bytes: Buffer) => this.heard.push(readMessage(Uint8Array.from(bytes))));
		this.ws.on('close', (code, reason) => (this.closed = { code, reason: reason.toString() }));
		this.ws.on('error', () => undefined);
	}
	send(...messages: Uint8Array[]): void {
		for (const message of messages) this.ws.send(message);
	}
	kinds(): Message['kind'][] {
		return this.heard.map((message) => message.kind);
	}
	/** The document as the server sent it. */
	doc(): Y.Doc {
		const doc = new Y.Doc();
		for (const message of this.heard) if ('update' in message) Y.applyUpdate(doc, message.update);
		return doc;
	}
	/** Asks for everything, and says that it has nothing of its own. */
	async sync(): Promise<this> {
		this.send(writeSync('step 1', Uint8Array.of(0)), writeSync('step 2', Uint8Array.of(0, 0)));
		await until(() => this.kinds().includes('durable'));
		return this;
	}
	leave(): void {
		this.ws.terminate();
	}
}
