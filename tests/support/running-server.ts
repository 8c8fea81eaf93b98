import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Role } from '#lib/document/workflow.ts';
import { askServer, serverOf } from '../../server/cli/ask-server.ts';
import type { AdministrationRequest } from '../../server/workflow/administration.ts';
import { embeddedDirectory } from './embedded-directory.ts';
import { runDirectory } from './run-directory.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface ServerOptions {
	/** Empty: the embedded database. */
	databaseUrl?: string;
	/** Kept afterwards when given. */
	dataDir?: string;
	args?: string[];
	env?: Record<string, string>;
}

/** The built product as a process of its own, as people run it. */
export class RunningServer {
	readonly origin: string;
	readonly dataDir: string;
	/** Everything it printed. */
	output = '';
	readonly #options: ServerOptions;
	readonly #port: number;
	readonly #ownsData: boolean;
	#child: ChildProcess | null = null;

	private constructor(options: ServerOptions, port: number, dataDir: string) {
		this.#options = options;
		this.#port = port;
		this.#ownsData = options.dataDir === undefined;
		this.dataDir = dataDir;
		this.origin = `http://127.0.0.1:${port}`;
	}

	static async start(options: ServerOptions = {}): Promise<RunningServer> {
		const dataDir = options.dataDir ?? (await freshDataDir(options));
		const server = new RunningServer(options, await freePort(), dataDir);
		await server.run();
		return server;
	}

	get pid(): number {
		if (this.#child?.pid === undefined) throw new Error('the server does not run');
		return this.#child.pid;
	}
	/** It has not ended, by itself or otherwise. */
	get runs(): boolean {
		return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
	}

	/** Starts the process and waits until it answers on /readyz. */
	async run(): Promise<void> {
		const child = spawn(process.execPath, ['server/main.ts', ...(this.#options.args ?? [])], {
			cwd: ROOT,
			env: this.#env(),
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		this.#child = child;
		for (const stream of [child.stdout, child.stderr])
			stream?.setEncoding('utf8').on('data', (chunk: string) => (this.output += chunk));
		for (;;) {
			if (child.exitCode !== null) throw new Error(`The server did not start:\n${this.output}`);
			const ready = await fetch(`${this.origin}/readyz`).catch(() => null);
			if (ready?.ok) return;
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	}

	/** The first link of a kind that it printed. */
	async link(kind: 'welcome' | 'enter', nth = 0): Promise<string> {
		for (;;) {
			const found = [...this.output.matchAll(new RegExp(`${this.origin}/${kind}/\\S+`, 'g'))][nth];
			if (found) return found[0];
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	}

	/** Runs an administrator's command line; rejects with what it said when it fails. */
	async admin(args: string[], stdin = ''): Promise<string> {
		const child = spawn(process.execPath, ['server/cli/admin.ts', ...args], { cwd: ROOT, env: this.#env() });
		child.stdin.end(stdin);
		const [out, problem, [code]] = await Promise.all([
			text(child.stdout),
			text(child.stderr),
			once(child, 'exit') as Promise<[number]>,
		]);
		if (code !== 0) throw new Error(problem);
		return out;
	}

	/** Does what an administrator's command line asks of it; answers what goes to standard output. */
	async #administer(request: AdministrationRequest): Promise<string> {
		let socket = await serverOf(this.dataDir);
		while (socket === null) {
			if (!this.runs) throw new Error(`The server does not run:\n${this.output}`);
			await new Promise((resolve) => setTimeout(resolve, 50));
			socket = await serverOf(this.dataDir);
		}
		let out = '';
		for await (const said of askServer(socket, request)) out += said;
		socket.destroy();
		return out.trim();
	}

	/** An account and a bearer token for it. */
	async person(email: string, role: Role): Promise<{ token: string; password: string }> {
		const password = `correct horse ${email}`;
		const name = email.split('@')[0] ?? email;
		await this.#administer({ command: 'user add', email, name, role, owner: false, password });
		return { token: await this.#administer({ command: 'token create', email, name: 'test' }), password };
	}

	/** Stops its clock: it does nothing until `thaw`. */
	freeze(): void {
		process.kill(this.pid, 'SIGSTOP');
	}
	thaw(): void {
		process.kill(this.pid, 'SIGCONT');
	}

	/** Like a crash: nothing is flushed. */
	async kill(): Promise<void> {
		await this.#end('SIGKILL');
	}

	/** As an operator does; answers the exit code. */
	async terminate(): Promise<number | null> {
		return this.#end('SIGTERM');
	}

	/** Ends it and removes what it kept. */
	async stop(): Promise<void> {
		await this.#end('SIGTERM');
		if (this.#ownsData) await rm(this.dataDir, { recursive: true, force: true });
	}

	async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
		const child = this.#child;
		if (!child || !this.runs) return child?.exitCode ?? null;
		const exited = once(child, 'exit');
		child.kill(signal);
		await exited;
		return child.exitCode;
	}

	/** Nothing that configures the product comes from whoever runs the tests: no database or bot of theirs. */
	#env(): NodeJS.ProcessEnv {
		const { PATH, HOME, TMPDIR, NODE_OPTIONS } = process.env;
		return {
			...{ PATH, HOME, TMPDIR, NODE_OPTIONS },
			PORT: String(this.#port),
			DATA_DIR: this.dataDir,
			DATABASE_URL: this.#options.databaseUrl ?? '',
			LOG_LEVEL: 'warn',
			...this.#options.env,
		};
	}
}

/** In a run of the tests with a database in it in which nobody was yet, unless it is PostgreSQL's; else empty. */
async function freshDataDir({ databaseUrl }: ServerOptions): Promise<string> {
	if (databaseUrl || runDirectory() === null) return mkdtemp(join(tmpdir(), 'duologue-'));
	return (await embeddedDirectory('migrated')).dir;
}

async function freePort(): Promise<number> {
	const probe = createServer().listen(0, '127.0.0.1');
	await once(probe, 'listening');
	const { port } = probe.address() as AddressInfo;
	probe.close();
	await once(probe, 'close');
	return port;
}
