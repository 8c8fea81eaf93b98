import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { openDemo } from './demo.ts';
import { markLate } from './heap.ts';
import { listenForAdministration } from './http/admin-socket.ts';
import { answerOwnPaths } from './http/own-paths.ts';
import { pagesOf } from './http/pages.ts';
import { acceptSockets, asksForRoom } from './http/upgrade.ts';
import { startServices } from './services.ts';
import { readConfig, type Config } from './config.ts';

/** Time to finish what is under way after a signal. */
const PATIENCE_MS = 4500;
const BACKLOG = 4096;

markLate();
const demo = process.argv.includes('--demo');

function configured(): Config {
	try {
		const config = readConfig();
		// A demonstration keeps to a folder of its own unless told where to go.
		return demo && !process.env['DATA_DIR'] ? { ...config, DATA_DIR: join(config.DATA_DIR, 'demo') } : config;
	} catch (error) {
		return giveUp(error);
	}
}

function giveUp(error: unknown): never {
	console.error(error instanceof Error ? error.message : error);
	process.exit(1);
}

const config = configured();
const services = await startServices(config).catch(giveUp);
const { logger } = services;

const build: string = '../build/handler.js';
const { handler } = await pagesOf(config, () => import(build) as Promise<{ handler: RequestListener }>);
const answer = answerOwnPaths(services);
const server = createServer({ shouldUpgradeCallback: asksForRoom }, (req, res) => {
	if (!answer(req, res)) handler(req, res);
});
acceptSockets(server, services);
server.listen({ port: config.PORT, host: config.HOST, backlog: BACKLOG });
await once(server, 'listening').catch((error: unknown) => {
	console.error(
		`Cannot listen on ${config.HOST}:${config.PORT}: ${error instanceof Error ? error.message : String(error)}`,
	);
	process.exit(1);
});
const administration = await listenForAdministration(services);

const bound = server.address();
const port = typeof bound === 'object' && bound ? bound.port : config.PORT;
const origin =
	config.ORIGIN[0] ??
	`http://${config.HOST === '0.0.0.0' || config.HOST === '::' ? 'localhost' : config.HOST}:${port}`;
logger.info({ origin, engine: services.db.engine, ms: Math.round(performance.now()) }, 'listening');

/** What a person who starts this server reads first. */
async function greeting(): Promise<string[]> {
	if (demo) return openDemo(services, origin);
	const token = await services.entry.ownerLink();
	if (token === null) return ['', `  Duologue: ${origin}`, ''];
	const welcome = `${origin}/welcome/${token}`;
	return ['', '  Nobody has an account yet. Open this link to create yours:', `  ${welcome}`, ''];
}

let stopping = false;
async function stop(signal: string): Promise<void> {
	if (stopping) return;
	stopping = true;
	logger.info({ signal }, 'stopping');
	setTimeout(() => process.exit(1), PATIENCE_MS).unref();
	server.close();
	administration.close();
	await services.close();
	// Nobody is waited for any more: a socket whose other side never answers would keep the server open.
	logger.info('stopped');
	process.exit(0);
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));

try {
	for (const line of await greeting()) console.log(line);
	services.started();
} catch (error) {
	if (!stopping) await services.close().finally(() => giveUp(error));
}
