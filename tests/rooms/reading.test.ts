import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { CLOSE } from '#lib/wire/close-codes.ts';
import { Callers } from '../../server/rooms/callers.ts';
import { LIMITS, READING } from '../../server/rooms/limits.ts';
import { Peer } from '../../server/rooms/peer.ts';
import { frame, handshake, OPCODE } from '../support/raw-socket.ts';
import { until } from '../support/rooms.ts';

/** The other side of a peer's socket, and what of it is read here. */
let theirs: Socket;
let ours: Socket;
let ws: WebSocket;
let peer: Peer;
let heard: number;
let stop: () => void;

beforeEach(async () => {
	heard = 0;
	const wss = new WebSocketServer({ noServer: true, perMessageDeflate: false });
	const http = createServer().listen(0, '127.0.0.1');
	await once(http, 'listening');
	const callers = new Callers(LIMITS);
	const who = { userId: 1, name: 'Ana', part: 'annotator', client: null, has: null, acks: false } as const;
	http.on('upgrade', (req, socket, head) =>
		wss.handleUpgrade(req, socket, head, (opened) => {
			const dues = callers.come(who.userId);
			if (dues === null) throw new Error('nobody else is here');
			[ws, ours] = [opened, socket as Socket];
			peer = new Peer(ws, socket, who, callers, dues);
			peer.enter({ hear: () => heard++, caughtUp: () => undefined, leave: () => undefined });
		}),
	);
	// One that goes on sending whatever it is told.
	theirs = connect({ port: (http.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
	theirs.on('error', () => undefined);
	theirs.write(handshake({ dialogue: 1 }));
	await once(theirs, 'data');
	theirs.resume();
	stop = () => {
		theirs.destroy();
		peer.cutOff();
		http.close();
	};
});
afterEach(() => stop());

/** The most bytes that one turn of the loop read, until all of so many are read. */
async function mostATurn(bytes: number): Promise<number> {
	let most = 0;
	for (let last = ours.bytesRead, all = last + bytes; ours.bytesRead < all;) {
		await new Promise(setImmediate);
		most = Math.max(most, ours.bytesRead - last);
		last = ours.bytesRead;
	}
	return most;
}

test('[ROOM-76] one turn of the loop reads so many bytes of a socket, and every message is heard', async () => {
	const message = frame(Buffer.alloc(1 << 20));
	const MESSAGES = 4;
	for (let n = 0; n < MESSAGES; n++) theirs.write(message);
	expect(await mostATurn(MESSAGES * message.length)).toBeLessThanOrEqual(4 * READING);
	await until(() => heard === MESSAGES);
});

test.each([
	['that was closed here', () => peer.close(CLOSE.tooLarge, 'message too large')],
	['that broke the protocol', () => void theirs.write(frame(Buffer.alloc(3), { masked: false }))],
	['that said goodbye', () => void theirs.write(frame(Buffer.from([3, 232]), { opcode: OPCODE.close }))],
])('[ROOM-79] what still comes on a socket %s is read in small pieces', async (_, end) => {
	end();
	await until(() => ws.readyState > ws.OPEN);
	theirs.write(Buffer.alloc(4 << 20));
	expect(await mostATurn(1 << 20)).toBeLessThanOrEqual(4 * READING);
	expect(heard).toBe(0);
});
