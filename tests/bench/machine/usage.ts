/** What processes and the machine have used, from /proc. Times are seconds since they began. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const TICKS_PER_SECOND = 100;

interface Process {
	parent: number;
	cpu: number;
	/** Of children that have ended. */
	ended: number;
}

function processes(): Map<number, Process> {
	const all = new Map<number, Process>();
	for (const name of readdirSync('/proc')) {
		if (!/^\d+$/.test(name)) continue;
		try {
			const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
			// The command stands in brackets, and may hold spaces and brackets itself.
			const fields = stat
				.slice(stat.lastIndexOf(')') + 2)
				.split(' ')
				.map(Number);
			const [, parent = 0] = fields;
			const ticks = (at: number): number => (fields[at] ?? 0) / TICKS_PER_SECOND;
			all.set(Number(name), { parent, cpu: ticks(11) + ticks(12), ended: ticks(13) + ticks(14) });
		} catch {
			continue; // it has ended
		}
	}
	return all;
}

/** Of a process and everything below it. */
export function cpuSeconds(root: number): number {
	const all = processes();
	let sum = 0;
	for (const [pid, { cpu, ended }] of all) {
		let at: number | undefined = pid;
		while (at !== undefined && at !== 0 && at !== root) at = all.get(at)?.parent;
		if (at === root) sum += cpu + ended;
	}
	return sum;
}

export function residentMB(pid: number): number {
	const status = readFileSync(`/proc/${pid}/status`, 'latin1');
	return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

/** All processes of the machine together. */
export function machineSeconds(): number {
	const [, user = 0, nice = 0, system = 0] = (readFileSync('/proc/stat', 'latin1').split('\n')[0] ?? '')
		.split(/\s+/)
		.map(Number);
	return (user + nice + system) / TICKS_PER_SECOND;
}

export function ownSeconds(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1e6;
}

/** Waits until everybody else, `ours` aside, takes less than `limit` percent of one core; not for longer than `patience`. */
export async function quiet(
	ours: readonly number[] = [],
	{ limit = 20, patience = 20_000 } = {},
): Promise<void> {
	const foreign = (): number =>
		machineSeconds() - ownSeconds() - ours.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
	const deadline = performance.now() + patience;
	while (performance.now() < deadline) {
		const before = foreign();
		const from = performance.now();
		await pause(500);
		const percent = ((foreign() - before) * 100_000) / (performance.now() - from);
		if (percent < limit) return;
	}
}
