import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Services } from '../services.ts';
import { createApi } from './api.ts';
import { answerMetrics } from './metrics.ts';

/** Answers what is not a page: the API and the health of this server. False: not one of these paths. */
export function answerOwnPaths(services: Services) {
	const api = createApi(services);
	return (req: IncomingMessage, res: ServerResponse): boolean => {
		const target = req.url ?? '/';
		if (target.startsWith('/api/')) {
			void api(req, res, new URL(target, 'http://localhost'));
			return true;
		}
		switch (target) {
			case '/livez':
				res.end('ok\n');
				return true;
			case '/readyz':
				void services.ready().then((why) => {
					res.statusCode = why === null ? 200 : 503;
					res.end(why === null ? 'ok\n' : `${why}\n`);
				});
				return true;
			case '/metrics':
				void answerMetrics(req, res, services);
				return true;
			default:
				return false;
		}
	};
}
