import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** Two processes on one data directory would silently lose data. */
export class DirectoryInUse extends Error {
	override readonly name = 'DirectoryInUse';
	constructor(dir: string) {
		super(
			`The data directory ${dir} is in use by another Duologue process. Stop that one first, or set DATA_DIR ` +
				'to another directory. (To run several servers together, give them one PostgreSQL: DATABASE_URL.)',
		);
	}
}

export type Release = () => Promise<void>;

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;

/** A socket name that only one process can hold; the kernel frees it however the process ends. Linux only. */
async function lockBySocket(dir: string): Promise<Release> {
	const server = createServer((socket) => socket.destroy());
	const name = createHash('sha256').update(dir).digest('base64url'); // a path may be too long for a name
	try {
		await once(server.listen(`\0duologue-${name}`), 'listening');
	} catch (error) {
		throw codeOf(error) === 'EADDRINUSE' ? new DirectoryInUse(dir) : error;
	}
	server.unref();
	return () => new Promise((closed) => server.close(() => closed()));
}

function alive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return codeOf(error) === 'EPERM'; // it lives, but belongs to somebody else
	}
}

/** A file beside the directory that names the process; a dead process's file is taken over. */
export function lockByFile(dir: string): Release {
	const file = `${dir}.lock`;
	const take = () => writeFileSync(file, String(process.pid), { flag: 'wx' });
	try {
		take();
	} catch (error) {
		if (codeOf(error) !== 'EEXIST') throw error;
		if (alive(Number(readFileSync(file, 'utf8')))) throw new DirectoryInUse(dir);
		rmSync(file, { force: true });
		take();
	}
	return () => Promise.resolve(rmSync(file, { force: true }));
}

/** `dir` must be a real path: two names of one directory are one lock. */
export async function lockDirectory(dir: string): Promise<Release> {
	return process.platform === 'linux' ? lockBySocket(dir) : lockByFile(dir);
}
