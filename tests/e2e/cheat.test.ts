/** What somebody can do who has opened the developer tools: nothing that their page would not let them. */
import { expect, test, type Locator } from '@playwright/test';
import type * as Y from 'yjs';
import type { ApiClient, ApiDialogue } from '../support/api-client.ts';
import { answeredDialogue } from '../support/live-dialogue.ts';
import type { Workspace } from '../support/pages.ts';
import { RoguePage } from '../support/rogue-page.ts';
import { Stage } from '../support/stage.ts';
import { writeAwareness } from '../support/write-messages.ts';

const ANSWER = 'Water boils at 90 degrees at sea level.';

let stage: Stage;
/** Who cheats, and the partner. */
let ann: Workspace;
let rev: Workspace;
let annApi: ApiClient;
let rogue: RoguePage;
/** Only to tell the partner's client id. */
let partner: RoguePage;
const ids = { ann: '', rev: '' };

test.describe.configure({ mode: 'serial' });
test.beforeAll(async ({ browser }) => {
	stage = await Stage.set(browser, { bot: { answers: () => ANSWER, chunk: 8 } });
	[ann, rev] = await stage.workspaces('ann', 'rev');
	annApi = stage.api('ann');
	for (const name of ['ann', 'rev'] as const) {
		const { user } = await stage.api(name).ok<{ user: { id: number } }>('GET', '/me');
		ids[name] = String(user.id);
	}
	rogue = await RoguePage.of(ann.page);
	partner = await RoguePage.of(rev.page);
});
test.afterAll(() => stage?.strike());

const stored = (id: number): Promise<ApiDialogue> => annApi.ok('GET', `/dialogues/${id}`);

/** A dialogue with an answer in which both are, work together and have rated. */
async function together(): Promise<number> {
	const id = await answeredDialogue(annApi, ['How hot?']);
	await annApi.ok('POST', `/dialogues/${id}/together`, { together: true });
	await ann.open(id);
	await rev.open(id);
	await rev.rate([4, 4, 4]);
	await rev.saved();
	await expect(ann.page.getByText('rev').first()).toBeVisible();
	return id;
}

/** Everything that the partner's page shows, while `cheat` and after it; and the partner can go on typing. */
async function unharmed(id: number, cheat: () => Promise<void>): Promise<void> {
	const transcript: Locator = rev.page.locator('main');
	const before = { stored: await stored(id), shown: await transcript.innerText() };
	const changes = rev.page.evaluate(() => {
		const seen: string[] = [];
		Object.assign(globalThis, { seen });
		const main = document.querySelector('main');
		if (!main) throw new Error('no page');
		const text = (): string => main.innerText;
		const first = text();
		new MutationObserver(() => {
			if (text() !== first) seen.push(text());
		}).observe(main, { subtree: true, childList: true, characterData: true });
	});
	await changes;
	await cheat();
	expect(await stored(id)).toEqual(before.stored);
	const seen = await rev.page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);
	// Who cheats may be seen to go and come again; nothing else.
	expect(seen.filter((text) => withoutPeople(text) !== withoutPeople(before.shown))).toEqual([]);
	if ((await stored(id)).state !== 'in_progress') return;
	await rev.edit(1);
	await rev.page.keyboard.type(' Typed on.');
	await rev.saved();
	const { turns } = await stored(id);
	expect(turns.at(-1)?.text).toBe(`${before.stored.turns.at(-1)?.text} Typed on.`);
}
const withoutPeople = (text: string): string =>
	text.replaceAll(/\b(ann|rev|You)\b/g, '').replaceAll(/\s+/g, ' ');

/** The newest close of the rogue's sockets, once there is one more than `before`. */
async function refused(before: number): Promise<string> {
	await expect.poll(async () => (await rogue.closes()).length).toBeGreaterThan(before);
	const { code, reason } = (await rogue.closes())[before] ?? { code: 0, reason: '' };
	return `${code} ${reason}`;
}

/** What was refused is shown with its rule, until it is dropped. */
async function dropLate(text: string, rule: RegExp): Promise<void> {
	const lost = ann.page.getByRole('region', { name: 'Late changes' });
	await expect(lost).toContainText(text);
	expect(`4403 ${await lost.locator('code').textContent()}`).toMatch(rule);
	await lost.getByRole('button', { name: 'Drop' }).click();
	await expect(lost).toHaveCount(0);
}

type About = { ann: string; rev: string };
/** `handedBack`: the words among what was refused, to be copied. */
type Cheat = [name: string, rule: RegExp, cheat: (doc: Y.Doc, about: About) => void, handedBack?: string];
const CHEATS: Cheat[] = [
	[
		'another’s rating',
		/^4403 denied ratings\//,
		(doc, { rev }) => {
			const theirs = doc.getMap<Y.Map<unknown>>('ratings').get(rev);
			for (const key of theirs?.keys() ?? []) theirs?.set(key, { value: 1, why: 'forged' });
		},
	],
	[
		'what the bot said',
		/^4403 denied candidates\/.+\/original/,
		(doc) =>
			doc.getMap<Y.Map<unknown>>('candidates').forEach((candidate) => candidate.set('original', 'forged')),
	],
	[
		'the dialogue’s state',
		/^4403 denied dialogue\/state/,
		(doc) => doc.getMap('dialogue').set('state', 'accepted'),
	],
	[
		'whose a turn is',
		/^4403 denied turns\/.+\/(role|author)/,
		(doc, { rev }) =>
			doc.getMap<Y.Map<unknown>>('turns').forEach((turn) => {
				turn.set('role', 'user');
				turn.set('author', rev);
			}),
	],
	[
		'a turn of one’s own making',
		/^4403 denied turns\//,
		(doc) => {
			const turns = doc.getMap<Y.Map<unknown>>('turns');
			const made = new (turns.constructor as typeof Y.Map)<unknown>(
				Object.entries({ role: 'bot', order: 9 }),
			);
			turns.set('forged', made);
		},
	],
	[
		'a comment in another’s name',
		/^4403 bad-value comments\//,
		(doc, { rev }) => doc.getMap('comments').set('c', { author: rev, text: 'forged', at: Date.now() }),
		'forged',
	],
];

