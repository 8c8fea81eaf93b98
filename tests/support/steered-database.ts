import type { Database, Queries } from '../../server/store/database.ts';

/** A real database whose commits of log rows the test holds back, or lets fail. */
export class SteeredDatabase implements Database {
	readonly engine: Database['engine'];
	/** Appends that came so far. */
	appends = 0;
	/** Appends that the database is at. */
	underWay = 0;
	/** Loads of a dialogue that came so far. */
	loads = 0;
	/** So many of the next appends fail before anything is stored. */
	failBefore = 0;
	/** So many of the next appends are stored, and their answers lost. */
	failAfter = 0;
	/** Bindings made at the door get no answer. */
	losesBindings = false;
	readonly #db: Database;
	#held: Promise<void> | null = null;
	#dead = false;
	#silent = false;

	constructor(db: Database) {
		this.#db = db;
		this.engine = db.engine;
	}

	/** Appends wait until the returned function is called. */
	hold(): () => void {
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#held = promise;
		return () => {
			this.#held = null;
			resolve();
		};
	}

	/** As when the process ends: what is being committed may yet be, nothing else is, and no answer comes. */
	die(): void {
		this.#dead = true;
	}

	async #live<T>(run: () => Promise<T>): Promise<T> {
		this.#mustLive();
		const result = await run();
		this.#mustLive();
		return result;
	}
	#mustLive(): void {
		if (this.#dead) throw new Error('the test has ended this process');
	}

	/** From now on appends are stored, and their answers do not come. */
	silence(): void {
		this.#silent = true;
	}

	query: Queries['query'] = (text, values) => this.#live(() => this.#db.query(text, values));

	prepared: Queries['prepared'] = (name, text, values) => {
		if (name === 'stored-found') this.loads++;
		if (name === 'bind-clients' && this.losesBindings) return new Promise(() => undefined);
		const run = () => this.#live(() => this.#db.prepared<never>(name, text, values));
		return name === 'log-append' ? this.#steer(run) : run();
	};

	transaction<T>(work: (tx: Queries) => Promise<T>): Promise<T> {
		return this.#steer(() => this.#live(() => this.#db.transaction((tx) => this.#live(() => work(tx)))));
	}

	async #steer<T>(run: () => Promise<T>): Promise<T> {
		this.appends++;
		await this.#held;
		if (this.failBefore > 0) {
			this.failBefore--;
			throw new Error('the test lets this append fail');
		}
		this.underWay++;
		const result = await run().finally(() => this.underWay--);
		if (this.#silent) await new Promise(() => undefined);
		if (this.failAfter > 0) {
			this.failAfter--;
			throw new Error('the test loses this answer');
		}
		return result;
	}

	close(): Promise<void> {
		return this.#db.close();
	}
}
