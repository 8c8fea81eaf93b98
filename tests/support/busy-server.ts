import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { draftOf } from '#lib/document/roots.ts';
import { ApiClient } from './api-client.ts';
import type { Ground } from './databases.ts';
import type { Ledger } from './ledger.ts';
import { until } from './rooms.ts';
import { RunningServer } from './running-server.ts';
import { replayed, storedRows } from './stored-rows.ts';
import { faultsIn, Typist } from './typist.ts';

interface Table {
	dialogue: number;
	/** Everyone who ever wrote here. */
	all: Typist[];
	/** Those of them who are here. */
	here: Set<Typist>;
}

/** A real server with two dialogues, in each of which an annotator and a reviewer write. */
export class BusyServer {
	readonly server: RunningServer;
	readonly tables: Table[];
	readonly #ground: Ground;
	readonly annotator: ApiClient;
	readonly #tokens: readonly string[];
	/** How many updates had been called saved, were sent to peers, and lay on disk, when it was last checked. */
	checked = { times: 0, promised: 0, told: 0, stored: 0 };
	#names = 0;

	private constructor(ground: Ground, server: RunningServer, tokens: string[], dialogues: number[]) {
		this.#ground = ground;
		this.server = server;
		this.#tokens = tokens;
		this.annotator = new ApiClient(server.origin, tokens[0] ?? '');
		this.tables = dialogues.map((dialogue) => ({ dialogue, all: [], here: new Set() }));
		for (const table of this.tables) for (const who of [0, 1]) this.enter(table, who);
	}

	static async start(ground: Ground): Promise<BusyServer> {
		const server = await RunningServer.start(ground);
		const roles = ['annotator', 'reviewer'] as const;
		const people = await Promise.all(roles.map((role) => server.person(`${role}@example.org`, role)));
		const tokens = people.map(({ token }) => token);
		const api = new ApiClient(server.origin, tokens[0] ?? '');
		const { items } = await api.ok<{ items: { id: number }[] }>('GET', '/topics');
		const opened = items
			.slice(0, 2)
			.map(({ id: topicId }) => api.ok<{ id: number }>('POST', '/dialogues', { topicId }));
		return new BusyServer(
			ground,
			server,
			tokens,
			(await Promise.all(opened)).map(({ id }) => id),
		);
	}

	/** `who`: 0 the annotator, 1 the reviewer, in one more tab. */
	enter(table: Table, who: number): Typist {
		const name = `t${this.#names++}w`;
		const typist = new Typist(this.server.origin, table.dialogue, this.#tokens[who % 2] ?? '', name);
		table.all.push(typist);
		table.here.add(typist);
		return typist;
	}

	/** For good: nobody brings again what these had. */
	async leave(typists: readonly Typist[]): Promise<void> {
		for (const typist of typists) await typist.leave();
		for (const { here } of this.tables) for (const typist of typists) here.delete(typist);
	}

	get here(): Typist[] {
		return this.tables.flatMap(({ here }) => [...here]);
	}

	/** How many updates have been called saved. */
	get promised(): number {
		return this.#count('promised');
	}

	#count(what: keyof Ledger['counts']): number {
		return this.tables.flatMap(({ all }) => all).reduce((sum, { ledger }) => sum + ledger.counts[what], 0);
	}

	async write(ms: number): Promise<void> {
		await until(() => this.here.every((one) => one.settled));
		for (const one of this.here) one.begin();
		await pause(ms);
	}

	/** What is on disk holds what anybody may count on, and nothing twice. */
	async checkDisk(): Promise<void> {
		const stored = await storedRows(
			this.#ground,
			this.tables.map(({ dialogue }) => dialogue),
		);
		const { times } = this.checked;
		this.checked = { times: times + 1, promised: this.promised, told: this.#count('told'), stored: 0 };
		for (const [index, { all }] of this.tables.entries()) {
			const { doc, updates, repeated } = replayed(stored[index] ?? []);
			this.checked.stored += updates;
			expect(all.flatMap(({ ledger }) => ledger.lackingIn(doc))).toEqual([]);
			expect(faultsIn(draftOf(doc).toJSON(), all)).toEqual([]);
			expect(repeated).toBe(0);
		}
	}

	/** Everybody stops; then all of it is saved, all copies agree, and so does that of somebody who comes new. */
	async settle(): Promise<void> {
		for (const table of this.tables) {
			for (const one of table.here) await one.end();
			const late = this.enter(table, 0);
			const { here, all } = table;
			await until(() => [...here].every((one) => one.settled && one.text === late.text));
			await this.leave([late]);
			expect(all.flatMap(({ ledger }) => ledger.lackingIn(late.doc))).toEqual([]);
			expect(faultsIn(late.text, all)).toEqual([]);
		}
	}

	async close(): Promise<void> {
		await this.leave(this.here);
		await this.server.kill();
	}
}
