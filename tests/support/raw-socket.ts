import { connect, type Socket } from 'node:net';

/** Where an attack goes. */
export interface Target {
	origin: string;
	dialogue: number;
	token: string;
}

/** The request that opens a socket; without a token it is nobody's. */
export function handshake({ dialogue, token }: { dialogue: number; token?: string }): string {
	return [
		`GET /sync/${dialogue}?durable=1 HTTP/1.1`,
		'Host: here',
		'Connection: Upgrade',
		'Upgrade: websocket',
		'Sec-WebSocket-Version: 13',
		'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
		...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
		'\r\n',
	].join('\r\n');
}

/** Resolves with the first of these events; none of them is an error. */
function first(socket: Socket, ...events: string[]): Promise<void> {
	return new Promise((resolve) => {
		const done = (): void => {
			for (const event of events) socket.off(event, done);
			resolve();
		};
		for (const event of events) socket.on(event, done);
	});
}

/** A TCP connection to the server whose errors nobody minds. */
export async function connection(origin: string): Promise<Socket> {
	const socket = connect(Number(new URL(origin).port), '127.0.0.1');
	socket.on('error', () => undefined);
	await first(socket, 'connect', 'close');
	return socket;
}

/** One past its handshake, on which whatever bytes may be sent. It answers nothing by itself. */
export async function upgraded(target: Target): Promise<Socket> {
	const socket = await connection(target.origin);
	socket.write(handshake(target));
	await first(socket, 'data', 'close');
	return socket;
}

/** Writes unless the other side has gone, and waits until it is taken. */
export async function push(socket: Socket, bytes: Uint8Array): Promise<boolean> {
	if (!socket.writable) return false;
	if (!socket.write(bytes)) await first(socket, 'drain', 'close');
	return socket.writable;
}

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9 } as const;

interface FrameOptions {
	opcode?: number;
	last?: boolean;
	/** Bits that no extension has given a meaning. */
	reserved?: number;
	masked?: boolean;
	/** What the header says, whatever follows. */
	length?: bigint;
}

/** A WebSocket frame (RFC 6455, 5.2), right or wrong; its mask is zero, so that the payload stands as it is. */
export function frame(payload: Uint8Array, options: FrameOptions = {}): Buffer {
	const { opcode = OPCODE.binary, last = true, reserved = 0, masked = true } = options;
	const length = options.length ?? BigInt(payload.length);
	const size = length < 126n ? 0 : length < 65_536n ? 2 : 8;
	const head = Buffer.alloc(2 + size + (masked ? 4 : 0));
	head[0] = (last ? 0x80 : 0) | (reserved << 4) | opcode;
	head[1] = (masked ? 0x80 : 0) | (size === 0 ? Number(length) : size === 2 ? 126 : 127);
	if (size === 2) head.writeUInt16BE(Number(length), 2);
	if (size === 8) head.writeBigUInt64BE(length, 2);
	return Buffer.concat([head, payload]);
}
