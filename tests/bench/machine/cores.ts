import { execFileSync, spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';

/** Servers and their database share one core; who loads them has another. */
const SERVER_CORE = '0';
const GENERATOR_CORE = '1';

const move = (core: string): void => {
	execFileSync('taskset', ['-apc', core, String(process.pid)], { stdio: 'pipe' });
};

export function stayOnGeneratorCore(): void {
	move(GENERATOR_CORE);
}

/** What `work` starts inherits the servers' core. Nothing else may start a process meanwhile. */
export async function onServerCore<T>(work: () => Promise<T>): Promise<T> {
	move(SERVER_CORE);
	try {
		return await work();
	} finally {
		move(GENERATOR_CORE);
	}
}

/** What `work` starts may use every core: a browser, as the people have it who come with one. */
export async function onAllCores<T>(work: () => Promise<T>): Promise<T> {
	move(`${SERVER_CORE},${GENERATOR_CORE}`);
	try {
		return await work();
	} finally {
		move(GENERATOR_CORE);
	}
}

/** A Node process of its own on the servers' core; its pid is the child's. */
export function nodeOnServerCore(args: readonly string[], options: SpawnOptions): ChildProcess {
	return spawn('taskset', ['-c', SERVER_CORE, process.execPath, ...args], options);
}
