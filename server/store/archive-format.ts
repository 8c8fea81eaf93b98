import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { createEncoder, toUint8Array, writeVarUint, writeVarUint8Array } from 'lib0/encoding';
import { Malformed, Reader } from '#lib/wire/reader.ts';

/** A row of the log without its seq. */
export interface TimedRow {
	/** >0 a user, 0 the server, −id a bot. */
	author: number;
	/** In whole milliseconds. */
	at: Date;
	/** Yjs V1 updates as `packUpdates` writes them. */
	body: Uint8Array;
}

/**
 * What an archive row holds: rows of the log that follow each other.
 *
 *     archived = FORMAT, size of the content, frame
 *     frame    = length, the content compressed by zstd, with a checksum
 *     content  = count, count × time, count × author, count × body
 *     time     = milliseconds since the row before, signed; the first row's since 1970
 *     author   = signed
 *     body     = length, bytes
 *
 * Numbers are lib0's variable length integers, signed ones folded: 0, −1, 1, −2 … are 0, 1, 2, 3 … What is stored
 * stays as it is: another grammar is another FORMAT.
 */
const FORMAT = 1;

/** Bytes of content; no larger value fits into PostgreSQL. */
const CONTENT_LIMIT = 2 ** 30;
const LATEST = 8.64e15; // a Date's range, in milliseconds
const SMALLEST_ROW = 3; // bytes of content

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** Throws RangeError for a time that cannot be kept, and for too much. The work is done off this thread. */
export async function encodeRows(rows: readonly TimedRow[]): Promise<Uint8Array> {
	const encoder = createEncoder();
	writeVarUint(encoder, rows.length);
	let before = 0;
	for (const { at } of rows) {
		const time = at.getTime();
		writeVarUint(encoder, unsigned(time - before));
		before = time;
	}
	for (const { author } of rows) writeVarUint(encoder, unsigned(author));
	for (const { body } of rows) writeVarUint8Array(encoder, body);
	const content = toUint8Array(encoder);
	if (content.length > CONTENT_LIMIT) throw new RangeError(`${content.length} bytes cannot be archived`);

	const frame = await compress(content, {
		// Told the size, zstd takes tables of that size; else their clearing takes a hundred times as long as the work.
		pledgedSrcSize: content.length,
		params: { [constants.ZSTD_c_compressionLevel]: 9, [constants.ZSTD_c_checksumFlag]: 1 },
	});
	const archived = createEncoder();
	writeVarUint(archived, FORMAT);
	writeVarUint(archived, content.length);
	writeVarUint8Array(archived, frame);
	return toUint8Array(archived);
}

/**
 * The rows in their order; their bodies are views of one buffer. Throws Malformed where the grammar is not kept or
 * the checksum does not fit, and takes memory in proportion to the stated size. The work is done off this thread.
 */
export async function decodeRows(archived: Uint8Array): Promise<TimedRow[]> {
	const content = await contentOf(archived);
	const reader = new Reader(content);
	const count = reader.uint();
	if (count * SMALLEST_ROW > content.length) throw new Malformed(`${count} rows in ${content.length} bytes`);
	let time = 0;
	const times = Array.from({ length: count }, () => (time = inDate(time + signed(reader.uint()))));
	const authors = Array.from({ length: count }, () => inInt4(signed(reader.uint())));
	const rows = times.map((at, nth) => ({
		author: authors[nth] ?? 0,
		at: new Date(at),
		body: reader.block(),
	}));
	if (!reader.done) throw new Malformed('bytes after the last row');
	return rows;
}

async function contentOf(archived: Uint8Array): Promise<Uint8Array> {
	const reader = new Reader(archived);
	const format = reader.uint();
	if (format !== FORMAT) throw new Malformed(`format ${format}`);
	const size = reader.uint();
	if (size < 1 || size > CONTENT_LIMIT) throw new Malformed(`content of ${size} bytes`);
	const frame = reader.block();
	if (!reader.done) throw new Malformed('bytes after the frame');
	const content = await decompress(frame, { maxOutputLength: size }).catch((cause: unknown) => {
		throw new Malformed('no whole frame of the stated size', { cause });
	});
	if (content.length !== size) throw new Malformed(`${content.length} bytes of content instead of ${size}`);
	return content;
}

function unsigned(value: number): number {
	const folded = value < 0 ? -2 * value - 1 : 2 * value;
	if (!Number.isSafeInteger(folded)) throw new RangeError(`${value} cannot be archived`);
	return folded;
}

function signed(folded: number): number {
	return folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
}

function inDate(time: number): number {
	if (Math.abs(time) > LATEST) throw new Malformed(`time ${time}`);
	return time;
}

function inInt4(author: number): number {
	if (author !== (author | 0)) throw new Malformed(`author ${author}`);
	return author;
}
