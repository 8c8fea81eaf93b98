import { setTimeout as pause } from 'node:timers/promises';
import type { Contender } from '../servers/contender.ts';
import { Free } from './free.ts';
import { LIVE, LiveDialogue, type Workload } from './live-dialogue.ts';
import { Tally } from './tally.ts';
import type { Anchor } from './typist.ts';
import { Wheel } from './wheel.ts';

const AT_ONCE = 16;
const PER_SECOND = 200;
const DRAIN_WITHIN = 8_000;
const SETTLE_WITHIN = 6_000;
/** Updates under way in each dialogue when a server keeps up. */
const UNDER_WAY = 8;

/** Any number of live dialogues on one server. */
export class Load {
	readonly tally = new Tally();
	readonly dialogues: LiveDialogue[] = [];
	readonly #wheel = new Wheel();
	readonly #contender: Contender;
	readonly #anchors: readonly Anchor[];
	readonly #workload: Workload;
	readonly #free: Free;

	constructor(contender: Contender, anchors: readonly Anchor[], workload = LIVE, from = 0) {
		this.#contender = contender;
		this.#anchors = anchors;
		this.#workload = workload;
		this.#free = new Free(contender.world.dialogues, from);
	}

	/** @returns what went wrong, once a dialogue. */
	async grow(to: number): Promise<string[]> {
		const errors: string[] = [];
		const began = performance.now();
		const wanted = to - this.dialogues.length;
		let started = 0;
		const opener = async (): Promise<void> => {
			while (started < wanted) {
				const early = (started++ * 1000) / PER_SECOND - (performance.now() - began);
				if (early > 0) await pause(early);
				const dialogue = new LiveDialogue(this.#contender, this.#free.take(), this.#anchors, this.tally);
				this.dialogues.push(dialogue);
				await dialogue.open(this.#wheel, this.#workload).catch((error: unknown) => {
					errors.push(error instanceof Error ? error.message : String(error));
				});
			}
		};
		await Promise.all(Array.from({ length: Math.min(AT_ONCE, wanted) }, opener));
		return errors;
	}

	/** False when the server has not caught up in time. */
	async shrink(to: number): Promise<boolean> {
		for (const dialogue of this.dialogues.splice(to)) {
			dialogue.close();
			this.#free.give(dialogue.number);
		}
		for (const deadline = performance.now() + SETTLE_WITHIN; performance.now() < deadline;) {
			await pause(250);
			if (this.missing('all') >= this.dialogues.length * UNDER_WAY) continue;
			await pause(500);
			return true;
		}
		return false;
	}

	/** Updates that somebody has not heard. */
	missing(of: 'marked' | 'all'): number {
		return this.dialogues.reduce((sum, dialogue) => sum + dialogue.missing(of), 0);
	}

	mark(): void {
		for (const dialogue of this.dialogues) dialogue.mark();
	}

	/** Stops typing and waits for what is under way. @returns how many updates are lost. */
	async drain(): Promise<number> {
		for (const dialogue of this.dialogues) dialogue.rest();
		const deadline = performance.now() + DRAIN_WITHIN;
		do await pause(200);
		while (this.missing('all') > 0 && performance.now() < deadline);
		return this.missing('all');
	}

	end(): void {
		this.#wheel.stop();
		for (const dialogue of this.dialogues) dialogue.close();
	}
}
