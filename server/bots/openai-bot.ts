import OpenAI, { APIConnectionError, APIError } from 'openai';
import { MAX_ANSWER, BotFailure, type Bot, type Prompting } from './bot.ts';
import { boundedFetch } from './bounded-fetch.ts';
import { Patience } from './patience.ts';
import { WholeCharacters, wholeBeginning } from './whole-characters.ts';

export interface OpenAiSettings {
	/** Up to and with the version, e.g. http://localhost:11434/v1. */
	baseUrl: string;
	model: string;
	/** Null or empty for servers that want none. */
	key: string | null;
	/** Null leaves it to the server; some models refuse any value. */
	temperature: number | null;
	/** The longest silence, before the first token or between two. A whole answer may take ten times that, and ten minutes at most. */
	timeoutSeconds: number;
}

const RETRIES = 2;
const LONGEST_MS = 10 * 60_000;
const MAX_MESSAGE = 300;

/** A bot behind any server that speaks OpenAI's chat completions: OpenAI, vLLM, Ollama, llama.cpp. */
export function openaiBot(settings: OpenAiSettings): Bot {
	return { answer: (prompting, signal) => answer(settings, prompting, signal) };
}

async function* answer(settings: OpenAiSettings, prompting: Prompting, signal: AbortSignal) {
	if (signal.aborted) return;
	const client = connect(settings);
	const silence = settings.timeoutSeconds * 1000;
	const patience = new Patience({ silence, whole: Math.min(silence * 10, LONGEST_MS) });
	const text = new WholeCharacters();
	let length = 0;
	let finished = false;
	let full = false;
	try {
		const { data: stream, response } = await client.chat.completions
			.create(body(settings, prompting), { signal: AbortSignal.any([signal, patience.signal]) })
			.withResponse();
		if (response.headers.get('content-type')?.includes('text/html')) {
			throw new BotFailure('misconfigured', 'The address answered with a web page.');
		}
		for await (const chunk of stream) {
			patience.pause(); // a slow reader of ours is not the bot's silence
			const choice = chunk.choices[0];
			const piece = choice?.delta?.content;
			if (typeof piece === 'string') {
				const whole = wholeBeginning(text.push(piece), MAX_ANSWER - length);
				length += whole.length;
				if (whole !== '') yield whole;
			}
			finished = Boolean(choice?.finish_reason);
			full = length >= MAX_ANSWER - 1; // one short, where a pair did not fit
			if (finished || full) break;
			patience.resume();
		}
	} catch (error) {
		// An aborted request throws, an aborted stream just ends: both are told apart below, by the signals.
		if (!signal.aborted && !patience.signal.aborted) throw failure(error, settings.key, length > 0);
	} finally {
		patience.end();
	}
	if (signal.aborted) return;
	if (patience.signal.aborted) {
		throw new BotFailure('timeout', 'The bot was silent, or took too long.');
	}
	if (full) return;
	if (!finished && length > 0) throw new BotFailure('cut', 'The answer ended before it was finished.');
	const rest = text.end();
	if (length + rest.length === 0) throw new BotFailure('empty', 'The bot answered with nothing.');
	if (rest !== '') yield rest;
}

/** The client would take an account from the environment: all that names one is given. */
function connect({ baseUrl, key }: OpenAiSettings): OpenAI {
	if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol)) {
		throw new BotFailure('misconfigured', 'The address of the bot is not an http or https URL.');
	}
	if (key && !/^[\x21-\x7e]+$/.test(key)) {
		throw new BotFailure('misconfigured', 'The key of the bot holds a character that no key has.');
	}
	return new OpenAI({
		baseURL: baseUrl,
		apiKey: key || 'none',
		adminAPIKey: null,
		organization: null,
		project: null,
		webhookSecret: null,
		logLevel: 'off',
		maxRetries: RETRIES, // the client retries a request, never a stream that has begun
		timeout: LONGEST_MS + 60_000, // ours comes first
		fetch: boundedFetch,
	});
}

function body({ model, temperature }: OpenAiSettings, { system, history }: Prompting) {
	return {
		model,
		messages: [...(system === '' ? [] : [{ role: 'system' as const, content: system }]), ...history],
		...(temperature === null ? {} : { temperature }),
		stream: true as const,
	};
}

function failure(error: unknown, key: string | null, begun: boolean): BotFailure {
	if (error instanceof BotFailure) return error;
	if (error instanceof APIConnectionError) {
		const code = causeCode(error);
		if (/^UND_ERR_(HEADERS|BODY)_TIMEOUT$/.test(code))
			return new BotFailure('timeout', 'The bot was silent.');
		return new BotFailure('unreachable', `The bot could not be reached${code && ` (${code})`}.`, code);
	}
	if (error instanceof APIError && !begun) {
		const said = refusal(error as Refusal, key);
		return new BotFailure('refused', `The bot refused: ${said}`, said);
	}
	return new BotFailure('cut', 'The answer broke off.');
}

interface Refusal {
	/** Absent where the stream itself told of an error. */
	status: number | undefined;
	message: string;
}

/** Of 401 and 403 the status alone: their texts tend to repeat parts of the key. */
function refusal({ status, message }: Refusal, key: string | null): string {
	if (status === 401 || status === 403) return `HTTP ${status}`;
	const told = key ? message.replaceAll(key, '…') : message;
	return wholeBeginning(((status ? 'HTTP ' : '') + told).toWellFormed(), MAX_MESSAGE);
}

function causeCode(error: Error): string {
	for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
		if ('code' in cause && typeof cause.code === 'string') return cause.code;
	}
	return '';
}
