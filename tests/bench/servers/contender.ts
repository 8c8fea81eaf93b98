import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { nodeOnServerCore } from '../machine/cores.ts';
import { cpuSeconds, residentMB } from '../machine/usage.ts';
import { RESULTS } from '../results.ts';
import { freshDatabase, type FreshDatabase } from './database.ts';
import type { Door, World } from './door.ts';
import type { Kind } from './kind.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PRELOAD = fileURLToPath(new URL('preload.ts', import.meta.url));
const START_WITHIN = 30_000;
const STOP_WITHIN = 8_000;

/** A server under test, with what it keeps its documents in. */
export class Contender {
	readonly name: string;
	readonly kind: Kind;
	port = 0;
	#folder = '';
	#door: Door | null = null;
	#world: World | null = null;
	#database: FreshDatabase | null = null;
	#child: ChildProcess | null = null;

	constructor(name: string, kind: Kind) {
		this.name = name;
		this.kind = kind;
	}

	get door(): Door {
		if (!this.#door) throw new Error(`${this.name} was not started`);
		return this.#door;
	}
	get world(): World {
		if (!this.#world) throw new Error(`${this.name} was not started`);
		return this.#world;
	}
	get pid(): number {
		return this.#child?.pid ?? 0;
	}
	/** The processes that work for it. */
	get pids(): number[] {
		return this.#database ? [this.pid, this.#database.pid] : [this.pid];
	}

	/** Starts it in a fresh world. */
	async start(world: World, nodeFlags: readonly string[] = []): Promise<void> {
		this.kind.install?.();
		this.#folder = mkdtempSync(join(tmpdir(), 'duologue-bench-'));
		this.#database = this.kind.usesDatabase ? await freshDatabase() : null;
		this.#world = world;
		this.#door = await this.kind.open(world, this.#database?.url ?? null);
		await this.#run(nodeFlags);
	}

	/** Ends the process and starts it again; what it keeps on disk stays. */
	async restart(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
		await this.#end(signal);
		await this.#run();
	}

	async stop(): Promise<void> {
		await this.#end('SIGTERM');
		await this.#database?.drop();
		this.#database = null;
		if (this.#folder !== '') rmSync(this.#folder, { recursive: true, force: true });
	}

	/** CPU seconds so far, and megabytes. */
	usage(): { server: number; database: number; resident: number } {
		return {
			server: cpuSeconds(this.pid),
			database: this.#database ? cpuSeconds(this.#database.pid) : 0,
			resident: residentMB(this.pid),
		};
	}

	/** Once its garbage is collected. */
	async memory(): Promise<{ usedMB: number; residentMB: number }> {
		const file = join(this.#folder, 'memory.json');
		rmSync(file, { force: true });
		process.kill(this.pid, 'SIGUSR2');
		for (const deadline = performance.now() + STOP_WITHIN; performance.now() < deadline;) {
			await pause(50);
			try {
				const { heapUsed, external } = JSON.parse(readFileSync(file, 'utf8')) as NodeJS.MemoryUsage;
				await pause(300); // pages go back after the collection
				return { usedMB: (heapUsed + external) / 2 ** 20, residentMB: residentMB(this.pid) };
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
			}
		}
		throw new Error(`${this.name} does not tell its memory`);
	}

	async #run(nodeFlags: readonly string[] = []): Promise<void> {
		this.port = await freePort();
		const surroundings = {
			port: this.port,
			folder: this.#folder,
			databaseUrl: this.#database?.url ?? null,
		};
		mkdirSync(RESULTS, { recursive: true });
		const log = openSync(join(RESULTS, `${this.name}.log`), 'a');
		const args = ['--expose-gc', '--import', PRELOAD, ...nodeFlags, this.kind.main];
		const child = nodeOnServerCore(args, {
			cwd: ROOT,
			env: {
				...process.env,
				...this.kind.env(surroundings),
				BENCH_MEMORY_FILE: join(this.#folder, 'memory.json'),
			},
			stdio: ['ignore', log, log],
		});
		closeSync(log);
		this.#child = child;
		const orphan = (): void => void child.kill('SIGKILL');
		process.once('exit', orphan);
		child.once('exit', () => process.off('exit', orphan));
		await listening(this.port, child).catch((error: unknown) => {
			throw new Error(`${this.name} did not start; see ${this.name}.log`, { cause: error });
		});
	}

	async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
		const child = this.#child;
		if (!child || hasEnded(child)) return;
		const ended = once(child, 'exit');
		const patience = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN);
		child.kill(signal);
		await ended;
		clearTimeout(patience);
	}
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
	exitCode !== null || signalCode !== null;

async function freePort(): Promise<number> {
	const probe = createServer().listen(0, '127.0.0.1');
	await once(probe, 'listening');
	const { port } = probe.address() as AddressInfo;
	probe.close();
	await once(probe, 'close');
	return port;
}

async function listening(port: number, child: ChildProcess): Promise<void> {
	for (const deadline = performance.now() + START_WITHIN; performance.now() < deadline;) {
		if (hasEnded(child)) throw new Error('it ended');
		const socket = connect({ port, host: '127.0.0.1' });
		const open = await new Promise<boolean>((resolve) => {
			socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
		});
		socket.destroy();
		if (open) return;
		await pause(15);
	}
	throw new Error('it does not listen');
}
