import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { CLOSE, frameOf, PING, PONG } from './frame.ts';

/** All sockets read into this: what came is heard before the next read. */
const SHARED = Buffer.allocUnsafe(256 * 1024);

export interface SocketEars {
	open(): void;
	/** `bytes` is the next reader's afterwards: keep a copy or nothing. */
	message(bytes: Buffer, from: number, to: number): void;
	/** `why`: what went wrong, if something did. */
	close(why: Error | undefined): void;
}

/**
 * A WebSocket client on a plain socket. The `ws` client costs as much a message as the servers under test; with
 * this one the generator's core has air left.
 */
export class RawSocket {
	closed = false;
	readonly #socket: Socket;
	readonly #ears: SocketEars;
	#open = false;
	/** The beginning of what has not come whole. */
	#rest: Buffer | null = null;
	#fragments: Buffer[] = [];
	#why: Error | undefined;

	constructor(port: number, path: string, headers: Readonly<Record<string, string>>, ears: SocketEars) {
		this.#ears = ears;
		this.#socket = connect({
			host: '127.0.0.1',
			port,
			noDelay: true,
			onread: {
				buffer: SHARED,
				callback: (length, buffer) => {
					this.#read(buffer as Buffer, length);
					return true;
				},
			},
		});
		const lines = {
			Host: `127.0.0.1:${port}`,
			Upgrade: 'websocket',
			Connection: 'Upgrade',
			'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
			'Sec-WebSocket-Version': '13',
			Origin: `http://127.0.0.1:${port}`,
			...headers,
		};
		const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
		this.#socket.on('connect', () => this.#socket.write(`GET ${path} HTTP/1.1\r\n${head.join('')}\r\n`));
		this.#socket.on('error', (error) => (this.#why = error));
		this.#socket.on('close', () => {
			this.closed = true;
			this.#open = false;
			ears.close(this.#why);
		});
	}

	/** False when the socket has enough for now; what is written before the handshake or after the end is dropped. */
	write(frame: Buffer): boolean {
		return !this.#open || this.#socket.write(frame);
	}

	drained(): Promise<void> {
		return new Promise((resolve) => {
			this.#socket.once('drain', resolve).once('close', resolve);
		});
	}

	/** Without a goodbye. */
	cutOff(): void {
		this.#socket.destroy();
	}

	#read(bytes: Buffer, length: number): void {
		if (this.#rest) {
			bytes = Buffer.concat([this.#rest, bytes.subarray(0, length)]);
			length = bytes.length;
			this.#rest = null;
		}
		const from = this.#open ? 0 : this.#shakeHands(bytes, length);
		const end = this.#open ? this.#frames(bytes, from, length) : from;
		if (end < length) this.#rest = Buffer.from(bytes.subarray(end, length));
	}

	/** @returns where the frames begin; 0 while the answer has not come whole. */
	#shakeHands(bytes: Buffer, length: number): number {
		const end = bytes.subarray(0, length).indexOf('\r\n\r\n');
		if (end < 0) return 0;
		const head = bytes.toString('latin1', 0, end);
		if (!head.startsWith('HTTP/1.1 101')) {
			this.#why = new Error(`upgrade refused: ${head.split('\r\n')[0]}`);
			this.#socket.destroy();
			return length;
		}
		this.#open = true;
		this.#ears.open();
		return end + 4;
	}

	/** @returns where the first frame begins that has not come whole. */
	#frames(bytes: Buffer, at: number, length: number): number {
		while (length - at >= 2) {
			let size = (bytes[at + 1] ?? 0) & 127;
			let from = at + 2;
			if (size === 126) from = at + 4;
			else if (size === 127) from = at + 10;
			if (from > length) break;
			if (size === 126) size = bytes.readUInt16BE(at + 2);
			else if (size === 127) size = bytes.readUInt32BE(at + 2) * 2 ** 32 + bytes.readUInt32BE(at + 6);
			if (from + size > length) break;
			this.#frame(bytes[at] ?? 0, bytes, from, from + size);
			at = from + size;
		}
		return at;
	}

	#frame(first: number, bytes: Buffer, from: number, to: number): void {
		const kind = first & 15;
		const final = (first & 128) !== 0;
		if (kind < CLOSE) {
			if (final && this.#fragments.length === 0) return this.#ears.message(bytes, from, to);
			this.#fragments.push(Buffer.from(bytes.subarray(from, to)));
			if (!final) return;
			const whole = Buffer.concat(this.#fragments);
			this.#fragments = [];
			this.#ears.message(whole, 0, whole.length);
		} else if (kind === PING) this.#socket.write(frameOf(bytes.subarray(from, to), PONG));
		else if (kind === CLOSE) {
			this.#why = new Error(
				to - from < 2
					? 'closed'
					: `closed: ${bytes.readUInt16BE(from)} ${bytes.toString('utf8', from + 2, to)}`,
			);
			this.#socket.end();
		}
	}
}
