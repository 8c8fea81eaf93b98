import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { API_STATUS, AS, Refused, type ApiErrorBody, type ApiErrorCode } from '#lib/wire/api-error.ts';
import { networkOf } from '../gate/network-of.ts';
import type { Services } from '../services.ts';
import { Allowance } from './allowance.ts';
import { ROUTES, type Answer } from './api-routes.ts';
import { answerExport } from './export.ts';
import { isOurOrigin, remoteAddress } from './origins.ts';
import { readJson } from './read-json.ts';

const PREFIX = '/api/v1';

const matchers = ROUTES.map(([method, path, handler]) => ({
	method,
	handler,
	pattern: new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]{1,64})')}$`),
}));

/** Answers /api/v1: JSON in, JSON out, every error a code and a sentence. */
export function createApi(services: Services) {
	const perUser = new Allowance({ burst: 120, perSecond: 30 });
	const perAddress = new Allowance({ burst: 60, perSecond: 5 });

	async function answer(req: IncomingMessage, res: ServerResponse, url: URL): Promise<Answer | null> {
		if (!isOurOrigin(req, services.config)) throw new Refused('forbidden', 'This page is not from here');
		const known = await services.entry.identify(req.headers);
		if (!known) {
			slowDown(res, perAddress.take(networkOf(remoteAddress(req, services.config))));
			throw new Refused('signed-out', 'Sign in, or send a bearer token');
		}
		const as = req.headers[AS];
		if (as !== undefined && as !== String(known.user.id))
			throw new Refused('another-signed-in', 'This page is of another account than the one signed in now');
		if (known.setCookie !== undefined) res.setHeader('set-cookie', known.setCookie);
		slowDown(res, perUser.take(String(known.user.id)));
		const path = url.pathname.slice(PREFIX.length);
		if (req.method === 'GET' && path === '/export') {
			const text = await answerExport(services, known.user, url.searchParams, res);
			await pipeline(text, res);
			return null;
		}
		const matching = matchers.filter(({ pattern }) => pattern.test(path));
		const found = matching.find(({ method }) => method === req.method);
		if (!found)
			throw new Refused(
				'not-found',
				matching.length > 0 ? `${path} does not take ${req.method}` : `There is no ${path} here`,
			);
		// A form of another site can post without a preflight, but never JSON, and never with our cookie (SameSite).
		const body = req.method === 'GET' ? undefined : await readJson(req);
		const params = { ...found.pattern.exec(path)?.groups };
		return found.handler({ services, user: known.user, params, query: url.searchParams, body });
	}

	return async (req: IncomingMessage, res: ServerResponse, url: URL): Promise<void> => {
		try {
			const answered = await answer(req, res, url);
			if (answered) send(res, answered);
		} catch (error) {
			if (res.headersSent) {
				services.logger.warn({ err: error, path: url.pathname }, 'an answer was cut');
				res.destroy();
				return;
			}
			if (!(error instanceof Refused))
				services.logger.error({ err: error, path: url.pathname }, 'a command failed');
			if (!req.complete) res.setHeader('connection', 'close'); // the rest of the body is not read
			send(res, asAnswer(error));
		}
	};
}

function slowDown(res: ServerResponse, seconds: number): void {
	if (seconds === 0) return;
	res.setHeader('retry-after', String(seconds));
	throw new Refused('slow-down', `Too many requests: wait ${seconds} s`);
}

function asAnswer(error: unknown): Answer {
	const [code, message, details]: [ApiErrorCode, string, unknown] =
		error instanceof Refused
			? [error.code, error.message, error.details]
			: ['internal', 'Something went wrong on the server; nothing was changed', undefined];
	const body: ApiErrorBody = { error: { code, message, ...(details !== undefined && { details }) } };
	return { status: API_STATUS[code], body };
}

function send(res: ServerResponse, { status, body }: Answer): void {
	const text = JSON.stringify(body);
	res.writeHead(status, {
		'content-type': 'application/json; charset=utf-8',
		'content-length': Buffer.byteLength(text),
		'cache-control': 'no-store',
		'x-content-type-options': 'nosniff',
	});
	res.end(text);
}
