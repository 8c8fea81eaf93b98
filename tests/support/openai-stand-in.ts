import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface ChatMessage {
	role: 'system' | 'user' | 'assistant';
	content: string;
}
export interface ChatRequest {
	model: string;
	messages: ChatMessage[];
	temperature?: number;
	stream?: boolean;
}

/**
 * ok · flaky: 503 once, then ok · 500 · 401 · 400: repeats the key it was sent · hang: no answer at all ·
 * stall: some tokens, then silence · cut: some tokens, then the socket drops · unfinished: all tokens, no
 * finish_reason · error: some tokens, then an error event · empty: a finish_reason and no token · page: a web page ·
 * flood: an endless line
 */
export type StandInMode =
	| 'ok'
	| 'flaky'
	| '500'
	| '401'
	| '400'
	| 'hang'
	| 'stall'
	| 'cut'
	| 'unfinished'
	| 'error'
	| 'empty'
	| 'page'
	| 'flood';

export interface StandInOptions {
	/** By the last user message, or by all of them. */
	answers: Map<string, string> | ((messages: ChatMessage[]) => string);
	/** UTF-16 units a delta; parts surrogate pairs as real servers do. */
	chunk?: number;
	delayMs?: number;
	/** Waited for when half of an answer is out. */
	halfway?: () => Promise<void>;
	mode?: StandInMode;
}

export interface StandIn {
	/** Up to and with /v1. */
	url: string;
	/** Bodies of all requests, oldest first. */
	requests: ChatRequest[];
	/** Their Authorization headers. */
	authorizations: (string | undefined)[];
	setMode: (mode: StandInMode) => void;
	/** Requests that are still open. */
	open: () => number;
	close: () => Promise<void>;
}

/** A local server that speaks OpenAI's streaming chat completions from recorded answers. */
export async function startStandIn(options: StandInOptions): Promise<StandIn> {
	let mode = options.mode ?? 'ok';
	const requests: ChatRequest[] = [];
	const authorizations: (string | undefined)[] = [];
	const open = new Set<ServerResponse>();

	const server = createServer((req, res) => {
		open.add(res);
		res.on('close', () => open.delete(res));
		answer(req, res).catch((error: unknown) => res.destroy(error as Error));
	});

	async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
		if (req.method !== 'POST' || req.url !== '/v1/chat/completions') return fail(res, 404, 'Not found');
		const request = JSON.parse(await read(req)) as ChatRequest;
		requests.push(request);
		authorizations.push(req.headers.authorization);
		const now = mode;
		if (now === 'hang') return;
		if (now === '500') return fail(res, 500, 'The server had an error');
		if (now === '401') return fail(res, 401, `Incorrect API key provided: ${req.headers.authorization}`);
		if (now === '400') return fail(res, 400, `Bad request with ${req.headers.authorization}`);
		if (now === 'flaky') {
			mode = 'ok';
			return fail(res, 503, 'Overloaded');
		}
		if (now === 'page') {
			res.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Welcome</title>');
			return;
		}
		res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
		if (now === 'flood') return flood(res);
		await stream(res, request, now);
	}

	async function stream(res: ServerResponse, request: ChatRequest, now: StandInMode): Promise<void> {
		const event = (delta: object, finish: string | null) =>
			send(res, {
				id: `chatcmpl-${requests.length}`,
				object: 'chat.completion.chunk',
				created: Math.floor(Date.now() / 1000),
				model: request.model,
				service_tier: 'default',
				system_fingerprint: null,
				choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
			});
		event({ role: 'assistant', content: '', refusal: null }, null);
		const pieces =
			now === 'empty' ? [] : split(answerTo(options.answers, request.messages), options.chunk ?? 4);
		const broken = now === 'stall' || now === 'cut' || now === 'error';
		const half = Math.ceil(pieces.length / 2);
		for (const [i, content] of (broken ? pieces.slice(0, half) : pieces).entries()) {
			if (res.destroyed) return;
			if (i === half) await options.halfway?.();
			event({ content }, null);
			if (options.delayMs) await pause(options.delayMs);
		}
		if (now === 'stall') return;
		if (now === 'cut') {
			await pause(20); // what was written goes out first
			res.destroy();
			return;
		}
		if (now === 'error')
			send(res, { error: { message: 'The engine died', type: 'server_error', code: 500 } });
		else if (now !== 'unfinished') event({}, 'stop');
		res.end('data: [DONE]\n\n');
	}

	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
		requests,
		authorizations,
		setMode: (next) => void (mode = next),
		open: () => open.size,
		close: () =>
			new Promise((resolve, reject) => {
				server.close((error) => (error ? reject(error) : resolve()));
				server.closeAllConnections();
			}),
	};
}

function answerTo(answers: StandInOptions['answers'], messages: ChatMessage[]): string {
	if (typeof answers === 'function') return answers(messages);
	const prompt = messages.findLast((message) => message.role === 'user')?.content ?? '';
	return answers.get(prompt) ?? `No answer is recorded for: ${prompt}`;
}

function split(text: string, size: number): string[] {
	const pieces = [];
	for (let at = 0; at < text.length; at += size) pieces.push(text.slice(at, at + size));
	return pieces;
}

/** A lone surrogate goes out as a JSON escape. */
function send(res: ServerResponse, data: object): void {
	res.write(`data: ${JSON.stringify(data)}\n\n`);
}

function flood(res: ServerResponse): void {
	const more = () => {
		while (!res.destroyed && res.write('x'.repeat(65_536)));
	};
	res.on('drain', more);
	res.write('data: ');
	more();
}

function fail(res: ServerResponse, status: number, message: string): void {
	res.writeHead(status, { 'content-type': 'application/json' });
	res.end(JSON.stringify({ error: { message, type: 'stand_in', param: null, code: null } }));
}

async function read(req: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of req) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks).toString('utf8');
}
