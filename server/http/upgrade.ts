import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { ANOTHER_SIGNED_IN, CLOSE } from '#lib/wire/close-codes.ts';
import { networkOf } from '../gate/network-of.ts';
import { LIMITS, PAYLOAD_LIMIT } from '../rooms/limits.ts';
import { vectorFrom } from '../rooms/state-vector.ts';
import type { Services } from '../services.ts';
import { digestOf } from '../store/secret-token.ts';
import { Allowance } from './allowance.ts';
import { isOurOrigin, remoteAddress } from './origins.ts';

/** A dialogue's own document, or what one person rates in a blind one. */
const PATH = /^\/sync\/(\d{1,15})(?:\.(\d{1,10}))?$/;
/** Handshakes that may be under way: behind each stand a few questions to the database. */
const HANDSHAKES = 4000;
/** How long a handshake may take before it is given up. */
const HANDSHAKE_MS = 10_000;

/** Never parsed as a URL: what a stranger sends may be none. */
const parted = ({ url = '' }: IncomingMessage): [path: string, query: string] => {
	const [path = '', query = ''] = url.split('?', 2);
	return [path, query];
};

/** Whether a request to upgrade asks for a room. Every other one is answered as if it had not asked to upgrade. */
export const asksForRoom = (req: IncomingMessage): boolean => PATH.test(parted(req)[0]);

/**
 * Lets sockets into rooms: Origin, then session or token, then the part in the dialogue. Who may not enter is told
 * by a close code, since a browser shows a page no HTTP status; a foreign Origin gets no socket at all.
 */
export function acceptSockets(
	server: Pick<Server, 'on'>,
	services: Services,
	{ handshakes = HANDSHAKES } = {},
): void {
	const wss = new WebSocketServer({
		noServer: true,
		maxPayload: PAYLOAD_LIMIT,
		clientTracking: false,
		perMessageDeflate: false,
	});
	const perAddress = new Allowance({ burst: 3000, perSecond: 300 });
	/** By what is shown at the door: who is turned away for coming too often costs no question to the database. */
	const perPass = new Allowance(LIMITS.userKnocks);
	let underWay = 0;
	/** Cookies of sessions that the handshake has prolonged. */
	const prolonged = new WeakMap<IncomingMessage, string>();
	wss.on('headers', (headers, req) => {
		const cookie = prolonged.get(req);
		if (cookie !== undefined) headers.push(`Set-Cookie: ${cookie}`);
	});

	async function enter(
		req: IncomingMessage,
		socket: Duplex,
		head: Buffer,
		query: string,
		dialogue: number,
		rater: number | null,
	): Promise<void> {
		const refuse = (code: number, why: string): void =>
			wss.handleUpgrade(req, socket, head, (ws) => {
				ws.on('error', () => {});
				ws.close(code, why);
			});
		const { hub } = services;
		const { rechecks } = hub;
		const known = await services.entry.identify(req.headers);
		if (!known) return refuse(CLOSE.signedOut, 'sign in');
		if (known.setCookie !== undefined) prolonged.set(req, known.setCookie);
		const { user } = known;
		if (!hub.knock(user.id)) return turnAway(socket, 429);
		const given = new URLSearchParams(query);
		// What one person typed must not come in as another's, who has signed in beside their open page.
		const as = given.get('as');
		if (as !== null && as !== String(user.id)) return refuse(CLOSE.signedOut, ANOTHER_SIGNED_IN);
		const seat = await services.seatIn(user.id, dialogue, rater);
		if (seat === null) return refuse(CLOSE.noSuchDialogue, 'no such dialogue');
		// Who only looks at what another rated writes under no id there.
		const client = rater === null || rater === user.id ? given.get('client') : null;
		wss.handleUpgrade(req, socket, head, (ws) => {
			// In this very turn of the loop: the first message may come in the next one.
			const joined = hub.join(seat.key, ws, socket, {
				userId: user.id,
				name: user.name,
				part: seat.part,
				...(seat.own && { own: seat.own }),
				client: client !== null && /^\d{1,10}$/.test(client) ? Number(client) : null,
				has: vectorFrom(given.get('has')),
				acks: given.get('durable') === '1',
				...(known.sessionId !== undefined && { sessionId: known.sessionId }),
			});
			// The room has closed the socket, with the code that says why.
			joined.catch((error: unknown) =>
				services.logger.info({ err: error, dialogue }, 'a room was not entered'),
			);
			// Somebody's standing changed while this one's was being read.
			if (hub.rechecks !== rechecks) ws.close(CLOSE.restart, 'come again');
		});
	}

	server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
		const [path, query] = parted(req);
		const [, dialogue, rater] = PATH.exec(path) ?? [];
		if (dialogue === undefined) return; // another's socket, Vite's in development
		socket.on('error', () => socket.destroy());
		if (!isOurOrigin(req, services.config)) return turnAway(socket, 403);
		if (perAddress.take(networkOf(remoteAddress(req, services.config))) > 0) return turnAway(socket, 429);
		const pass = req.headers.authorization ?? req.headers.cookie;
		if (pass !== undefined && perPass.take(digestOf(pass)) > 0) return turnAway(socket, 429);
		if (underWay >= handshakes) return turnAway(socket, 503);
		underWay++;
		const patience = setTimeout(() => socket.destroy(), HANDSHAKE_MS);
		enter(req, socket, head, query, Number(dialogue), rater === undefined ? null : Number(rater))
			.catch((error: unknown) => {
				services.logger.error({ err: error, dialogue }, 'a socket could not enter');
				socket.destroy();
			})
			.finally(() => {
				underWay--;
				clearTimeout(patience);
			});
	});
}

const REASONS = { 403: 'Forbidden', 429: 'Too Many Requests', 503: 'Service Unavailable' } as const;

function turnAway(socket: Duplex, status: keyof typeof REASONS): void {
	socket.once('finish', () => socket.destroy()); // a stranger might never end its side
	socket.end(`HTTP/1.1 ${status} ${REASONS[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
