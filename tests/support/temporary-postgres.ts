import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

export interface TemporaryPostgres {
	/** Its `postgres` database; the user there may create others. */
	url: string;
	/** The server and all that works for it are this process' descendants. */
	pid: number;
	/** Ends it at once, without a shutdown, and keeps it down until `recover`. */
	crash(): Promise<void>;
	/** Starts it again on the same data and port; it recovers first. */
	recover(): Promise<void>;
	/** Kills one of the processes that serve `duologue`: then the server itself ends all others, and recovers. */
	killBackend(): Promise<void>;
	stop(): Promise<void>;
}

/** The folder of a PostgreSQL server's programs, the newest first, or null when this machine has none. */
function findPrograms(): string | null {
	const debian = globSync('/usr/lib/postgresql/*/bin').sort((a, b) =>
		b.localeCompare(a, 'en', { numeric: true }),
	);
	const path = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
	const complete = (dir: string) => ['initdb', 'postgres'].every((name) => existsSync(join(dir, name)));
	const found = [...debian, ...path].find(complete);
	if (found) return found;
	try {
		const dir = execFileSync('pg_config', ['--bindir'], { encoding: 'utf8', stdio: 'pipe' }).trim();
		return complete(dir) ? dir : null;
	} catch {
		return null; // no pg_config either
	}
}

type Account = { uid?: number; gid?: number };

/** PostgreSQL refuses to run as root: as root it runs under the account that its package made. */
function account(): Account {
	if (process.getuid?.() !== 0) return {};
	const id = (flag: string) =>
		Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: 'pipe' }));
	try {
		return { uid: id('-u'), gid: id('-g') };
	} catch {
		return { uid: 65534, gid: 65534 }; // nobody
	}
}

async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}

/** Resolves when the server takes connections; rejects with what it printed when its keeper ends before. */
function accepting(keeper: ChildProcess): Promise<void> {
	return new Promise((ready, failed) => {
		let output = '';
		const hear = (chunk: string): void => {
			output = (output + chunk).slice(-10_000);
			if (!output.includes('ready to accept connections')) return;
			keeper.stderr?.off('data', hear);
			keeper.off('error', failed).off('exit', ended);
			ready();
		};
		const ended = (): void => failed(new Error(`The temporary PostgreSQL did not start:\n${output}`));
		keeper.stderr?.setEncoding('utf8').on('data', hear).resume();
		keeper.once('error', failed).once('exit', ended);
	});
}

/**
 * Runs the server until our end of its standard input closes, as it does however this process ends; while the file
 * `down` is there, it is not run, and the file `is-down` says so.
 */
const KEEPER = `exec 3<&0
dir=$1; shift
over= server=
trap 'over=1; [ -z "$server" ] || kill -INT $server' USR1
(cat <&3 >/dev/null; kill -USR1 $$) &
until [ "$over" ]; do
	if [ -e "$dir/down" ]; then : > "$dir/is-down"; sleep 0.05; continue; fi
	rm -f "$dir/is-down"
	"$@" 3<&- & server=$!
	[ -z "$over" ] || kill -INT $server
	while kill -0 $server 2>/dev/null; do wait $server; done
	server=
	[ -e "$dir/down" ] || break
done
rm -rf "$dir"`;

/** The process of a connection that the product has open. */
async function backendAt(url: string): Promise<number> {
	const client = new pg.Client(url);
	await client.connect();
	const { rows } = await client.query<{ pid: number }>(
		`select pid from pg_stat_activity where application_name = 'duologue'`,
	);
	await client.end();
	if (!rows[0]) throw new Error('the product has no connection');
	return rows[0].pid;
}

/**
 * Starts a PostgreSQL server of its own for a test run, in a temporary directory, on a free port of this
 * machine, with fsync on. Null when the machine has no PostgreSQL programs. It ends with this process.
 */
export async function startPostgres(): Promise<TemporaryPostgres | null> {
	const programs = findPrograms();
	if (!programs) return null;
	const as = account();
	const dir = mkdtempSync(join(tmpdir(), 'duologue-postgres-'));
	if (as.uid !== undefined && as.gid !== undefined) chownSync(dir, as.uid, as.gid);
	const remove = () => rmSync(dir, { recursive: true, force: true });
	try {
		const data = join(dir, 'data');
		const initial = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
		execFileSync(join(programs, 'initdb'), initial, { ...as, cwd: dir, stdio: 'pipe' });

		const port = await freePort();
		const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: '', fsync: 'on' };
		const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
		const command = [join(programs, 'postgres'), '-D', data, ...options];
		const keeper = spawn('/bin/sh', ['-c', KEEPER, 'sh', dir, ...command], {
			...as,
			cwd: '/',
			detached: true, // Ctrl-C reaches only us
			stdio: ['pipe', 'ignore', 'pipe'],
		});
		await accepting(keeper);
		const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
		const down = join(dir, 'down');
		return {
			pid: keeper.pid ?? 0,
			url,
			async crash() {
				writeFileSync(down, '');
				process.kill(Number.parseInt(readFileSync(join(data, 'postmaster.pid'), 'utf8')), 'SIGQUIT');
				while (!existsSync(join(dir, 'is-down'))) await pause(20);
			},
			async recover() {
				const again = accepting(keeper);
				rmSync(down);
				await again;
			},
			async killBackend() {
				const again = accepting(keeper);
				process.kill(await backendAt(url), 'SIGKILL');
				await again;
			},
			async stop() {
				const ended = keeper.exitCode === null ? once(keeper, 'exit') : null;
				keeper.stdin.end();
				await ended;
				remove();
			},
		};
	} catch (error) {
		remove();
		throw error;
	}
}
