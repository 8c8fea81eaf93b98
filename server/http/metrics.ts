import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Services } from '../services.ts';

const LOCAL = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/;

/** Whether somebody at this machine asks, and not through a proxy. */
const isLocal = ({ socket, headers }: IncomingMessage): boolean =>
	LOCAL.test(socket.remoteAddress ?? '') &&
	!Object.keys(headers).some((name) => /^(x-)?forwarded/.test(name));

/** The figures, in Prometheus' form: for who asks from this machine, or with the token of an owner. */
export async function answerMetrics(
	req: IncomingMessage,
	res: ServerResponse,
	{ entry, figures, logger }: Services,
): Promise<void> {
	try {
		if (!isLocal(req)) {
			const known = await entry.identify({ authorization: req.headers.authorization });
			if (!known?.user.owner) {
				res.writeHead(known ? 403 : 401).end('for an owner’s token\n');
				return;
			}
		}
		const text = await figures.registry.metrics();
		res.writeHead(200, { 'content-type': figures.registry.contentType }).end(text);
	} catch (error) {
		logger.error({ err: error }, 'the figures could not be read');
		res.writeHead(500).end();
	}
}
