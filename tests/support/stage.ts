import type { Browser, BrowserContextOptions, Page } from '@playwright/test';
import type { Role } from '#lib/document/workflow.ts';
import { ApiClient } from './api-client.ts';
import { startStandIn, type StandIn, type StandInOptions } from './openai-stand-in.ts';
import { signedIn, Workspace, type Account } from './pages.ts';
import { RunningServer } from './running-server.ts';

/** Who plays where nothing else is said. */
const CAST: Record<string, Role> = { ann: 'annotator', rev: 'reviewer', lea: 'lead' };

interface Play<Name extends string> {
	/** What its bot says; without, the practice bot plays. */
	bot?: StandInOptions;
	model?: string;
	cast?: Record<Name, Role>;
}

/** A server, its bot and its people, each of whom can be had in browsers of their own. */
export class Stage<Name extends string = 'ann' | 'rev' | 'lea'> {
	readonly #browser: Browser;
	readonly #bot: StandIn | null;
	readonly server: RunningServer;
	readonly #accounts = new Map<Name, Account>();

	private constructor(browser: Browser, bot: StandIn | null, server: RunningServer) {
		this.#browser = browser;
		this.#bot = bot;
		this.server = server;
	}

	static async set<Name extends string = 'ann' | 'rev' | 'lea'>(
		browser: Browser,
		{ bot, model = 'qwen3-8b', cast = CAST }: Play<Name> = {},
	): Promise<Stage<Name>> {
		const standIn = bot ? await startStandIn(bot) : null;
		const server = await RunningServer.start(
			standIn ? { env: { BOT_BASE_URL: standIn.url, BOT_MODEL: model } } : {},
		);
		const stage = new Stage<Name>(browser, standIn, server);
		for (const name of Object.keys(cast) as Name[]) {
			const email = `${name}@example.org`;
			stage.#accounts.set(name, { email, ...(await server.person(email, cast[name])) });
		}
		return stage;
	}

	/** Closes every page too: left open they would call for their server, and slow down all that comes after. */
	async strike(): Promise<void> {
		await Promise.all(this.#browser.contexts().map((context) => context.close()));
		await this.server.stop();
		await this.#bot?.close();
	}

	get origin(): string {
		return this.server.origin;
	}
	get bot(): StandIn {
		if (!this.#bot) throw new Error('the practice bot plays');
		return this.#bot;
	}
	account(name: Name): Account {
		const account = this.#accounts.get(name);
		if (!account) throw new Error(`nobody is called ${name}`);
		return account;
	}
	api(name: Name): ApiClient {
		return new ApiClient(this.origin, this.account(name).token);
	}

	/** Somebody in one more browser, signed in. */
	enter(name: Name, options?: BrowserContextOptions): Promise<Page> {
		return signedIn(this.#browser, this.server, this.account(name), options);
	}

	async workspace(name: Name): Promise<Workspace> {
		return new Workspace(await this.enter(name));
	}
	/** Of all who are called. */
	async workspaces<const Names extends readonly Name[]>(
		...names: Names
	): Promise<{ [I in keyof Names]: Workspace }> {
		const all = await Promise.all(names.map((name) => this.workspace(name)));
		return all as { [I in keyof Names]: Workspace };
	}
}
