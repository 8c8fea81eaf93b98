import { AS, type ApiErrorBody, type ApiErrorCode } from '../wire/api-error.ts';

/** A command that did not succeed. `offline`: the server was not reached, and may or may not have acted. */
export class ApiProblem extends Error {
	readonly code: ApiErrorCode | 'offline';
	/** The HTTP status; 0 when there was no answer. */
	readonly status: number;
	readonly details: unknown;

	constructor(code: ApiErrorCode | 'offline', message: string, status: number, details?: unknown) {
		super(message);
		this.name = 'ApiProblem';
		this.code = code;
		this.status = status;
		this.details = details;
	}
}

/**
 * Calls `/api/v1` + `path` with a JSON body and gives the JSON answer, `undefined` for an empty one.
 * @param as whose page it is: a command does not go out under the name of who signed in beside it.
 * @throws ApiProblem
 */
export async function api<T = undefined>(
	method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
	path: string,
	body?: unknown,
	as?: string,
): Promise<T> {
	const response = await answerTo(`/api/v1${path}`, {
		method,
		headers: {
			accept: 'application/json',
			...(body !== undefined && { 'content-type': 'application/json' }),
			...(as !== undefined && { [AS]: as }),
		},
		...(body !== undefined && { body: JSON.stringify(body) }),
	});
	const text = await response.text().catch((cause: unknown) => {
		throw unreached(cause);
	});
	if (!response.ok) throw problemOf(response.status, text);
	return (text === '' ? undefined : JSON.parse(text)) as T;
}

async function answerTo(url: string, request: RequestInit): Promise<Response> {
	try {
		return await fetch(url, request);
	} catch (cause) {
		throw unreached(cause);
	}
}

function unreached(cause: unknown): ApiProblem {
	return new ApiProblem('offline', cause instanceof Error ? cause.message : 'The server was not reached', 0);
}

/** A proxy between us may answer with a page of its own. */
function problemOf(status: number, text: string): ApiProblem {
	try {
		const { error } = JSON.parse(text) as ApiErrorBody;
		return new ApiProblem(error.code, error.message, status, error.details);
	} catch {
		return new ApiProblem(
			status >= 502 && status <= 504 ? 'unavailable' : 'internal',
			`HTTP ${status}`,
			status,
		);
	}
}
