import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { readAwareness, readMessage } from '#lib/wire/messages.ts';
import { Malformed, Reader } from '#lib/wire/reader.ts';
import { packUpdates, unpackUpdates } from '../../server/store/update-log.ts';
import { random } from '../support/random.ts';
import { writeAwareness, writeDurable, writeSync } from '../support/write-messages.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

describe('messages', () => {
	test('[WIRE-1] every message is read as it was written', () => {
		const state = new TextEncoder().encode('{"a":"ü"}');
		const entry = { client: 0xffffffff, clock: Number.MAX_SAFE_INTEGER, state };
		const awareness = readMessage(writeAwareness([entry, { client: 0, clock: 0, state: bytes() }]));
		expect(readMessage(writeSync('step 1', bytes(0)))).toEqual({ kind: 'step 1', vector: bytes(0) });
		expect(readMessage(writeSync('step 2', bytes(0, 0)))).toEqual({ kind: 'step 2', update: bytes(0, 0) });
		expect(readMessage(writeSync('update', bytes(7)))).toEqual({ kind: 'update', update: bytes(7) });
		expect(readMessage(writeDurable(300, 2 ** 40))).toEqual({ kind: 'durable', frames: 300, seq: 2 ** 40 });
		expect(readMessage(bytes(3))).toEqual({ kind: 'query' });
		expect(awareness.kind === 'awareness' && [...readAwareness(awareness.body)]).toEqual([
			entry,
			{ client: 0, clock: 0, state: bytes() },
		]);
	});

	test.each([
		['nothing', bytes()],
		['an unknown kind', bytes(9)],
		['an unknown sync step', bytes(0, 3, 0)],
		['a block that ends early', bytes(0, 2, 5, 1)],
		['a length that ends early', bytes(0, 2, 0x80)],
		['a length beyond every buffer', bytes(0, 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f)],
		['a number without an end', bytes(100, ...Array<number>(64).fill(0xff))],
		['bytes after the message', bytes(3, 0)],
	])('[WIRE-2] %s is malformed', (_, message) => {
		expect(() => readMessage(message)).toThrow(Malformed);
	});

	test('[WIRE-3] a reader never sees what lies beyond its bytes in the same buffer', () => {
		const pool = bytes(5, 1, 2, 3, 4, 5);
		expect(() => new Reader(pool.subarray(0, 3)).block()).toThrow(Malformed);
	});

	test('[WIRE-4] the count of awareness entries is not believed', () => {
		const body = bytes(0xff, 0xff, 0xff, 0xff, 0x0f, 1, 1, 0);
		const entries = readAwareness(body);
		expect(entries.next().value).toEqual({ client: 1, clock: 1, state: bytes() });
		expect(() => entries.next()).toThrow(Malformed);
	});

	const SEEDS = [41, 7, Date.now() % 1e9];
	test.each(SEEDS)(
		'[WIRE-2] random and mutated bytes are read or malformed, nothing else (seed %i)',
		(seed) => {
			const dice = random(seed);
			const doc = new Y.Doc();
			doc.getText('t').insert(0, 'some text');
			const honest = [
				writeSync('update', Y.encodeStateAsUpdate(doc)),
				writeSync('step 1', Y.encodeStateVector(doc)),
				writeAwareness([{ client: 4, clock: 2, state: bytes(123, 125) }]),
			];
			let refused = 0;
			for (let run = 0; run < 20_000; run++) {
				const base = honest[dice.int(honest.length)] ?? bytes();
				const message = dice.chance(0.5)
					? Uint8Array.from({ length: dice.int(40) }, () => dice.int(256))
					: base.slice();
				for (let flips = dice.int(3); flips > 0 && message.length > 0; flips--)
					message[dice.int(message.length)] = dice.int(256);
				try {
					const read = readMessage(message);
					if (read.kind === 'awareness')
						for (const entry of readAwareness(read.body)) expect(entry).toBeDefined();
				} catch (error) {
					expect(error).toBeInstanceOf(Malformed);
					refused++;
				}
			}
			expect(refused).toBeGreaterThan(0);
		},
	);

	test('[LOG-1] a row gives back its updates, each whole and in order', () => {
		const updates = [bytes(1, 2), bytes(), new Uint8Array(70_000).fill(3)];
		const read = unpackUpdates(packUpdates(updates)).map((update) => Uint8Array.from(update));
		expect(read).toEqual(updates);
		expect(() => unpackUpdates(packUpdates(updates).subarray(0, 100))).toThrow(Malformed);
	});
});
