import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { platform } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { AttackName, Thrown } from './attacks.ts';
import type { Target } from './raw-socket.ts';

const ATTACKER = fileURLToPath(new URL('./attacker.ts', import.meta.url));

/** An attack from a process of its own, so that it costs nobody but the server. */
export class AttackProcess {
	readonly thrown: Thrown = { bytes: 0, sockets: 0 };
	readonly #child: ChildProcess;

	constructor(name: AttackName, { origin, dialogue, token }: Target) {
		const attacker = [process.execPath, ATTACKER, name, origin, String(dialogue), token];
		// Attackers have machines of their own: here they get what the others leave of the cores.
		const [command = '', ...args] = platform() === 'linux' ? ['chrt', '--idle', '0', ...attacker] : attacker;
		const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
		this.#child = child;
		createInterface({ input: child.stdout }).on('line', (line) => {
			Object.assign(this.thrown, JSON.parse(line) as Thrown);
		});
	}

	get runs(): boolean {
		return this.#child.exitCode === null;
	}

	async stop(): Promise<void> {
		if (!this.runs) return;
		const exited = once(this.#child, 'exit');
		this.#child.stdin?.end();
		await exited;
	}
}
