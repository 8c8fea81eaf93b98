import { expect, test } from 'vitest';
import type { DialogueView, TurnView } from '../../src/lib/document/dialogue-view.ts';
import { toJsonLine } from '../../src/lib/formats/json-line.ts';
import { toMessages } from '../../src/lib/formats/messages.ts';

type Sketch = [role: 'user' | 'bot', text: string, more?: Partial<TurnView>];

function dialogue(...sketches: Sketch[]): DialogueView {
	const turns = sketches.map(([role, text, more], i): TurnView => ({
		id: `turn-${i}`,
		role,
		author: role === 'bot' ? 'bot:1' : '1',
		state: 'ready',
		text,
		...(role === 'bot' ? { original: `as the bot gave it: ${text}` } : {}),
		stale: false,
		ratings: {},
		earlier: [],
		followers: [],
		...more,
	}));
	return { state: 'accepted', together: false, members: {}, draft: 'not sent', turns, ratings: {} };
}

test('[EXPORT-1] one row is the visible turns in order, a bot’s by its Final text, keys as the format has them', () => {
	const view = dialogue(['user', 'Q'], ['bot', 'A'], ['user', 'Q2'], ['bot', 'A2']);
	const result = toMessages(view, { system: 'S' });
	if (!result.ok) throw new Error(result.why);
	expect(toJsonLine(result.row)).toBe(
		'{"messages":[{"role":"system","content":"S"},{"role":"user","content":"Q"},{"role":"assistant","content":"A"},' +
			'{"role":"user","content":"Q2"},{"role":"assistant","content":"A2"}]}\n',
	);
});

test('[EXPORT-1] without a system message there is none, and earlier answers stay out', () => {
	const earlier = dialogue(['bot', 'old']).turns;
	expect(toMessages(dialogue(['user', 'Q'], ['bot', 'A', { earlier }]))).toEqual({
		ok: true,
		row: {
			messages: [
				{ role: 'user', content: 'Q' },
				{ role: 'assistant', content: 'A' },
			],
		},
	});
});

test('[EXPORT-2] texts are byte for byte as they were left', () => {
	const texts = [
		'  两端有空格 \n\n',
		'再见😀👩‍🚀𠮷\n',
		'"quoted" \\ and \t tab',
		'a\u2028b\u2029c\u0085d\u200be\u0000f\ufefF\u00a0',
	];
	const view = dialogue(...texts.map((text, i): Sketch => [i % 2 === 0 ? 'user' : 'bot', text]));
	const result = toMessages(view);
	if (!result.ok) throw new Error(result.why);
	const line = toJsonLine(result.row);
	const parsed = JSON.parse(line) as { messages: { content: string }[] };
	expect(parsed.messages.map(({ content }) => Buffer.from(content).toString('hex'))).toEqual(
		texts.map((text) => Buffer.from(text).toString('hex')),
	);
	expect(line).toContain('两端有空格');
	expect(line).toContain('😀');
});

test('[EXPORT-3] a row is one line to every reader of lines', () => {
	const line = toJsonLine({ text: 'a\nb\rc\u2028d\u2029e\u0085f\u000bg\u000ch' });
	const breaks = ['\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029'];
	expect(breaks.filter((c) => line.slice(0, -1).includes(c))).toEqual([]);
	expect(line.endsWith('}\n')).toBe(true);
});

test('[EXPORT-4] nothing after a stale mark is in the row', () => {
	const view = dialogue(
		['user', 'Q'],
		['bot', 'A'],
		['user', 'Q2'],
		['bot', 'A2', { stale: true }],
		['user', 'Q3'],
		['bot', 'A3'],
	);
	const result = toMessages(view);
	expect(result.ok && result.row.messages.map(({ content }) => content)).toEqual(['Q', 'A']);
	expect(toMessages(dialogue(['user', 'Q'], ['bot', 'A', { stale: true }]))).toEqual({
		ok: false,
		why: 'stale',
	});
});

test.each([
	['only a prompt', dialogue(['user', 'Q']), 'no-response'],
	['nothing', dialogue(), 'no-response'],
	[
		'a failed answer',
		dialogue(['user', 'Q'], ['bot', '', { state: 'failed', fault: 'refused' }]),
		'no-response',
	],
	[
		'an answer that is being written',
		dialogue(['user', 'Q'], ['bot', 'A…', { state: 'generating' }]),
		'no-response',
	],
	[
		'a prompt that was never answered',
		dialogue(['user', 'Q'], ['bot', '', { state: 'failed' }], ['user', 'Q2'], ['bot', 'A2']),
		'unanswered',
	],
	['two prompts in a row', dialogue(['user', 'Q'], ['user', 'Q2'], ['bot', 'A']), 'out-of-order'],
	['an answer before a prompt', dialogue(['bot', 'A'], ['user', 'Q'], ['bot', 'A']), 'out-of-order'],
	['a blank prompt', dialogue(['user', ' \n'], ['bot', 'A']), 'empty-prompt'],
] as const)('[EXPORT-5] %s: no row, and why', (_, view, why) => {
	expect(toMessages(view)).toEqual({ ok: false, why });
});

test.each([
	['failed', dialogue(['user', 'Q'], ['bot', 'A'], ['user', 'Q2'], ['bot', '', { state: 'failed' }])],
	[
		'generating',
		dialogue(['user', 'Q'], ['bot', 'A'], ['user', 'Q2'], ['bot', 'A', { state: 'generating' }]),
	],
	['not begun', dialogue(['user', 'Q'], ['bot', 'A'], ['user', 'Q2'])],
] as const)('[EXPORT-6] a last prompt without an answer is left out (%s)', (_, view) => {
	const result = toMessages(view);
	expect(result.ok && result.row.messages.map(({ content }) => content)).toEqual(['Q', 'A']);
});

test('[EXPORT-6] an answer that was stopped or broke off, and that people completed, is an answer', () => {
	for (const state of ['stopped', 'failed'] as const) {
		const result = toMessages(dialogue(['user', 'Q'], ['bot', 'mended', { state }]));
		expect(result.ok && result.row.messages.at(-1)?.content).toBe('mended');
	}
});

const SEEDS = [5, 4_242, Date.now() % 1_000_000_007];
test.each(SEEDS)('[EXPORT-2] any texts come back from their line (seed %i)', (seed) => {
	let state = seed >>> 0;
	const int = (n: number) => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return Math.floor((state / 2 ** 32) * n);
	};
	const letters = [
		'a',
		' ',
		'\n',
		'\r',
		'\t',
		'"',
		'\\',
		'/',
		'好',
		'，',
		'😀',
		'\u2028',
		'\u2029',
		'\u0085',
		'\u0000',
		'\ufeff',
		'\u200d',
		'<',
		'\u007f',
	];
	for (let round = 0; round < 300; round += 1) {
		const texts = Array.from({ length: 2 * (1 + int(4)) }, () =>
			['x', ...Array.from({ length: int(40) }, () => letters[int(letters.length)] as string)].join(''),
		);
		const result = toMessages(
			dialogue(...texts.map((text, i): Sketch => [i % 2 === 0 ? 'user' : 'bot', text])),
		);
		if (!result.ok) throw new Error(result.why);
		const line = toJsonLine(result.row);
		expect(line.slice(0, -1)).not.toMatch(/[\n\r\u2028\u2029\u0085]/);
		expect(JSON.parse(line)).toEqual(result.row);
		expect(result.row.messages.map(({ content }) => content)).toEqual(texts);
	}
});
