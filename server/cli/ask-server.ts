import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { adminSocketPath, type AdminLine } from '../http/admin-socket.ts';
import type { AdministrationRequest } from '../workflow/administration.ts';

/** A connection to the server that owns this directory's embedded database, or null when none runs. */
export function serverOf(dataDir: string): Promise<Socket | null> {
	return new Promise((resolve) => {
		const socket = connect(adminSocketPath(dataDir));
		socket.once('connect', () => resolve(socket)).once('error', () => resolve(null));
	});
}

/** Yields what goes to standard output, returns what goes to standard error. */
export async function* askServer(
	socket: Socket,
	request: AdministrationRequest,
): AsyncGenerator<string, string, undefined> {
	socket.write(`${JSON.stringify(request)}\n`);
	for await (const line of createInterface({ input: socket })) {
		const answer = JSON.parse(line) as AdminLine;
		if ('failed' in answer) throw new Error(answer.failed);
		if ('done' in answer) return answer.done;
		yield answer.out;
	}
	throw new Error('The server went away before it answered');
}
