import { createHash } from 'node:crypto';
import { chmod, mkdir, rm, stat } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { administer, administrationRequest } from '../workflow/administration.ts';
import type { Services } from '../services.ts';

/** One line of the answer: something for standard output, or how it ended. */
export type AdminLine = { out: string } | { done: string } | { failed: string };

/** The longest path that a unix socket may have, with room to spare. */
const LONGEST_PATH = 100;

/**
 * Where a server listens for its administrator. The embedded database has one owner, the running server: so the
 * command line asks it. Whoever may open this file may read the data beside it.
 */
export function adminSocketPath(dataDir: string): string {
	const beside = join(resolve(dataDir), 'admin.sock');
	if (Buffer.byteLength(beside) <= LONGEST_PATH) return beside;
	const name = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 16);
	return join(tmpdir(), `duologue-${name}`, 'admin.sock');
}

/** Listens for one request a connection: a line of JSON in, lines of AdminLine out. */
export async function listenForAdministration(services: Services): Promise<Server> {
	const path = adminSocketPath(services.config.DATA_DIR);
	const folder = dirname(path);
	await mkdir(folder, { recursive: true, mode: 0o700 });
	if (process.getuid && (await stat(folder)).uid !== process.getuid())
		throw new Error(`${folder} belongs to somebody else: the administrator's socket cannot stand there`);
	await rm(path, { force: true }); // of a server that was killed: the directory's lock is ours by now
	const server = createServer((socket) => {
		socket.on('error', () => socket.destroy());
		const lines = createInterface({ input: socket });
		lines.on('error', () => undefined); // the socket's, told again: unheard, it would end the server
		lines.once('line', (line) => void serve(services, socket, line));
	});
	await new Promise<void>((done, fail) => server.once('error', fail).listen(path, done));
	await chmod(path, 0o600);
	return server;
}

async function serve(services: Services, socket: Socket, line: string): Promise<void> {
	const tell = async (answer: AdminLine): Promise<void> => {
		if (socket.write(`${JSON.stringify(answer)}\n`)) return;
		await new Promise((resolve) => socket.once('drain', resolve).once('close', resolve));
	};
	try {
		const work = administer(services, administrationRequest.parse(JSON.parse(line)));
		for (;;) {
			const step = await work.next();
			await tell(step.done ? { done: step.value } : { out: step.value });
			if (step.done || socket.destroyed) break;
		}
	} catch (error) {
		await tell({ failed: error instanceof Error ? error.message : String(error) });
	}
	socket.end();
}
