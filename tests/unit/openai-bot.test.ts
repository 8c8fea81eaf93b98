import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { BotFailure, MAX_ANSWER, type Prompting } from '../../server/bots/bot.ts';
import { openaiBot, type OpenAiSettings } from '../../server/bots/openai-bot.ts';
import { startStandIn, type StandIn, type StandInOptions } from '../support/openai-stand-in.ts';

const KEY = 'sk-not-for-anybody-1234567890';
let server: StandIn | undefined;

afterEach(async () => {
	await server?.close();
	server = undefined;
});

async function serve(options: StandInOptions): Promise<StandIn> {
	return (server = await startStandIn(options));
}

function settings(baseUrl: string, more: Partial<OpenAiSettings> = {}): OpenAiSettings {
	return { baseUrl, model: 'stand-in-7b', key: KEY, temperature: 0.7, timeoutSeconds: 20, ...more };
}

function asking(content: string, more: Partial<Prompting> = {}): Prompting {
	return {
		system: '',
		topic: { title: 'T', brief: 'B', language: 'en' },
		history: [{ role: 'user', content }],
		attempt: 0,
		...more,
	};
}

interface Heard {
	chunks: string[];
	fault: string | null;
	message: string;
	detail: string;
}

async function listen(
	bot: OpenAiSettings,
	prompting: Prompting,
	signal = new AbortController().signal,
): Promise<Heard> {
	const heard: Heard = { chunks: [], fault: null, message: '', detail: '' };
	try {
		for await (const chunk of openaiBot(bot).answer(prompting, signal)) heard.chunks.push(chunk);
	} catch (error) {
		if (!(error instanceof BotFailure)) throw error;
		heard.fault = error.fault;
		heard.message = error.message;
		heard.detail = error.detail;
		expect(error.cause).toBeUndefined();
	}
	return heard;
}

const MIXED = '你好，世界！😀 The 👩‍🚀 said:\r\n“再见”\rand left 𠮷𠮷.\n';
const MENDED = '你好，世界！😀 The 👩‍🚀 said:\n“再见”\nand left 𠮷𠮷.\n';

test.each([1, 2, 3, 4, 7])(
	'[BOT-1] [BOT-2] deltas of %i units arrive whole, with \\n only',
	async (chunk) => {
		const { url } = await serve({ answers: new Map([['hi', MIXED]]), chunk });
		const { chunks, fault } = await listen(settings(url), asking('hi'));
		expect(fault).toBeNull();
		expect(chunks.join('')).toBe(MENDED);
		for (const piece of chunks) {
			expect(piece).not.toBe('');
			expect(piece.isWellFormed()).toBe(true);
		}
	},
);

test('[BOT-3] the system message, the history, the model, the temperature and the key are sent as given', async () => {
	const { url, requests, authorizations } = await serve({
		answers: (messages) => `${messages.length} messages`,
	});
	const history: Prompting['history'] = [
		{ role: 'user', content: '第一个问题 \n' },
		{ role: 'assistant', content: ' final 😀' },
		{ role: 'user', content: 'and now?' },
	];
	const { chunks } = await listen(settings(url), asking('', { system: 'Be brief.', history }));
	expect(chunks.join('')).toBe('4 messages');
	expect(requests).toEqual([
		{
			model: 'stand-in-7b',
			messages: [{ role: 'system', content: 'Be brief.' }, ...history],
			temperature: 0.7,
			stream: true,
		},
	]);
	expect(authorizations).toEqual([`Bearer ${KEY}`]);
});

test('[BOT-3] no system, no temperature, no key: neither is invented', async () => {
	const { url, requests, authorizations } = await serve({ answers: () => 'yes' });
	await listen(settings(url, { key: '', temperature: null }), asking('hi'));
	await listen(settings(url, { key: null, temperature: null }), asking('hi'));
	const bare = { model: 'stand-in-7b', messages: [{ role: 'user', content: 'hi' }], stream: true };
	expect(requests).toEqual([bare, bare]);
	expect(authorizations).toEqual(['Bearer none', 'Bearer none']);
});

test('[BOT-4] a request that fails before the first token is tried again', async () => {
	const { url, requests } = await serve({ answers: () => 'at last', mode: 'flaky' });
	expect(await listen(settings(url), asking('hi'))).toMatchObject({ fault: null });
	expect(requests).toHaveLength(2);
});

test('[BOT-4] a stream that has begun is never asked for again', async () => {
	const { url, requests } = await serve({ answers: () => 'one two three four', mode: 'cut' });
	const { chunks, fault } = await listen(settings(url), asking('hi'));
	expect(fault).toBe('cut');
	expect('one two three four'.startsWith(chunks.join(''))).toBe(true);
	expect(chunks.join('')).not.toBe('');
	expect(requests).toHaveLength(1);
});

test.each(['unfinished', 'error'] as const)('[BOT-5] an answer without its end is cut (%s)', async (mode) => {
	const { url } = await serve({ answers: () => 'one two three four', mode });
	const { chunks, fault } = await listen(settings(url), asking('hi'));
	expect(fault).toBe('cut');
	expect(chunks.join('')).toMatch(/^one two/);
});

test('[BOT-5] an answer of nothing is empty', async () => {
	const { url } = await serve({ answers: () => 'unused', mode: 'empty' });
	expect(await listen(settings(url), asking('hi'))).toMatchObject({ chunks: [], fault: 'empty' });
});

test.each([
	['500', 3],
	['401', 1],
	['400', 1],
] as const)('[BOT-6] HTTP %s is a refusal that keeps the status and hides the key', async (mode, times) => {
	const { url, requests } = await serve({ answers: () => 'unused', mode });
	const { chunks, fault, message, detail } = await listen(settings(url), asking('hi'));
	expect({ chunks, fault }).toEqual({ chunks: [], fault: 'refused' });
	expect(message).toContain(`HTTP ${mode}`);
	expect(message + detail).not.toContain(KEY);
	expect(requests).toHaveLength(times);
});

