import { chromium as driver, type Browser, type Page } from '@playwright/test';
import { answered, ApiClient, type ApiDialogue } from '../support/api-client.ts';
import { chromium } from '../support/chromium.ts';
import { startStandIn, type StandIn, type StandInOptions } from '../support/openai-stand-in.ts';
import { signedIn, Workspace, type Account } from '../support/pages.ts';
import { RunningServer } from '../support/running-server.ts';
import { ANSWERS, OTHER_ANSWERS, type Language } from './said.ts';

export interface Look {
	locale: Language;
	theme: 'light' | 'dark';
	width?: number;
}

const PEOPLE = { Li: 'annotator', Ana: 'reviewer', Wu: 'lead' } as const;
export type Name = keyof typeof PEOPLE;

/** A server with two bots and three people, each of whom can be had in a browser of their own. */
export class Stage {
	readonly #browser: Browser;
	readonly server: RunningServer;
	readonly #bots: readonly StandIn[];
	readonly #pace: readonly StandInOptions[];
	readonly #accounts = new Map<Name, Account>();

	private constructor(
		browser: Browser,
		server: RunningServer,
		bots: readonly StandIn[],
		pace: readonly StandInOptions[],
	) {
		this.#browser = browser;
		this.server = server;
		this.#bots = bots;
		this.#pace = pace;
	}

	static async set(): Promise<Stage> {
		const pace = [ANSWERS, OTHER_ANSWERS].map((answers): StandInOptions => ({
			answers,
			chunk: 6,
			delayMs: 0,
		}));
		const bots = await Promise.all(pace.map(startStandIn));
		const server = await RunningServer.start({
			env: { BOT_BASE_URL: bots[0]?.url ?? '', BOT_MODEL: 'qwen3-8b' },
		});
		const stage = new Stage(await driver.launch(chromium()), server, bots, pace);
		for (const [name, role] of Object.entries(PEOPLE)) {
			const email = `${name}@example.org`;
			stage.#accounts.set(name as Name, { email, ...(await server.person(email, role)) });
		}
		return stage;
	}

	async strike(): Promise<void> {
		await this.#browser.close();
		await this.server.stop();
		await Promise.all(this.#bots.map((bot) => bot.close()));
	}

	/** How fast the bots write. */
	pace(delayMs: number): void {
		for (const options of this.#pace) options.delayMs = delayMs;
	}

	#account(name: Name): Account {
		const account = this.#accounts.get(name);
		if (!account) throw new Error(`nobody is called ${name}`);
		return account;
	}

	api(name: Name): ApiClient {
		return new ApiClient(this.server.origin, this.#account(name).token);
	}

	async enter(name: Name, { locale, theme, width = 1280 }: Look): Promise<Page> {
		const page = await signedIn(this.#browser, this.server, this.#account(name), {
			viewport: { width, height: 800 },
			reducedMotion: 'reduce',
		});
		const url = this.server.origin;
		await page
			.context()
			.addCookies(Object.entries({ locale, theme }).map(([name, value]) => ({ name, value, url })));
		return page;
	}

	async open(name: Name, id: number, look: Look): Promise<Workspace> {
		const workspace = new Workspace(await this.enter(name, look));
		await workspace.open(id);
		return workspace;
	}

	/** A dialogue of Li's in which these prompts have been answered. */
	async asked(language: Language, prompts: readonly string[]): Promise<number> {
		const api = this.api('Li');
		const { items } = await api.ok<{ items: { id: number; language: string }[] }>('GET', '/topics');
		const topicId = items.find((topic) => topic.language === language)?.id;
		const { id } = await api.ok<ApiDialogue>('POST', '/dialogues', { topicId });
		for (const text of prompts) {
			await api.ok('POST', `/dialogues/${id}/turns`, { text });
			await answered(api, id);
		}
		return id;
	}

	/** Gives each prompt so many responses from now on. */
	async responses(count: number): Promise<void> {
		const lead = this.api('Wu');
		const { projects } = await lead.ok<{ projects: { id: number }[] }>('GET', '/me');
		await lead.ok('PATCH', `/projects/${projects[0]?.id}`, { responses: count });
	}

	/** The second bot, as a lead sets it up. */
	async hireSecondBot(): Promise<void> {
		const page = await this.enter('Wu', { locale: 'en', theme: 'light' });
		await page.goto('/settings?edit=new');
		await page.getByRole('textbox', { name: 'Name' }).fill('llama-3.3-70b');
		await page.getByRole('textbox', { name: 'Address' }).fill(this.#bots[1]?.url ?? '');
		await page.getByRole('textbox', { name: 'Model' }).fill('llama');
		await page.getByRole('button', { name: 'Save' }).click();
		await page.getByText('llama-3.3-70b').waitFor();
		await page.context().close();
	}
}
