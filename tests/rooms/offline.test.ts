import {
	afterAll,
	afterEach,
	beforeAll,
	beforeEach,
	describe,
	expect,
	onTestFinished,
	test,
	vi,
} from 'vitest';
import * as Y from 'yjs';
import { turnText } from '../../src/lib/document/read-dialogue.ts';
import { setState } from '../../src/lib/document/write-dialogue.ts';
import { STEP_2, SYNC, UPDATE } from '../../src/lib/wire/message-kinds.ts';
import { Browser, type BrowserPage } from '../support/browser-pages.ts';
import { ENGINES, type FreshDatabase } from '../support/databases.ts';
import { random } from '../support/random.ts';
import { FIRST_TEXT, Rooms, TURN, until } from '../support/rooms.ts';

const engine = ENGINES[0];
if (!engine) throw new Error('There is no engine to test on');

let fresh: FreshDatabase;
let rooms: Rooms;
let dialogue: number;
let browser: Browser;

beforeAll(async () => {
	fresh = await engine.open();
});
afterAll(() => fresh.close());
beforeEach(async () => {
	rooms = await Rooms.open(fresh.db);
	dialogue = await rooms.dialogue();
	browser = new Browser(rooms);
});
afterEach(async () => {
	await browser.close();
	await rooms.close();
});

const stored = async (): Promise<string> => turnText(await rooms.replay(dialogue), TURN)?.toJSON() ?? '';
const type = (page: BrowserPage, text: string): void => page.text.insert(page.text.length, text);
const ready = async (page: BrowserPage): Promise<BrowserPage> => {
	await until(() => page.settled);
	return page;
};
const offline = (page: BrowserPage): Promise<void> => until(() => page.connection.status.kind === 'offline');
const kept = (page: BrowserPage, edits: number): Promise<void> => until(() => page.connection.kept === edits);
/** The server has answered, and the device has not: nothing is called saved. */
const unread = ({ connection }: BrowserPage): Promise<void> =>
	until(() => connection.status.kind === 'live' && connection.saved === 'reading');
/** Everything that is stored is also not called unsent. */
const nothingUnsent = (): Promise<void> => until(async () => (await browser.unsent()).length === 0);

/** Whether a page sends something of its document with this. */
function hasContent([kind, step, ...body]: Uint8Array): boolean {
	const empty = body.join() === '2,0,0';
	return kind === SYNC && (step === UPDATE || (step === STEP_2 && !empty));
}

