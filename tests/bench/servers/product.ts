import type { Kind } from './kind.ts';
import { makeProductWorld } from './product-world.ts';

/** The real server on a real PostgreSQL, through the real door. */
export const PRODUCT: Kind = {
	dialect: 'y-websocket',
	persists: true,
	usesDatabase: true,
	guess: 350,
	window: 5,
	main: 'server/main.ts',
	env: ({ port, folder, databaseUrl }) => ({
		HOST: '127.0.0.1',
		PORT: String(port),
		ORIGIN: `http://127.0.0.1:${port}`,
		DATABASE_URL: databaseUrl ?? '',
		DATA_DIR: folder,
		LOG_LEVEL: 'warn',
		TRUST_PROXY: 'true', // people come from addresses of their own
	}),
	open: (world, databaseUrl) => makeProductWorld(world, databaseUrl ?? ''),
};

/** The same without its gate, to see what that costs: only by this entry of the benchmark’s own. */
export const UNGATED: Kind = { ...PRODUCT, main: 'tests/bench/servers/ungated-main.ts' };