for (const [name, rule, cheat, handedBack] of CHEATS)
	test(`[CHEAT-1] a document written by hand: ${name}`, async () => {
		const id = await together();
		const { length } = await rogue.closes();
		await unharmed(id, async () => {
			await rogue.edit(cheat, ids);
			expect(await refused(length)).toMatch(rule);
			// The cheat's own page begins anew from what is true.
			await ann.saved();
			await expect(ann.final(1)).toHaveText(ANSWER);
			if (handedBack !== undefined) await dropLate(handedBack, rule);
			await expect(ann.page.getByText('forged')).toHaveCount(0);
		});
		await expect(ann.final(1)).toHaveText(`${ANSWER} Typed on.`);
	});

test('[CHEAT-2] text in a state where one may not write is handed back, with the rule', async () => {
	const id = await together();
	await ann.rate([4, 4, 4]);
	await ann.saved();
	await annApi.ok('POST', `/dialogues/${id}/submit`);
	await expect(ann.page.getByText('Submitted').first()).toBeVisible();
	await expect(rev.page.getByText('Submitted').first()).toBeVisible();
	const { length } = await rogue.closes();
	await unharmed(id, async () => {
		await rogue.edit((doc) => {
			doc.getMap<Y.Map<unknown>>('turns').forEach((turn) => {
				if (turn.get('role') === 'bot') (turn.get('text') as Y.Text).insert(0, 'Smuggled in. ');
			});
		}, ids);
		expect(await refused(length)).toMatch(/^4403 denied turns\/.+\/text/);
		await dropLate('Smuggled in.', /^4403 denied turns\/.+\/text/);
		await expect(ann.page.getByText('Smuggled in.')).toHaveCount(0);
	});
});

test('[CHEAT-3] nobody writes under the partner’s client id, nor comes in with it', async () => {
	const id = await together();
	const theirs = await partner.clientId();
	expect(theirs).not.toBe(await rogue.clientId());
	const { length } = await rogue.closes();
	await unharmed(id, async () => {
		expect(await rogue.knock(`/sync/${id}?client=${theirs}`)).toBe(4409);
		await rogue.edit((doc, client: number) => {
			doc.clientID = client;
			doc.getText('draft').insert(0, 'in their name');
		}, theirs);
		expect(await refused(length + 1)).toBe('4403 forged-client');
		await dropLate('in their name', /^4403 forged-client$/);
		await ann.saved();
	});
});

test('[CHEAT-4] presence is under one’s own name and client id, whatever a page says', async () => {
	const id = await together();
	const state = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
	const user = { id: ids.rev, name: 'The owner', color: 1, part: 'reviewer' };
	const client = await rogue.clientId();
	const people = rev.page.locator('.presence');
	await expect(people).toContainText('ann');
	await unharmed(id, async () => {
		await rogue.send(
			writeAwareness([{ client, clock: 2 ** 30, state: state({ user, focus: { turn: 'x' } }) }]),
		);
		await rogue.send(writeAwareness([{ client: 4242, clock: 1, state: state({ user }) }]));
		for (const clock of [2 ** 30, 2 ** 31])
			for (const gone of [state(null), state({ user: { ...user, name: 'Nobody' } })])
				await rogue.send(writeAwareness([{ client: await partner.clientId(), clock, state: gone }]));
		await rogue.heard();
	});
	await expect(people).toContainText('ann');
	await expect(people).not.toContainText('The owner');
	await expect(rev.page.getByText('The owner')).toHaveCount(0);
	await expect(ann.page.getByText('Nobody')).toHaveCount(0);
	await expect(ann.page.locator('.presence')).toContainText('rev');
});

test('[CHEAT-5] a page that goes on cheating is told the rule, and stops', async () => {
	const id = await together();
	await unharmed(id, async () => {
		for (let tries = 0; tries < 4; tries++) {
			const { length } = await rogue.closes();
			const cheat = async (): Promise<void> => {
				await rogue.edit((doc) => void doc.getMap('dialogue').set('state', 'accepted'), ids);
				expect(await refused(length)).toBe('4403 denied dialogue/state');
			};
			if (tries < 3) await rogue.startsAfresh(cheat);
			else await cheat();
		}
		const notice = ann.page.getByRole('alert').filter({ hasText: 'denied dialogue/state' });
		await expect(notice).toBeVisible();
		await expect(ann.page.locator('[data-saved]')).toContainText('Not saved');
	});
	await ann.page.getByRole('button', { name: 'Reload' }).click();
	await ann.saved();
	await expect(ann.final(1)).toHaveText(`${ANSWER} Typed on.`);
});
