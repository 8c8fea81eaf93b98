import { chromium as driver, type Browser, type Page } from '@playwright/test';
import { projectOf } from '../support/api-client.ts';
import { chromium } from '../support/chromium.ts';
import { answeredDialogue } from '../support/live-dialogue.ts';
import { wear } from '../support/looks.ts';
import { startStandIn, type StandIn, type StandInOptions } from '../support/openai-stand-in.ts';
import { Workspace } from '../support/pages.ts';
import { Stage } from '../support/stage.ts';
import { ANSWERS, OTHER_ANSWERS, type Language } from './said.ts';

export interface Look {
	locale: Language;
	theme: 'light' | 'dark';
	width?: number;
}

const PEOPLE = { Li: 'annotator', Ana: 'reviewer', Wu: 'lead' } as const;
type Name = keyof typeof PEOPLE;

/** A stage with a second bot, and with a look for whoever comes onto it. */
export class Studio {
	readonly #browser: Browser;
	readonly #stage: Stage<Name>;
	readonly #second: StandIn;
	readonly #pace: readonly StandInOptions[];

	private constructor(
		browser: Browser,
		stage: Stage<Name>,
		second: StandIn,
		pace: readonly StandInOptions[],
	) {
		this.#browser = browser;
		this.#stage = stage;
		this.#second = second;
		this.#pace = pace;
	}

	static async set(): Promise<Studio> {
		const [first, second] = [
			{ answers: ANSWERS, chunk: 6 },
			{ answers: OTHER_ANSWERS, chunk: 6 },
		];
		const browser = await driver.launch(chromium());
		const stage = await Stage.set(browser, { bot: first, cast: PEOPLE });
		return new Studio(browser, stage, await startStandIn(second), [first, second]);
	}

	async strike(): Promise<void> {
		await this.#browser.close();
		await this.#stage.strike();
		await this.#second.close();
	}

	/** How fast the bots write. */
	pace(delayMs: number): void {
		for (const options of this.#pace) options.delayMs = delayMs;
	}

	async enter(name: Name, { locale, theme, width = 1280 }: Look): Promise<Page> {
		const page = await this.#stage.enter(name, { reducedMotion: 'reduce' });
		await wear(page, this.#stage.origin, { locale, theme, width });
		return page;
	}

	async open(name: Name, id: number, look: Look): Promise<Workspace> {
		const workspace = new Workspace(await this.enter(name, look));
		await workspace.open(id);
		return workspace;
	}

	/** A dialogue of Li's in which these prompts have been answered. */
	asked(language: Language, prompts: readonly string[]): Promise<number> {
		return answeredDialogue(this.#stage.api('Li'), prompts, language);
	}

	/** Gives each prompt so many responses from now on. */
	async responses(count: number): Promise<void> {
		const lead = this.#stage.api('Wu');
		await lead.ok('PATCH', `/projects/${await projectOf(lead)}`, { responses: count });
	}

	/** The second bot, as a lead sets it up. */
	async hireSecondBot(): Promise<void> {
		const page = await this.enter('Wu', { locale: 'en', theme: 'light' });
		await page.goto('/settings?edit=new');
		await page.getByRole('textbox', { name: 'Name' }).fill('llama-3.3-70b');
		await page.getByRole('textbox', { name: 'Address' }).fill(this.#second.url);
		await page.getByRole('textbox', { name: 'Model' }).fill('llama');
		await page.getByRole('button', { name: 'Save' }).click();
		await page.getByText('llama-3.3-70b').waitFor();
		await page.context().close();
	}
}
