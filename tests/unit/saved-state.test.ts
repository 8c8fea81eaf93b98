import { describe, expect, test } from 'vitest';
import {
	after,
	savedOf,
	statusOf,
	UNCONNECTED,
	unsent,
	type SavedEvent,
	type SavedState,
} from '../../src/lib/live/saved-state.ts';
import { random } from '../support/random.ts';

const edited: SavedEvent = { kind: 'edited' };
const opened: SavedEvent = { kind: 'opened' };
const synced: SavedEvent = { kind: 'synced' };
const lost: SavedEvent = { kind: 'lost' };
const greeting: SavedEvent = { kind: 'sent', carries: 'nothing' };
const step2: SavedEvent = { kind: 'sent', carries: 'step 2' };
const update: SavedEvent = { kind: 'sent', carries: 'update' };
const durable = (frames: number): SavedEvent => ({ kind: 'durable', frames });
const closed: SavedEvent = { kind: 'closed', code: 4401, reason: 'signed out' };

/** Step 1, presence, step 2: what y-websocket sends before anything typed. */
const JOINING = [opened, greeting, greeting, step2, synced];
const run = (...events: SavedEvent[]): SavedState => events.reduce(after, UNCONNECTED);

describe('what may be called saved', () => {
	test('[LIVE-1] an edit is saved once its frame is durable, not when it is sent', () => {
		const sent = run(...JOINING, durable(3), edited, update);
		expect(savedOf(sent)).toBe('saving');
		expect(savedOf(after(sent, durable(3)))).toBe('saving');
		expect(savedOf(after(sent, durable(4)))).toBe('saved');
	});

	test('[LIVE-1] a later frame that saves nothing is not waited for', () => {
		expect(savedOf(run(...JOINING, edited, update, greeting, durable(4)))).toBe('saved');
	});

	test('[LIVE-2] an edit sent before the step 2 is saved by the step 2 only', () => {
		const early = run(opened, greeting, edited, update, durable(2));
		expect(savedOf(early)).toBe('saving');
		expect(savedOf([step2, durable(3)].reduce(after, early))).toBe('saved');
	});

	test('[LIVE-3] an edit that found no open socket is saved by no older frame', () => {
		const closing = run(...JOINING, edited, update, edited, durable(4));
		expect(unsent(closing)).toBe(1);
		expect(savedOf(closing)).toBe('saving');
	});

	test('[LIVE-3] acks count on their own socket only', () => {
		const again = run(...JOINING, edited, update, lost, opened, durable(4));
		expect(unsent(again)).toBe(1);
		expect(unsent([greeting, step2, durable(2)].reduce(after, again))).toBe(0);
	});

	test('[LIVE-4] offline from the loss to the next sync, with the number of changes kept here', () => {
		const away = run(...JOINING, edited, update, durable(4), lost, edited, edited);
		expect(statusOf(away)).toEqual({ kind: 'offline', unsent: 2 });
		expect(savedOf(away)).toBe('offline');
		const back = [opened, greeting, step2].reduce(after, away);
		expect(statusOf(back)).toEqual({ kind: 'offline', unsent: 2 });
		expect(statusOf(after(back, synced))).toEqual({ kind: 'live' });
		expect(savedOf(after(back, synced))).toBe('saving');
		expect(savedOf([synced, durable(2)].reduce(after, back))).toBe('saved');
	});

	test('[LIVE-4] a server that was never reached is offline, not saved', () => {
		expect(statusOf(run(opened, lost))).toEqual({ kind: 'offline', unsent: 0 });
		expect(savedOf(run(opened, lost))).toBe('offline');
	});

	test('[LIVE-5] closed for good: failed if something is unsent, and nothing brings it back', () => {
		expect(savedOf(run(...JOINING, closed))).toBe('saved');
		const failed = run(...JOINING, edited, update, closed);
		expect(savedOf(failed)).toBe('failed');
		for (const event of [opened, synced, lost, durable(9), update]) {
			expect(statusOf(after(failed, event))).toEqual({ kind: 'closed', code: 4401, reason: 'signed out' });
		}
		expect(savedOf(after(run(closed), edited))).toBe('failed');
	});
});

/** A server behind a socket that may die at any moment, and what is on its disk. */
class Simulation {
	state: SavedState = UNCONNECTED;
	readonly disk = new Set<number>();
	edits = 0;
	#frames: { carries: number[] }[] = [];
	#received = 0;
	#stored = 0;
	#open = false;
	#answered = false;

	#on(event: SavedEvent): void {
		this.state = after(this.state, event);
	}
	#send(event: SavedEvent, carries: number[]): void {
		this.#frames.push({ carries });
		this.#on(event);
	}
	#all(): number[] {
		return Array.from({ length: this.edits }, (_, edit) => edit);
	}
	readonly steps = {
		edit: () => {
			this.edits += 1;
			this.#on(edited);
			if (this.#open) this.#send(update, this.#answered ? [this.edits - 1] : []); // dropped before the step 2
		},
		greet: () => this.#open && this.#send(greeting, []),
		open: () => {
			this.#frames = [];
			this.#received = this.#stored = 0;
			this.#open = true;
			this.#answered = false;
			this.#on(opened);
		},
		answer: () => {
			if (!this.#open || this.#answered) return;
			this.#answered = true;
			this.#send(step2, this.#all());
			this.#on(synced);
		},
		receive: () => (this.#received = Math.min(this.#frames.length, this.#received + 1)),
		store: () => {
			for (const { carries } of this.#frames.slice(this.#stored, this.#received)) {
				for (const edit of carries) this.disk.add(edit);
			}
			this.#stored = this.#received;
		},
		ack: () => this.#open && this.#on(durable(this.#stored)),
		/** No more is sent, but what is under way may still arrive and be acked. */
		close: () => (this.#open = false),
		lose: () => {
			this.#open = false;
			this.#frames = [];
			this.#received = this.#stored = 0;
			this.#on(lost);
		},
	};
}

test.each([7, 20261, Date.now() % 1e9])(
	'[LIVE-1] saved is never said too early, and always in the end (seed %i)',
	(seed) => {
		const dice = random(seed);
		for (let round = 0; round < 200; round++) {
			const world = new Simulation();
			const names = Object.keys(world.steps) as (keyof Simulation['steps'])[];
			for (let step = dice.int(60); step > 0; step--) {
				world.steps[dice.pick([...names, 'edit', 'edit', 'receive', 'receive', 'store', 'ack'] as const)]();
				for (let edit = 0; edit < world.state.durable; edit++) expect(world.disk).toContain(edit);
				if (savedOf(world.state) === 'saved') expect(world.disk.size).toBe(world.edits);
			}
			const { steps } = world;
			for (const step of [steps.lose, steps.open, steps.answer, steps.receive, steps.store, steps.ack])
				step();
			expect(savedOf(world.state)).toBe('saved');
			expect(world.disk.size).toBe(world.edits);
		}
	},
);