describe('typed without a connection', () => {
	test('[OFFLINE-1] and the browser killed: the next page sends it, under several client ids of before', async () => {
		const first = await ready(browser.open(dialogue));
		type(first, ' A');
		await until(() => first.settled);
		rooms.kill();
		await offline(first);
		type(first, ' B');
		await kept(first, 1);
		first.crash();
		const second = browser.open(dialogue); // never had a connection: its id is unknown to the server
		await until(() => second.connection.present && second.reads.endsWith(' A B'));
		expect(second.connection.synced).toBe(false);
		type(second, ' C');
		type(second, ' D');
		await kept(second, 3);
		second.crash();
		const third = browser.open(dialogue);
		await until(() => third.connection.present);
		type(third, ' E');
		await kept(third, 4);
		third.crash();
		rooms.restart();
		const fourth = await ready(browser.open(dialogue));
		expect(fourth.reads).toBe(`${FIRST_TEXT} A B C D E`);
		expect(await stored()).toBe(`${FIRST_TEXT} A B C D E`);
		const authors = (await rooms.log.rowsOf(dialogue, 0, 100_000)).map(({ author }) => author);
		expect(new Set(authors)).toEqual(new Set([0, 1])); // the server, and this person
		await nothingUnsent();
	});

	test.each(['the device', 'the server'])(
		'[OFFLINE-1] on several pages: all of it goes in one message, also where %s answers first',
		async (first) => {
			const begun = await ready(browser.open(dialogue));
			rooms.kill();
			await offline(begun);
			begun.crash();
			for (const [i, word] of [' A', ' B', ' C'].entries()) {
				const page = browser.open(dialogue);
				await until(() => page.connection.present);
				type(page, word);
				type(page, '.');
				await kept(page, 2 * (i + 1));
				page.crash();
			}
			expect((await browser.unsent()).length).toBeGreaterThan(2);
			const sent = vi.spyOn(WebSocket.prototype, 'send');
			onTestFinished(() => sent.mockRestore());
			const opened = Promise.withResolvers<void>();
			const next = browser.open(dialogue, undefined, opened.promise);
			if (first === 'the server') {
				rooms.restart();
				await unread(next);
			}
			opened.resolve();
			await until(() => next.reads.endsWith(' A. B. C.'));
			if (first === 'the device') rooms.restart();
			await ready(next);
			await nothingUnsent();
			expect(await stored()).toBe(`${FIRST_TEXT} A. B. C.`);
			expect(sent.mock.calls.filter(([message]) => hasContent(message as Uint8Array))).toHaveLength(1);
		},
	);

	test('[OFFLINE-1] text of others that was deleted stays deleted', async () => {
		const first = await ready(browser.open(dialogue));
		rooms.kill();
		await offline(first);
		first.text.delete(0, 2);
		await kept(first, 1);
		first.crash();
		rooms.restart();
		const second = await ready(browser.open(dialogue));
		expect([second.reads, await stored()]).toEqual([FIRST_TEXT.slice(2), FIRST_TEXT.slice(2)]);
		await nothingUnsent();
	});

	test('[OFFLINE-1] nothing was ever unsent: a page that opens sends nothing and saves nothing', async () => {
		const first = await ready(browser.open(dialogue));
		type(first, ' A');
		await until(() => first.settled);
		await nothingUnsent();
		const rows = await rooms.log.rowsOf(dialogue, 0, 100_000);
		first.crash();
		const second = await ready(browser.open(dialogue));
		expect(second.reads).toBe(`${FIRST_TEXT} A`);
		expect((await rooms.log.rowsOf(dialogue, 0, 100_000)).length).toBe(rows.length);
	});
});

