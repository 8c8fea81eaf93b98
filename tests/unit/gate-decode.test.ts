import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { rate } from '../../src/lib/document/ratings.ts';
import { turnText } from '../../src/lib/document/read-dialogue.ts';
import { commentsOf } from '../../src/lib/document/roots.ts';
import { ANY, decodeUpdate } from '../../server/gate/decode-update.ts';
import { LIMITS, type DecodeLimits } from '../../server/gate/limits.ts';
import { ANN, openWorld } from '../support/gate-world.ts';
import { handmade } from '../support/handmade-update.ts';

test('[GATE-12] an update of Yjs reads as Yjs reads it', () => {
	const world = openWorld();
	world.edit(ANN, (doc) => {
		turnText(doc, 'b0')?.insert(3, 'né 😀');
		turnText(doc, 'b0')?.delete(8, 4);
		rate(doc, ANN, 'b0', 'helpful', { value: 3, why: 'so' });
		commentsOf(doc).set('c', { author: ANN, text: 'a longer remark 😀', at: 1_753_000_000_000 });
	});
	const update = Y.encodeStateAsUpdate(world.doc);
	const theirs = Y.decodeUpdate(update);
	const ours = decodeUpdate(update);
	expect(ours.sections.flatMap(({ structs }) => structs).map((s) => [s.client, s.clock, s.length])).toEqual(
		theirs.structs.map((s) => [s.id.client, s.id.clock, s.length]),
	);
	const origins = theirs.structs.map((s) =>
		s instanceof Y.Item ? [s.origin, s.rightOrigin, s.parentSub] : null,
	);
	const plain = (id: { client: number; clock: number } | null) => id && Y.createID(id.client, id.clock);
	expect(
		ours.sections
			.flatMap(({ structs }) => structs)
			.map((s) => (s.kind === 0 ? null : [plain(s.origin), plain(s.rightOrigin), s.key])),
	).toEqual(origins);
	expect(ours.deletes).toEqual(
		[...theirs.ds.clients].flatMap(([client, ranges]) =>
			ranges.map(({ clock, len }) => ({ client, clock, length: len })),
		),
	);
});

test('[GATE-12] values read as they were written', () => {
	const values = [
		undefined,
		null,
		true,
		false,
		0,
		-7,
		2 ** 40,
		1.5,
		0.1,
		'né 😀',
		[1, ['x']],
		{ a: { b: 1 } },
	];
	const update = handmade({ structs: [[1, 0, [{ root: 'comments', key: 'c', any: values }]]] });
	const [section] = decodeUpdate(update).sections;
	expect(section?.structs[0]).toMatchObject({ kind: ANY, length: values.length });
	expect(JSON.stringify(section?.structs[0]?.values)).toBe(JSON.stringify(values));
});

test.each<[keyof DecodeLimits, number]>([
	['bytes', 10],
	['structs', 1],
	['clients', 1],
	['deleteRanges', 1],
	['keyLength', 2],
	['values', 2],
	['valueDepth', 1],
	['clock', 2],
])('[GATE-6] an update is refused past the limit: %s', (limit, least) => {
	const update = handmade({
		structs: [
			[
				1,
				0,
				[
					{ root: 'comments', key: 'key', any: [[[1]]] },
					{ origin: [1, 0], string: 'xyz' },
				],
			],
			[2, 0, [{ origin: [1, 0], string: 'x' }]],
		],
		deletes: [
			[
				1,
				[
					[0, 1],
					[2, 1],
				],
			],
		],
	});
	expect(() => decodeUpdate(update)).not.toThrow();
	expect(() => decodeUpdate(update, { ...LIMITS['step 2'], [limit]: least })).toThrow(
		expect.objectContaining({ code: 'limit' }),
	);
});

const comment = { root: 'comments', key: 'c', any: [1] };

test.each([
	['a client id of 33 bits', 'malformed', handmade({ structs: [[2 ** 32, 0, [comment]]] })],
	['a collected range with flags', 'malformed', handmade({ structs: [[1, 0, [{ gc: 1, info: 128 }]]] })],
	['a string that is not UTF-8', 'malformed', Uint8Array.from([1, 1, 1, 0, 4, 1, 1, 99, 2, 0xc3, 0x28, 0])],
	[
		'a parent neither by name nor by id',
		'malformed',
		Uint8Array.from([1, 1, 1, 0, 8 | 32, 2, 1, 99, 1, 99, 1, 125, 1, 0]),
	],
	[
		'__proto__ as a key',
		'bad-value',
		handmade({ structs: [[1, 0, [{ ...comment, any: [JSON.parse('{"__proto__":1}')] }]]] }),
	],
])('[GATE-12] does not read %s', (_name, code, update) => {
	expect(() => decodeUpdate(update)).toThrow(expect.objectContaining({ code }));
});
