/**
 * Parameters in PostgreSQL's binary form. An array: dimensions 1, no nulls, the elements' type, their count, lower
 * bound 1, then each element's length and bytes. pg itself would write a bytea[] in hex.
 */
function array(type: number, count: number, bytes: number): Buffer {
	const buffer = Buffer.allocUnsafe(20 + 4 * count + bytes);
	[1, 0, type, count, 1].forEach((value, index) => buffer.writeInt32BE(value, 4 * index));
	return buffer;
}

export function int4s(values: readonly number[]): Buffer {
	const buffer = array(23, values.length, 4 * values.length);
	let at = 20;
	for (const value of values) at = buffer.writeInt32BE(value, buffer.writeInt32BE(4, at));
	return buffer;
}

export function int8s(values: readonly number[]): Buffer {
	const buffer = array(20, values.length, 8 * values.length);
	let at = 20;
	for (const value of values) at = buffer.writeBigInt64BE(BigInt(value), buffer.writeInt32BE(8, at));
	return buffer;
}

export function byteas(values: readonly Uint8Array[]): Buffer {
	const bytes = values.reduce((sum, value) => sum + value.length, 0);
	const buffer = array(17, values.length, bytes);
	let at = 20;
	for (const value of values) {
		at = buffer.writeInt32BE(value.length, at);
		buffer.set(value, at);
		at += value.length;
	}
	return buffer;
}

/** The same bytes: pg takes a Buffer as binary. */
export function asBuffer(bytes: Uint8Array): Buffer {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
