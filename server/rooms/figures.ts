import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What a hub is at this moment. */
export interface Census {
	peers: number;
	awake: number;
	asleep: number;
	/** Bytes that peers have sent and that are not applied. */
	waiting: number;
	/** Bytes that peers have not read. */
	unsent: number;
}

const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 15];
const ROWS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];

/** What this node measures of itself, for Prometheus. Rooms are counted by cut, not by edit: that costs nothing. */
export class Figures {
	readonly registry = new Registry();
	readonly #commit: Histogram;
	readonly #durable: Histogram;
	readonly #told: Histogram;
	readonly #rows: Histogram;
	readonly #failed: Counter;
	readonly #refused: Counter<'rule'>;

	constructor() {
		const registers = [this.registry];
		const seconds = (name: string, help: string): Histogram =>
			new Histogram({ name: `duologue_${name}_seconds`, help, buckets: SECONDS, registers });
		this.#commit = seconds('commit', 'How long a commit to the log took');
		this.#durable = seconds('edit_to_durable', 'From the oldest edit of a cut to its commit');
		this.#told = seconds('edit_to_peer', 'From the oldest edit of a cut to its being written to the peers');
		this.#rows = new Histogram({
			name: 'duologue_flush_rows',
			help: 'Rows that one commit stored',
			buckets: ROWS,
			registers,
		});
		this.#failed = new Counter({
			name: 'duologue_flush_failures_total',
			help: 'Commits to the log that failed and were tried again, or given up',
			registers,
		});
		this.#refused = new Counter({
			name: 'duologue_refused_updates_total',
			help: 'Updates that the gate refused, by rule',
			labelNames: ['rule'],
			registers,
		});
	}

	/** Times in milliseconds. */
	committed(took: number, rows: number): void {
		this.#commit.observe(took / 1000);
		this.#rows.observe(rows);
	}
	durable(since: number): void {
		this.#durable.observe((performance.now() - since) / 1000);
	}
	told(since: number): void {
		this.#told.observe((performance.now() - since) / 1000);
	}
	failed(): void {
		this.#failed.inc();
	}
	refused(rule: string): void {
		this.#refused.inc({ rule });
	}

	/** Counts the hub whenever the figures are read. */
	countFrom(census: () => Census): void {
		const gauge = (name: string, help: string, value: (now: Census) => number): void => {
			new Gauge({
				name: `duologue_${name}`,
				help,
				registers: [this.registry],
				collect() {
					this.set(value(census()));
				},
			});
		};
		gauge('peers', 'Open sockets in rooms', ({ peers }) => peers);
		gauge('rooms_awake', 'Dialogues in memory whose document is awake', ({ awake }) => awake);
		gauge('rooms_asleep', 'Dialogues in memory as their encoding alone', ({ asleep }) => asleep);
		gauge('waiting_bytes', 'Bytes of updates that wait to be applied', ({ waiting }) => waiting);
		gauge('unsent_bytes', 'Bytes that peers have not read yet', ({ unsent }) => unsent);
	}

	/** Measures, in bytes or rows, of what is stored; asked for at most once a minute. */
	sizesFrom(sizes: () => Promise<object>): void {
		let known: object = {};
		let asked = -Infinity;
		const size = new Gauge({
			name: 'duologue_stored',
			help: 'What the log takes: rows and bytes of the log, bytes of archive and snapshots',
			labelNames: ['what'],
			registers: [this.registry],
			async collect() {
				if (performance.now() - asked > 60_000) {
					asked = performance.now();
					known = await sizes().catch(() => known);
				}
				for (const [what, value] of Object.entries(known)) size.set({ what }, Number(value));
			},
		});
	}
}
