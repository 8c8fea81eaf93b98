/** WebSocket frames as a client sends them. */

const MASK = [0x37, 0xfa, 0x21, 0x3d] as const;

const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

const headSize = (length: number): number => (length < 126 ? 6 : length < 65_536 ? 8 : 14);

/** A frame whose payload is still to be written, from `payloadAt(frame)` on; then `seal` it. */
export function openFrame(length: number, kind = BINARY): Buffer {
	const head = headSize(length);
	const frame = Buffer.allocUnsafe(head + length);
	frame[0] = 0x80 | kind;
	if (length < 126) frame[1] = 0x80 | length;
	else if (length < 65_536) {
		frame[1] = 0xfe;
		frame.writeUInt16BE(length, 2);
	} else {
		frame[1] = 0xff;
		frame.writeUInt32BE(0, 2);
		frame.writeUInt32BE(length, 6);
	}
	frame.set(MASK, head - 4);
	return frame;
}

export function payloadAt(frame: Buffer): number {
	const short = (frame[1] ?? 0) & 127;
	return short < 126 ? 6 : short === 126 ? 8 : 14;
}

/** Masks the payload, as servers demand. */
export function seal(frame: Buffer): Buffer {
	const from = payloadAt(frame);
	for (let at = from; at < frame.length; at++) frame[at] = (frame[at] ?? 0) ^ (MASK[(at - from) & 3] ?? 0);
	return frame;
}

export function frameOf(payload: Uint8Array, kind = BINARY): Buffer {
	const frame = openFrame(payload.length, kind);
	frame.set(payload, payloadAt(frame));
	return seal(frame);
}
