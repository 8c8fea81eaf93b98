import { expect, test, type Page } from '@playwright/test';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ApiClient, type ApiDialogue } from '../support/api-client.ts';
import { signedIn, Workspace } from '../support/pages.ts';
import { RunningServer } from '../support/running-server.ts';
import { startPostgres } from '../support/temporary-postgres.ts';

const ROUNDS = 10;
const PRINT_DRAFT = fileURLToPath(new URL('../support/print-draft.ts', import.meta.url));

/** Types words that cannot be mistaken, and remembers which of them the page has called saved. */
class Typist {
	readonly typed: string[] = [];
	/** How many of them, from the first, the page has called saved. */
	saved = 0;
	readonly #page: Page;
	readonly #name: string;
	readonly #atEnd: boolean;
	#going: Promise<void> | null = null;
	#stop = false;

	constructor(page: Page, name: string, place: 'before the bar' | 'after the bar') {
		this.#page = page;
		this.#name = name;
		this.#atEnd = place === 'after the bar';
	}

	async #word(): Promise<void> {
		const word = `${this.#name}${this.typed.length}字 `;
		await this.#page.keyboard.insertText(word);
		this.typed.push(word);
		const state = await this.#page.locator('[data-saved]').getAttribute('data-saved');
		if (state === 'saved') this.saved = this.typed.length;
	}

	/** Puts the caret where this person writes, and leaves it there for good. */
	async sit(draft: Workspace['draft']): Promise<void> {
		await draft.click();
		await this.#page.keyboard.press(this.#atEnd ? 'Control+End' : 'Control+Home');
	}

	begin(): void {
		this.#stop = false;
		this.#going = (async () => {
			while (!this.#stop) {
				await this.#word();
				await pause(60);
			}
		})();
	}

	async end(): Promise<void> {
		this.#stop = true;
		await this.#going;
	}
}

async function storedDraft(server: RunningServer, databaseUrl: string, id: number): Promise<string> {
	const { stdout } = await promisify(execFile)(process.execPath, [
		PRINT_DRAFT,
		server.dataDir,
		databaseUrl,
		String(id),
	]);
	return JSON.parse(stdout) as string;
}

for (const engine of ['embedded', 'postgres'] as const) {
	test(`[KILL-1] kill -9 while two people type, ${ROUNDS} times (${engine}): what was called saved is on disk, all comes back, nothing doubled`, async ({
		browser,
	}) => {
		test.setTimeout(600_000);
		const postgres = engine === 'postgres' ? await startPostgres() : null;
		test.skip(engine === 'postgres' && !postgres, 'No PostgreSQL programs on this machine');
		const databaseUrl = postgres?.url ?? '';
		const server = await RunningServer.start({ databaseUrl });
		try {
			const [ann, rev] = await Promise.all(
				(['annotator', 'reviewer'] as const).map(async (role) => {
					const email = `${role}@example.org`;
					const person = await server.person(email, role);
					return {
						...person,
						workspace: new Workspace(await signedIn(browser, server, { email, ...person })),
					};
				}),
			);
			if (!ann || !rev) throw new Error('two people');
			const api = new ApiClient(server.origin, ann.token);
			const { id } = await api.ok<ApiDialogue>('POST', '/dialogues', { topicId: 1 });
			await ann.workspace.open(id);
			await ann.workspace.draft.click();
			await ann.workspace.page.keyboard.insertText('|');
			await ann.workspace.saved();
			await rev.workspace.open(id);
			await expect(rev.workspace.draft).toHaveText('|');
			const typists = [
				new Typist(rev.workspace.page, 'r', 'before the bar'),
				new Typist(ann.workspace.page, 'a', 'after the bar'),
			] as const;

			await Promise.all([typists[0].sit(rev.workspace.draft), typists[1].sit(ann.workspace.draft)]);

			for (let round = 0; round < ROUNDS; round++) {
				for (const one of typists) one.begin();
				await pause(300 + Math.random() * 900);
				const promised = typists.map(({ typed, saved }) => typed.slice(0, saved));
				await server.kill();
				await pause(300); // they type on while nobody is there
				await Promise.all(typists.map((one) => one.end()));
				const stored = await storedDraft(server, databaseUrl, id);
				expect(promised.flat().filter((word) => stored.split(word).length !== 2)).toEqual([]);
				await server.run();
				await Promise.all([ann.workspace.saved(), rev.workspace.saved()]);
			}
			for (const { saved } of typists) expect(saved).toBeGreaterThan(0);
			const whole = `${typists[0].typed.join('')}|${typists[1].typed.join('')}`;
			const { draft } = await api.ok<ApiDialogue>('GET', `/dialogues/${id}`);
			expect(firstDifference(draft, whole)).toBeNull();
			for (const { workspace } of [ann, rev]) {
				await workspace.page.reload();
				await workspace.saved();
				await expect
					.poll(async () =>
						firstDifference((await workspace.draft.locator('.cm-line').textContent()) ?? '', whole),
					)
					.toBeNull();
			}
		} finally {
			await server.stop();
			await postgres?.stop();
		}
	});
}

/** Where two long texts part, in few words. */
function firstDifference(a: string, b: string): string | null {
	if (a === b) return null;
	let at = 0;
	while (a[at] === b[at]) at++;
	return `at ${at}: ${JSON.stringify(a.slice(at, at + 40))} for ${JSON.stringify(b.slice(at, at + 40))}`;
}
