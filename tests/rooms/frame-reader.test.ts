import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { readFrames } from '../../server/rooms/frame-reader.ts';
import { MESSAGE_LIMIT } from '../../server/rooms/limits.ts';
import { random } from '../support/random.ts';
import { until } from '../support/rooms.ts';

/** What one end of a socket heard, whoever read it. */
let heard: Buffer[];
let ours: number;
let arrived: number;
let tooLarge: number;
/** What is heard next is the last of its turn. */
let stops: () => boolean;
let closed: number | null;
let ws: WebSocket;
let raw: Socket;
let stop: () => Promise<void>;

beforeEach(async () => {
	heard = [];
	ours = 0;
	arrived = 0;
	tooLarge = 0;
	stops = () => false;
	closed = null;
	const wss = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 1 << 20 });
	const http = createServer().listen(0, '127.0.0.1');
	await once(http, 'listening');
	http.on('upgrade', (req, socket, head) =>
		wss.handleUpgrade(req, socket, head, (opened) => {
			ws = opened;
			ws.on('error', () => undefined);
			ws.on('close', (code) => (closed = code));
			ws.on('message', (data: Buffer) => heard.push(Buffer.from(data)));
			const goOn = readFrames(ws, socket, {
				arrived: (bytes) => (arrived += bytes),
				tooLarge: () => tooLarge++,
				message: (bytes) => {
					ours++;
					heard.push(Buffer.from(bytes));
					if (!stops()) return true;
					ws.pause();
					const on = (): void => {
						goOn();
						ws.resume();
					};
					setImmediate(on);
					return false;
				},
			});
		}),
	);
	raw = connect((http.address() as AddressInfo).port, '127.0.0.1');
	raw.write(
		'GET / HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
			'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
	);
	await once(raw, 'data');
	stop = async () => {
		raw.destroy();
		ws.terminate();
		await until(() => closed !== null);
		http.close();
	};
});
afterEach(() => stop());

const MASK = Buffer.from([1, 2, 3, 250]);

function frame(first: number, payload: Uint8Array, masked = true): Buffer {
	const { length } = payload;
	const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
	head[0] = first;
	head[1] = (masked ? 0x80 : 0) | (length < 126 ? length : length < 65_536 ? 126 : 127);
	if (head.length === 4) head.writeUInt16BE(length, 2);
	if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
	if (!masked) return Buffer.concat([head, payload]);
	const hidden = payload.map((byte, index) => byte ^ (MASK[index % 4] ?? 0));
	return Buffer.concat([head, MASK, hidden]);
}

const SEEDS = [1, 7, Date.now() % 1e9];
test.each(SEEDS)(
	'[ROOM-9] messages are heard whole and in order, however they are framed, cut on their way and stopped (seed %i)',
	async (seed) => {
		const dice = random(seed);
		const int = (below: number) => dice.int(below);
		stops = () => int(5) === 0;
		const sent: Buffer[] = [];
		const bytes: Buffer[] = [];
		for (let n = 0; n < 300; n++) {
			const body = Buffer.alloc(dice.pick([0, 1, 5, 125, 126, 400, 65_535, 65_536, 70_000]), n);
			sent.push(body);
			const cut = int(body.length + 1);
			if (int(4) > 0) bytes.push(frame(0x82, body));
			else
				bytes.push(
					frame(0x02, body.subarray(0, cut)),
					...(int(2) ? [frame(0x89, Buffer.from('ping'))] : []),
					frame(0x80, body.subarray(cut)),
				);
			if (int(10) === 0) bytes.push(frame(0x8a, Buffer.alloc(0)));
		}
		const all = Buffer.concat(bytes);
		for (let at = 0; at < all.length;) {
			const end = at + 1 + int(dice.pick([3, 200, 40_000, 300_000]));
			if (!raw.write(all.subarray(at, end))) await once(raw, 'drain');
			if (int(20) === 0) await new Promise(setImmediate);
			at = end;
		}
		await until(() => heard.length === sent.length);
		expect(heard.findIndex((body, index) => !body.equals(sent[index] ?? Buffer.alloc(1)))).toBe(-1);
		expect(ours).toBeGreaterThan(0);
		expect(ours).toBeLessThan(sent.length);
		expect(arrived).toBe(all.length);
	},
);

test.each([
	['an unmasked frame', frame(0x82, Buffer.from('hello'), false), 1006],
	['reserved bits', frame(0xc2, Buffer.from('hello')), 1006],
	['an unknown opcode', frame(0x83, Buffer.from('hello')), 1006],
	['a frame beyond all limits', frame(0x82, Buffer.alloc(2 << 20)), 1006],
	['a fragmented control frame', frame(0x09, Buffer.from('ping')), 1006],
	['a close frame', frame(0x88, Buffer.from([3, 232])), 1000],
])('[ROOM-9] %s ends the socket', async (what, bytes, code) => {
	raw.on('data', () => undefined);
	raw.write(Buffer.concat([frame(0x82, Buffer.from('before')), bytes, frame(0x82, Buffer.from('after'))]));
	raw.on('error', () => undefined);
	await until(() => closed !== null || ws.readyState > 1);
	raw.end();
	await until(() => closed !== null);
	expect(closed).toBe(code);
	expect(heard[0]?.toString()).toBe('before');
	if (what === 'a close frame') expect(heard.length).toBe(1);
});

test('[ROOM-9] a socket that is closed from here still hears the other side’s goodbye', async () => {
	ws.close(1012, 'restart');
	await once(raw, 'data');
	raw.write(Buffer.concat([frame(0x82, Buffer.from('late')), frame(0x88, Buffer.from([3, 244]))]));
	await until(() => closed !== null);
	expect(closed).toBe(1012);
});

test('[ROOM-7] a message that is too large is known by its head, and passed over', async () => {
	const large = frame(0x82, Buffer.alloc(MESSAGE_LIMIT + 1));
	raw.write(large.subarray(0, 14));
	await until(() => tooLarge === 1);
	raw.write(Buffer.concat([large.subarray(14), frame(0x82, Buffer.from('after'))]));
	await until(() => heard.length === 1);
	expect(heard[0]?.toString()).toBe('after');
	expect([tooLarge, ours, closed]).toEqual([1, 1, null]);
});
