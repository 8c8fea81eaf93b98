import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Config } from '../config.ts';
import { askedHost } from './origins.ts';

/**
 * The pages' handler. It compares a form's Origin with the scheme and host of the request, and takes those from
 * headers: so they are set here, from what is known, and never from what a stranger sends.
 */
export async function pagesOf(
	config: Config,
	load: () => Promise<{ handler: RequestListener }>,
): Promise<{ handler: (req: IncomingMessage, res: ServerResponse) => void }> {
	// Read once by the handler when it is imported.
	delete process.env['ORIGIN'];
	process.env['PROTOCOL_HEADER'] = 'x-forwarded-proto';
	process.env['HOST_HEADER'] = 'x-forwarded-host';
	if (config.TRUST_PROXY) process.env['ADDRESS_HEADER'] = 'x-forwarded-for';
	const { handler } = await load();
	return {
		handler(req, res) {
			const host = askedHost(req, config);
			const known = config.ORIGIN.find((origin) => new URL(origin).host === host);
			const forwarded = config.TRUST_PROXY ? req.headers['x-forwarded-proto'] : undefined;
			req.headers['x-forwarded-host'] = host;
			req.headers['x-forwarded-proto'] = known
				? new URL(known).protocol.slice(0, -1)
				: forwarded === 'https'
					? 'https'
					: 'http';
			if (config.TRUST_PROXY) req.headers['x-forwarded-for'] ??= req.socket.remoteAddress ?? '';
			handler(req, res);
		},
	};
}