test('[BOT-7] nobody at the address: unreachable', async () => {
	const taken = createServer().listen(0, '127.0.0.1');
	await new Promise((resolve) => taken.once('listening', resolve));
	const { port } = taken.address() as AddressInfo;
	await new Promise((resolve) => taken.close(resolve));
	const heard = await listen(settings(`http://127.0.0.1:${port}/v1`), asking('hi'));
	expect(heard).toMatchObject({ chunks: [], fault: 'unreachable' });
	expect(heard.message).toContain('ECONNREFUSED');
	expect(heard.detail).toBe('ECONNREFUSED');
});

test.each([
	['401', 'HTTP 401'],
	['500', 'HTTP 500 The server had an error'],
	['cut', ''],
	['empty', ''],
	['page', ''],
] as const)('[BOT-12] of %s a page shows what the other side said: %j', async (mode, detail) => {
	const { url } = await serve({ answers: () => 'some words', mode });
	expect(await listen(settings(url), asking('hi'))).toMatchObject({ detail });
});

test.each(['not a url', 'file:///etc/passwd', ''])(
	'[BOT-8] no http address: misconfigured (%j)',
	async (url) => {
		expect(await listen(settings(url), asking('hi'))).toMatchObject({ fault: 'misconfigured' });
	},
);

test('[BOT-8] a web page at the address, or a key that no header can carry: misconfigured', async () => {
	const { url, requests } = await serve({ answers: () => 'unused', mode: 'page' });
	expect(await listen(settings(url), asking('hi'))).toMatchObject({ fault: 'misconfigured' });
	const heard = await listen(settings(url, { key: 'sk-钥匙\n' }), asking('hi'));
	expect(heard.fault).toBe('misconfigured');
	expect(heard.message).not.toContain('钥匙');
	expect(requests).toHaveLength(1);
});

test('[BOT-9] silence before the first token is a timeout, and the request is dropped', async () => {
	const standIn = await serve({ answers: () => 'unused', mode: 'hang' });
	const heard = await listen(settings(standIn.url, { timeoutSeconds: 0.3 }), asking('hi'));
	expect(heard).toMatchObject({ chunks: [], fault: 'timeout' });
	await expect.poll(standIn.open).toBe(0);
});

test('[BOT-9] silence between tokens is a timeout; what had come stands', async () => {
	const standIn = await serve({ answers: () => 'one two three four', mode: 'stall' });
	const heard = await listen(settings(standIn.url, { timeoutSeconds: 2 }), asking('hi'));
	expect(heard.fault).toBe('timeout');
	expect(heard.chunks.join('')).toMatch(/^one two/);
	await expect.poll(standIn.open).toBe(0);
});

test('[BOT-9] an answer that trickles on without an end is a timeout too', async () => {
	const standIn = await serve({ answers: () => 'x'.repeat(100_000), chunk: 1, delayMs: 10 });
	const heard = await listen(settings(standIn.url, { timeoutSeconds: 0.4 }), asking('hi'));
	expect(heard.fault).toBe('timeout');
	expect(heard.chunks.length).toBeGreaterThan(0);
});

test('[BOT-10] an abort ends the answer quietly, before and after the first token, and drops the request', async () => {
	const standIn = await serve({ answers: () => 'word '.repeat(10_000), delayMs: 5 });
	expect(await listen(settings(standIn.url), asking('hi'), AbortSignal.abort())).toMatchObject({
		chunks: [],
		fault: null,
	});
	expect(standIn.requests).toHaveLength(0);

	const stop = new AbortController();
	let text = '';
	for await (const chunk of openaiBot(settings(standIn.url)).answer(asking('hi'), stop.signal)) {
		text += chunk;
		if (text.length > 20) stop.abort();
	}
	expect('word '.repeat(10_000).startsWith(text)).toBe(true);
	await expect.poll(standIn.open).toBe(0);

	standIn.setMode('hang');
	const early = new AbortController();
	const waiting = listen(settings(standIn.url), asking('hi'), early.signal);
	await expect.poll(() => standIn.requests.length).toBe(2);
	early.abort();
	expect(await waiting).toMatchObject({ chunks: [], fault: null });
	await expect.poll(standIn.open).toBe(0);
});

test('[BOT-10] a listener that walks away drops the request', async () => {
	const standIn = await serve({ answers: () => 'word '.repeat(10_000), delayMs: 5 });
	for await (const chunk of openaiBot(settings(standIn.url)).answer(
		asking('hi'),
		new AbortController().signal,
	)) {
		expect(chunk).not.toBe('');
		break;
	}
	await expect.poll(standIn.open).toBe(0);
});

test('[BOT-11] an answer past the limit ends there, complete and whole', async () => {
	const { url } = await serve({ answers: () => `a${'😀'.repeat(MAX_ANSWER)}`, chunk: 5001 });
	const { chunks, fault } = await listen(settings(url), asking('hi'));
	const text = chunks.join('');
	expect(fault).toBeNull();
	expect(text.length).toBe(MAX_ANSWER - 1); // the pair at the border is left out
	expect(text.isWellFormed()).toBe(true);
});

test('[BOT-11] an endless line is not buffered', async () => {
	const standIn = await serve({ answers: () => 'unused', mode: 'flood' });
	expect(await listen(settings(standIn.url), asking('hi'))).toMatchObject({ chunks: [], fault: 'cut' });
	await expect.poll(standIn.open).toBe(0);
});