describe('what is kept and the socket come in any order', () => {
	async function left(): Promise<void> {
		const first = await ready(browser.open(dialogue));
		rooms.kill();
		await offline(first);
		type(first, ' A');
		type(first, ' B');
		await kept(first, 2);
		first.crash();
	}

	test('[OFFLINE-2] the socket first: what is kept goes after it, and counts until it is saved', async () => {
		await left();
		rooms.restart();
		const { promise, resolve } = Promise.withResolvers<void>();
		const second = browser.open(dialogue, undefined, promise);
		await unread(second);
		expect(second.reads).toBe(FIRST_TEXT);
		type(second, ' C');
		expect(second.connection.saved).toBe('saving');
		await unread(second);
		const commit = rooms.db.hold();
		resolve();
		await until(() => second.reads.includes(' A B'));
		expect(second.connection.saved).toBe('saving');
		commit();
		await until(() => second.settled);
		expect(await stored()).toBe(second.reads);
		for (const typed of [' A', ' B', ' C']) expect(second.reads.split(typed)).toHaveLength(2);
		await nothingUnsent();
	});

	test('[OFFLINE-2] what the server has meanwhile is not sent again, and not called unsent', async () => {
		await left();
		const before = await browser.kept.read();
		rooms.restart();
		const second = await ready(browser.open(dialogue));
		await nothingUnsent();
		second.crash();
		// A browser that was killed before it knew of the ack.
		await browser.kept.replace([...(await browser.kept.read()).keys()], [...before.values()]);
		const { promise, resolve } = Promise.withResolvers<void>();
		const third = browser.open(dialogue, undefined, promise);
		await unread(third);
		resolve();
		await ready(third);
		await nothingUnsent();
		expect(third.settled).toBe(true);
		expect(await stored()).toBe(`${FIRST_TEXT} A B`);
	});

	test('[OFFLINE-2] what the edits build on is gone from the device: they arrive all the same', async () => {
		await left();
		const rows = [...(await browser.kept.read())];
		await browser.kept.setAside(rows.filter(([, { edits }]) => edits === 0).map(([key]) => key));
		rooms.restart();
		const { promise, resolve } = Promise.withResolvers<void>();
		for (const opened of [promise, Promise.resolve()]) {
			const page = browser.open(dialogue, undefined, opened);
			if (opened === promise) await unread(page);
			resolve();
			await until(() => page.settled && page.reads.endsWith(' A B'));
			page.crash();
		}
		expect(await stored()).toBe(`${FIRST_TEXT} A B`);
	});

	const SEEDS = [11, 12, 13, Date.now() % 1e9];
	test.each(SEEDS)('[OFFLINE-2] at random: nothing lost, nothing doubled (seed %i)', async (seed) => {
		const chances = random(seed);
		const chance = (probability: number): boolean => chances.chance(probability);
		const typed: string[] = [];
		let up = true;
		let pages: BrowserPage[] = [];
		for (let step = 0; step < 60; step++) {
			const held = Promise.withResolvers<void>();
			if (pages.length === 0 || (pages.length < 3 && chance(0.25))) {
				pages.push(browser.open(dialogue, undefined, held.promise));
				if (chance(0.5)) held.resolve();
				else setTimeout(held.resolve, chances.int(40));
			}
			const page = chances.pick(pages);
			if (page.connection.present && page.connection.status.kind !== 'closed') {
				const word = ` w${step}`;
				page.text.insert(chance(0.5) ? page.text.length : 0, word);
				typed.push(word);
			}
			if (chance(0.2)) {
				const gone = chances.pick(pages);
				// Not before the device had a moment for what was just typed.
				await gone.opened;
				await new Promise((resolve) => setTimeout(resolve, 5));
				gone.crash();
				pages = pages.filter((one) => one !== gone);
			}
			if (chance(0.2)) {
				if (up) rooms.kill();
				else rooms.restart();
				up = !up;
			}
			if (chance(0.5)) await new Promise((resolve) => setTimeout(resolve, chances.int(60)));
		}
		if (!up) rooms.restart();
		const last = browser.open(dialogue);
		await until(() => [...pages, last].every((page) => page.settled));
		await nothingUnsent();
		const text = await stored();
		for (const page of [...pages, last]) await until(() => page.reads === text);
		for (const word of typed) expect(text.match(new RegExp(`${word}(?!\\d)`, 'g')), word).toHaveLength(1);
		expect(last.connection.late.items).toEqual([]);
	});
});

describe('kept', () => {
	test('[OFFLINE-3] is said of an edit only once the device has it', async () => {
		const page = await ready(browser.open(dialogue));
		rooms.kill();
		await offline(page);
		const { promise, resolve } = Promise.withResolvers<void>();
		page.shelf.hold = promise;
		type(page, ' A');
		expect([page.connection.kept, page.connection.status]).toEqual([0, { kind: 'offline', unsent: 1 }]);
		resolve();
		await kept(page, 1);
		expect(page.connection.keeping).toBe('on');
	});

	test('[OFFLINE-6] a device without room: it is said, work goes on, and it is tried again', async () => {
		const page = await ready(browser.open(dialogue));
		page.shelf.full = true;
		type(page, ' A');
		await until(() => page.connection.keeping === 'failing' && page.settled);
		expect(await stored()).toBe(`${FIRST_TEXT} A`);
		rooms.kill();
		await offline(page);
		type(page, ' B');
		expect(page.connection.kept).toBe(0);
		page.shelf.full = false;
		type(page, ' C');
		await kept(page, 2);
		expect(page.connection.keeping).toBe('on');
		page.crash();
		rooms.restart();
		expect((await ready(browser.open(dialogue))).reads).toBe(`${FIRST_TEXT} A B C`);
	});

	test('[OFFLINE-8] many edits are few rows', async () => {
		const page = await ready(browser.open(dialogue));
		for (let i = 0; i < 300; i++) {
			type(page, 'x');
			if (i % 10 === 0) await until(() => page.settled);
		}
		await until(() => page.settled); // what has no row yet is unsent, too
		await nothingUnsent();
		await until(async () => (await browser.kept.read()).size < 70);
		rooms.kill();
		await offline(page);
		for (let i = 0; i < 300; i++) {
			type(page, 'y');
			await kept(page, i + 1);
		}
		expect((await browser.unsent()).length).toBeLessThan(70);
		expect((await browser.unsent()).reduce((sum, { edits }) => sum + edits, 0)).toBe(300);
		page.crash();
		rooms.restart();
		const after = await ready(browser.open(dialogue));
		expect(after.reads).toBe(`${FIRST_TEXT}${'x'.repeat(300)}${'y'.repeat(300)}`);
		await until(async () => (await browser.kept.read()).size === 1);
	});

	test('[OFFLINE-7] what cannot be read is put aside, and the rest is sent', async () => {
		const first = await ready(browser.open(dialogue));
		rooms.kill();
		await offline(first);
		type(first, ' A');
		await kept(first, 1);
		first.crash();
		await browser.kept.replace([], [{ update: Uint8Array.of(9, 9, 9, 255), edits: 0 }]);
		rooms.restart();
		const second = browser.open(dialogue);
		await until(() => second.settled && second.reads === `${FIRST_TEXT} A`);
		await nothingUnsent();
		expect(await stored()).toBe(`${FIRST_TEXT} A`);
	});
});

