import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withPeople } from '../load/document.ts';
import type { Door, World } from './door.ts';
import type { Kind } from './kind.ts';

const FOLDER = fileURLToPath(new URL('../peers/', import.meta.url));

/** Into the peer's own folder, exactly as its lock says; the product's packages stay as they are. */
function install(peer: string): void {
	const cwd = `${FOLDER}${peer}`;
	if (existsSync(`${cwd}/node_modules/.package-lock.json`)) return;
	console.error(`Installing ${peer} …`);
	const how = ['--no-save', '--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund'];
	execFileSync('npm', ['install', ...how], { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Anybody gets in, and whoever comes first brings the document. */
function openDoor({ document }: World): Promise<Door> {
	const nameOf = (dialogue: number): string => `dialogue-${dialogue}`;
	return Promise.resolve({
		nameOf,
		path: (dialogue) => `/${nameOf(dialogue)}`,
		headers: () => ({}),
		brings: withPeople(document, 1, 2),
	});
}

const peer = (folder: string): Omit<Kind, 'dialect' | 'guess'> => ({
	persists: false,
	usesDatabase: false,
	window: 5,
	main: `tests/bench/peers/${folder}/server.mjs`,
	install: () => install(folder),
	env: ({ port }) => ({ HOST: '127.0.0.1', PORT: String(port), BENCH_EXIT_ON_TERM: 'yes' }),
	open: openDoor,
});

export const PEERS = {
	/** Forwards frames: what `ws` can do at all. */
	relay: { ...peer('relay'), dialect: 'none', guess: 430 },
	'y-websocket': { ...peer('y-websocket'), dialect: 'y-websocket', guess: 210 },
	hocuspocus: { ...peer('hocuspocus'), dialect: 'hocuspocus', guess: 128 },
	'hocuspocus-postgres': {
		...peer('hocuspocus'),
		dialect: 'hocuspocus',
		guess: 110,
		persists: true,
		usesDatabase: true,
		window: 12, // its debounce is 2 s, at most 10
		env: ({ port, databaseUrl }) => ({ PORT: String(port), DATABASE_URL: databaseUrl ?? '' }),
	},
} as const satisfies Record<string, Kind>;
