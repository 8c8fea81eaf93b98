import type { IncomingMessage } from 'node:http';
import type { Config } from '../config.ts';

/** Whether a request that carries an Origin comes from a page of ours. Without ORIGIN set, from the host it asks. */
export function isOurOrigin(req: IncomingMessage, config: Pick<Config, 'ORIGIN' | 'TRUST_PROXY'>): boolean {
	const { origin } = req.headers;
	if (origin === undefined) return true;
	if (config.ORIGIN.length > 0) return config.ORIGIN.includes(origin);
	return URL.canParse(origin) && new URL(origin).host === askedHost(req, config);
}

/** The scheme and host that the person typed, as far as it is known. */
export function askedHost(req: IncomingMessage, { TRUST_PROXY }: Pick<Config, 'TRUST_PROXY'>): string {
	const forwarded = TRUST_PROXY ? req.headers['x-forwarded-host'] : undefined;
	return (
		(typeof forwarded === 'string' ? forwarded.split(',')[0]?.trim() : undefined) ?? req.headers.host ?? ''
	);
}

/** The address to count tries by. Only a trusted proxy's word is taken for it. */
export function remoteAddress(req: IncomingMessage, { TRUST_PROXY }: Pick<Config, 'TRUST_PROXY'>): string {
	const forwarded = TRUST_PROXY ? req.headers['x-forwarded-for'] : undefined;
	const last = typeof forwarded === 'string' ? forwarded.split(',').at(-1)?.trim() : undefined;
	return last ?? req.socket.remoteAddress ?? '';
}
