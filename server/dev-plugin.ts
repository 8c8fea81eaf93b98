import type { Server } from 'node:http';
import type { Plugin } from 'vite';

/** `vite dev` runs the same services, sockets and API as server/main.ts, in the same process as the pages. */
export function duologueServer(): Plugin {
	return {
		name: 'duologue-server',
		apply: (_, { command, isPreview }) => command === 'serve' && !isPreview && !process.env['VITEST'],
		async configureServer(vite) {
			// A computed native import: Node strips the types, and Vite does not bundle a second set of services.
			const load = (file: string): Promise<unknown> =>
				import(new URL(file, `file://${vite.config.root}/server/`).href);
			const { startServices } = (await load('services.ts')) as typeof import('./services.ts');
			const { acceptSockets } = (await load('http/upgrade.ts')) as typeof import('./http/upgrade.ts');
			const { answerOwnPaths } = (await load('http/own-paths.ts')) as typeof import('./http/own-paths.ts');
			const services = await startServices();
			const answer = answerOwnPaths(services);
			vite.middlewares.use((req, res, next) => {
				if (!answer(req, res)) next();
			});
			if (vite.httpServer) acceptSockets(vite.httpServer as Server, services);
			services.started();
		},
	};
}
