import { zstdCompressSync } from 'node:zlib';
import { createEncoder, toUint8Array, writeVarUint, writeVarUint8Array } from 'lib0/encoding';
import { expect, test } from 'vitest';
import { Malformed } from '#lib/wire/reader.ts';
import { decodeRows, encodeRows, type TimedRow } from '../../server/store/archive-format.ts';
import { random, type Random } from '../support/random.ts';

const row = (author: number, at: string | number, ...body: number[]): TimedRow => ({
	author,
	at: new Date(at),
	body: Uint8Array.from(body),
});
/** Bodies as plain bytes: what comes back are views of another class. */
const plain = (rows: readonly TimedRow[]) =>
	rows.map(({ author, at, body }) => ({ author, at: at.getTime(), body: Array.from(body) }));

const EDGES = [
	row(7, '2026-03-01T10:00:00.123Z', 1, 2, 3),
	row(7, '2026-03-01T10:00:00.123Z'),
	row(0, '2026-03-01T09:59:59.999Z', 255), // clocks go back
	row(-2147483648, 0, 0),
	row(2147483647, '1969-12-31T23:59:59.999Z', 0, 0),
];

test('[ARCHIVE-1] rows come back byte for byte, with author and millisecond, in their order', async () => {
	expect(plain(await decodeRows(await encodeRows(EDGES)))).toEqual(plain(EDGES));
});

function randomRows(dice: Random): TimedRow[] {
	let at = dice.int(2 ** 31) * 1000;
	return Array.from({ length: dice.int(60) }, () => {
		at += dice.chance(0.1) ? -dice.int(5000) : dice.int(90_000);
		const size = dice.chance(0.05) ? dice.int(20_000) : dice.int(40);
		const body = Uint8Array.from({ length: size }, () => (dice.chance(0.5) ? 65 : dice.int(256)));
		return { author: dice.pick([0, 1, 2, -3, dice.int(2 ** 31)]), at: new Date(at), body };
	});
}

const SEEDS = [1, 2, 3, Date.now() % 1e9];

test.each(SEEDS)('[ARCHIVE-1] whatever rows they are (seed %i)', async (seed) => {
	const dice = random(seed);
	for (let round = 0; round < 50; round++) {
		const rows = randomRows(dice);
		expect(plain(await decodeRows(await encodeRows(rows)))).toEqual(plain(rows));
	}
});

test('[ARCHIVE-1] a time that cannot be kept is refused', async () => {
	await expect(encodeRows([row(1, NaN)])).rejects.toThrow(RangeError);
});

test.each(SEEDS)(
	'[ARCHIVE-2] cut or changed bytes are refused, or are the same rows (seed %i)',
	async (seed) => {
		const dice = random(seed);
		for (let round = 0; round < 200; round++) {
			const rows = randomRows(dice);
			const bytes = Buffer.from(await encodeRows(rows));
			const at = dice.int(bytes.length);
			const changed = Buffer.from(bytes);
			changed[at] = (changed[at] ?? 0) ^ (1 << dice.int(8));
			const cut = bytes.subarray(0, at);
			for (const bad of [changed, cut, Buffer.concat([bytes, cut.subarray(0, 1)])]) {
				if (bad.equals(bytes)) continue;
				const outcome = await decodeRows(bad).catch((error: unknown) => error);
				if (outcome instanceof Error) expect(outcome).toBeInstanceOf(Malformed);
				else expect(plain(outcome as TimedRow[])).toEqual(plain(rows));
			}
		}
	},
);

/** Three rows of user 7, as the first release that had an archive wrote them. */
const RELEASED = '010f1c28b52ffd240f79000003d00f50010e0e0502014102014200d8495d79';

test('[ARCHIVE-3] what an earlier release archived is read', async () => {
	const rows = [row(7, 1_000, 1, 65), row(7, 1_040, 1, 66), row(-3, 1_039)];
	expect(plain(await decodeRows(Buffer.from(RELEASED, 'hex')))).toEqual(plain(rows));
});

test('[ARCHIVE-2] a size is believed only as far as there is content, and a count as far as there are bytes', async () => {
	const bytes = Buffer.from(RELEASED, 'hex');
	const sized = (...size: number[]) => Buffer.concat([Buffer.from([1, ...size]), bytes.subarray(2)]);
	await expect(decodeRows(sized(0))).rejects.toThrow(Malformed);
	await expect(decodeRows(sized(5))).rejects.toThrow(Malformed);
	await expect(decodeRows(sized(0xff, 0xff, 0xff, 0x7f))).rejects.toThrow(Malformed); // 256 MiB
	await expect(decodeRows(sized(0xff, 0xff, 0xff, 0xff, 0xff, 0x7f))).rejects.toThrow('content of');
	await expect(decodeRows(Buffer.concat([Buffer.from([2]), bytes.subarray(1)]))).rejects.toThrow('format 2');
});

test('[ARCHIVE-2] content that breaks the grammar is refused', async () => {
	const archived = (...numbers: number[]) => {
		const content = createEncoder();
		for (const number of numbers) writeVarUint(content, number);
		const encoder = createEncoder();
		writeVarUint(encoder, 1);
		writeVarUint(encoder, toUint8Array(content).length);
		writeVarUint8Array(encoder, zstdCompressSync(toUint8Array(content)));
		return decodeRows(toUint8Array(encoder));
	};
	expect(plain(await archived(1, 2000, 14, 0))).toEqual(plain([row(7, 1000)]));
	await expect(archived(2, 2000, 14, 0)).rejects.toThrow(Malformed); // fewer rows than it says
	await expect(archived(2 ** 40, 2000, 14, 0)).rejects.toThrow('rows in');
	await expect(archived(1, 2000, 14, 0, 0)).rejects.toThrow('after the last row');
	await expect(archived(1, 2000, 14, 9)).rejects.toThrow(Malformed); // a body that ends early
	await expect(archived(1, 2000, 2 ** 32, 0)).rejects.toThrow('author');
	await expect(archived(1, 2 ** 53 - 1, 14, 0)).resolves.toMatchObject([{ author: 7 }]);
	await expect(archived(3, 2 ** 53 - 2, 2 ** 53 - 2, 2 ** 53 - 2, 0, 0, 0, 0, 0, 0)).rejects.toThrow('time');
});
