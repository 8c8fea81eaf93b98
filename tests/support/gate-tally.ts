/** What a run of updates through the gate came to, and what it took. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'vitest';
import { Refusal } from '../../server/gate/refusal.ts';
import type { Inspection } from '../../server/gate/inspect-update.ts';
import type { Handing, World } from './gate-world.ts';

/** `npm run test:gate` asks for the long form: hundreds of thousands of updates, minutes of work. */
export const LONG = process.env['GATE'] === 'long';

/** For one seed. */
export const PATIENCE = LONG ? 3_600_000 : 60_000;

/** The pinned ones, and fresh ones: one, or as many as the long form wants. */
export function seeds(pinned: readonly number[], long: number): number[] {
	const fresh = Date.now() % 1e9;
	const more = LONG ? Math.max(1, long - pinned.length) : 1;
	return [...pinned, ...Array.from({ length: more }, (_, n) => fresh + n * 1000)];
}

/** Beyond what a run begins with, once garbage is collected; a run of any length stays far below it. */
const HEAP_MAY_GROW = 96 << 20;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heap(): number {
	collect();
	return process.memoryUsage().heapUsed;
}

/** Milliseconds of processor time: the machine may be busy with other things. */
function worked(): number {
	const { user, system } = process.threadCpuUsage();
	return (user + system) / 1000;
}

interface Slowest {
	ms: number;
	bytes: number;
	where: string;
}

/** Counts over all runs of a file, for its closing lines. */
export class Tally {
	readonly #what: string;
	#updates = 0;
	#accepted = 0;
	#nothing = 0;
	#concurrent = 0;
	readonly #refused = new Map<string, number>();
	#inspect: Slowest = { ms: 0, bytes: 0, where: '' };
	#receive: Slowest = { ms: 0, bytes: 0, where: '' };
	#steps = { steps: 0, bytes: 0 };
	#grown = 0;

	constructor(what: string) {
		this.#what = what;
	}

	/** Runs `run`, and sees to it that it leaves no more in memory than it may. */
	bounded(run: () => void): void {
		const before = heap();
		run();
		const grown = heap() - before;
		this.#grown = Math.max(this.#grown, grown);
		expect(grown).toBeLessThan(HEAP_MAY_GROW);
	}

	/**
	 * Inspects, sees that this changed nothing, and hands in. Throws what the gate throws; anything but a Refusal
	 * comes as an error that says `where`.
	 */
	receive(world: World, user: string, update: Uint8Array, where: string, how: Handing = {}): Inspection {
		this.#updates++;
		let transactions = 0;
		const count = (): void => void transactions++;
		world.doc.on('beforeTransaction', count);
		const began = worked();
		try {
			world.gate.inspect(update, world.senderOf(user), how.carrier ?? 'step 2');
			const inspected = worked();
			this.#inspect = slower(this.#inspect, inspected - began, update, where);
			expect(transactions, where).toBe(0);
			const inspection = world.receive(user, update, how);
			this.#receive = slower(this.#receive, worked() - inspected, update, where);
			if (inspection.apply === null) this.#nothing++;
			else this.#accepted++;
			if (inspection.concurrent) this.#concurrent++;
			expect(transactions, where).toBe(inspection.apply === null ? 0 : 1);
			return inspection;
		} catch (error) {
			if (!(error instanceof Refusal)) throw new Error(where, { cause: error });
			this.#inspect = slower(this.#inspect, worked() - began, update, where);
			this.#refused.set(error.code, (this.#refused.get(error.code) ?? 0) + 1);
			expect(transactions, where).toBe(0);
			throw error;
		} finally {
			const { steps } = world.gate;
			if (steps > this.#steps.steps) this.#steps = { steps, bytes: update.length };
			world.doc.off('beforeTransaction', count);
		}
	}

	get rules(): number {
		return this.#refused.size;
	}

	/** The closing lines of the long form. */
	tell(): void {
		if (!LONG) return;
		const refused = [...this.#refused].sort(([, a], [, b]) => b - a);
		const all = refused.reduce((sum, [, n]) => sum + n, 0);
		const slowest = ({ ms, bytes, where }: Slowest): string =>
			`${ms.toFixed(1)} ms of a core for ${bytes} bytes (${where.slice(0, 80)})`;
		console.log(
			[
				`${this.#what}: ${this.#updates} updates, ${this.#accepted} accepted (${this.#concurrent} concurrent), ${this.#nothing} without effect, ${all} refused`,
				`  refused by rule: ${refused.map(([code, n]) => `${code} ${n}`).join(', ') || 'none'}`,
				`  slowest to inspect or refuse: ${slowest(this.#inspect)}`,
				`  slowest to rehearse and apply: ${slowest(this.#receive)}`,
				`  most steps: ${this.#steps.steps} for ${this.#steps.bytes} bytes`,
				`  heap grew by at most ${(this.#grown / 2 ** 20).toFixed(1)} MiB in one run`,
			].join('\n'),
		);
	}
}

function slower(slowest: Slowest, ms: number, { length }: Uint8Array, where: string): Slowest {
	return ms > slowest.ms ? { ms, bytes: length, where } : slowest;
}