describe('two tabs of one person', () => {
	test('[OFFLINE-4] one is closed: the other sends what it had typed', async () => {
		const [one, two] = [await ready(browser.open(dialogue)), await ready(browser.open(dialogue))];
		rooms.kill();
		await Promise.all([offline(one), offline(two)]);
		type(one, ' A');
		two.text.insert(0, 'B ');
		await Promise.all([kept(one, 1), kept(two, 1)]);
		one.crash();
		rooms.restart();
		await until(() => two.settled && two.reads === `B ${FIRST_TEXT} A`);
		expect(await stored()).toBe(`B ${FIRST_TEXT} A`);
		await nothingUnsent();
	});

	test('[OFFLINE-4] both stay: each text stands once', async () => {
		const [one, two] = [await ready(browser.open(dialogue)), await ready(browser.open(dialogue))];
		rooms.kill();
		await Promise.all([offline(one), offline(two)]);
		type(one, ' A');
		two.text.insert(0, 'B ');
		rooms.restart();
		await until(() => [one, two].every((page) => page.settled && page.reads === `B ${FIRST_TEXT} A`));
		expect(await stored()).toBe(`B ${FIRST_TEXT} A`);
		await nothingUnsent();
	});
});

describe('refused', () => {
	const submit = (): Promise<void> => rooms.hub.write(dialogue, 0, (doc) => setState(doc, 'submitted'));

	test('[LATE-4] it is handed back once, survives the page, and never comes back by itself', async () => {
		const first = await ready(browser.open(dialogue));
		rooms.kill();
		await offline(first);
		type(first, ' Late.');
		await kept(first, 1);
		first.crash();
		rooms.restart();
		await submit();
		const second = browser.open(dialogue);
		await until(() => second.settled && second.connection.late.items.length > 0);
		expect(second.connection.late.items).toMatchObject([
			{ fits: true, change: { kind: 'text', turn: TURN, now: FIRST_TEXT, text: `${FIRST_TEXT} Late.` } },
		]);
		expect(second.connection.late.items[0]?.reason).toMatch(/^denied/);
		expect([second.reads, await stored()]).toEqual([FIRST_TEXT, FIRST_TEXT]);
		expect(await browser.unsent()).toEqual([]);
		second.crash();
		const third = await ready(browser.open(dialogue));
		await until(() => third.connection.late.items.length === 1);
		await rooms.hub.write(dialogue, 0, (doc) => setState(doc, 'in_progress'));
		await until(() => third.settled);
		const [item] = third.connection.late.items;
		if (!item) throw new Error('nothing to apply');
		await third.connection.late.apply(item);
		await until(() => third.settled);
		expect([third.reads, await stored()]).toEqual([`${FIRST_TEXT} Late.`, `${FIRST_TEXT} Late.`]);
		expect(third.connection.late.items).toEqual([]);
		third.crash();
		const fourth = await ready(browser.open(dialogue));
		expect([fourth.connection.late.items, fourth.reads]).toEqual([[], `${FIRST_TEXT} Late.`]);
	});

	test('[LATE-4] also what was typed between the refusal and the close that tells it', async () => {
		const page = await ready(browser.open(dialogue));
		await submit();
		const commit = rooms.db.hold(); // the page does not hear of it yet
		type(page, ' One.');
		type(page, ' Two.');
		commit();
		await until(() => page.connection.late.items.length > 0 && page.settled);
		type(page, ' Three.');
		await until(() => page.connection.late.items.length > 1 && page.settled);
		expect(page.connection.late.items.map(({ change }) => 'text' in change && change.text)).toEqual([
			`${FIRST_TEXT} One. Two.`,
			`${FIRST_TEXT} Three.`,
		]);
		expect(await stored()).toBe(FIRST_TEXT);
	});

	test('[LATE-4] in two tabs that share it, it is handed back once', async () => {
		const first = await ready(browser.open(dialogue));
		rooms.kill();
		await offline(first);
		type(first, ' Late.');
		await kept(first, 1);
		const second = browser.open(dialogue); // has it from what is kept
		await until(() => second.connection.present && second.reads.endsWith(' Late.'));
		rooms.restart();
		await submit();
		// As when its window is looked at: its own document still holds what is refused.
		const looking = setInterval(() => void second.connection.late.read());
		await until(() => first.settled && second.settled);
		await until(async () => (await browser.unsent()).length === 0 && (await browser.kept.late()).size > 0);
		clearInterval(looking);
		for (const page of [first, second]) await page.connection.late.read();
		expect(first.connection.late.items).toHaveLength(1);
		expect(second.connection.late.items).toHaveLength(1);
		const [item] = first.connection.late.items;
		if (!item) throw new Error('nothing to drop');
		await first.connection.late.drop(item);
		await second.connection.late.apply(item); // it was dropped in the other tab
		expect(second.connection.late.items).toEqual([]);
		expect(await stored()).toBe(FIRST_TEXT);
	});

	test('[LATE-6] who may not open the dialogue any more can copy it', async () => {
		const page = await ready(browser.open(dialogue));
		const commit = rooms.db.hold();
		type(page, ' Late.');
		await kept(page, 1);
		await rooms.hub.recheck({ userId: 1 }, () => 'not theirs');
		commit();
		await until(() => page.connection.late.items.length > 0);
		expect(page.connection.status).toMatchObject({ code: 4404 });
		expect(page.connection.late.items).toMatchObject([
			{ fits: false, change: { text: `${FIRST_TEXT} Late.` } },
		]);
		expect(await browser.unsent()).toEqual([]);
	});

	test('[LATE-6] who is signed out can copy it, and it is sent when they come back', async () => {
		const page = await ready(browser.open(dialogue));
		const commit = rooms.db.hold();
		type(page, ' Unsent.');
		await kept(page, 1);
		await rooms.hub.recheck({ userId: 1 }, () => 'signed out');
		commit();
		await until(() => page.connection.unsent !== null);
		expect(page.connection.status).toMatchObject({ code: 4401 });
		expect(page.connection.unsent?.changes).toMatchObject([{ text: `${FIRST_TEXT} Unsent.` }]);
		page.crash();
		const next = await ready(browser.open(dialogue));
		expect([next.reads, await stored()]).toEqual([`${FIRST_TEXT} Unsent.`, `${FIRST_TEXT} Unsent.`]);
		await nothingUnsent();
	});
});

test('[OFFLINE-10] a page that is left waits until what it has sent is saved', async () => {
	const page = await ready(browser.open(dialogue));
	const commit = rooms.db.hold();
	type(page, ' A');
	const left = page.connection.destroy();
	expect((await browser.unsent()).length).toBeLessThanOrEqual(1);
	commit();
	await left;
	await nothingUnsent();
	expect(await stored()).toBe(`${FIRST_TEXT} A`);
});

test('[OFFLINE-8] of a dialogue that is only looked at nothing is kept', async () => {
	const page = await ready(browser.open(dialogue, { user: 3, part: 'observer' }));
	await page.connection.destroy();
	expect((await browser.kept.read()).size).toBe(0);
	expect(Y.encodeStateVector(page.connection.doc).length).toBeGreaterThan(1);
});
