import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { rate } from '#lib/document/ratings.ts';
import type { Rating } from '#lib/document/rubric.ts';
import { choicesOf, commentsOf, draftOf, raterMapsOf } from '#lib/document/roots.ts';
import { addPrompt, beginResponse, setState, streamUpTo } from '#lib/document/write-dialogue.ts';
import { unpackUpdates } from '../../server/store/update-log.ts';
import { answerIn } from '../support/answer-in.ts';
import { describeRooms } from '../support/room-suite.ts';
import { ANSWER, TURN, until, type Guest, type Rooms, type StockGuest } from '../support/rooms.ts';

const ANN: Guest = { userId: 1, part: 'annotator' };
const REV: Guest = { userId: 2, part: 'reviewer' };
const LEAD: Guest = { userId: 3, part: 'observer' };
const WHY = 'so-and-so, only for blind eyes';

const synced = async (guest: StockGuest): Promise<StockGuest> => {
	await until(() => guest.saved);
	return guest;
};
const given = (guest: StockGuest, user: number): Record<string, Rating> | undefined =>
	raterMapsOf(guest.doc).get(String(user))?.toJSON();

/** What the log holds of a document, to the byte. */
const bytes = async (rooms: Rooms, document: number) =>
	(await rooms.log.rowsOf(document, 0, 1000)).map(({ seq, author, body }) => ({
		seq,
		author,
		updates: unpackUpdates(body).map((update) => Array.from(update)),
	}));

const numberOf = (rooms: Rooms, dialogue: number, rater: number): number =>
	rooms.ratings(dialogue, rater)?.document ?? Number.NaN;

describeRooms('blind ratings', (open) => {
	describe('what may be written', () => {
		const everywhere: [string, (doc: Y.Doc, user: string) => void][] = [
			['a rating', (doc, user) => raterMapsOf(doc).get(user)?.set(`${ANSWER}/helpful`, { value: 3 })],
			['a choice', (doc, user) => choicesOf(doc).get(user)?.set(TURN, { best: 'tie', degree: 0 })],
		];

		test.each([
			['a place to rate', (doc: Y.Doc) => raterMapsOf(doc).set('1', new Y.Map())],
			['a place to choose', (doc: Y.Doc) => choicesOf(doc).set('1', new Y.Map())],
			['a rating without its place', (doc: Y.Doc) => raterMapsOf(doc).set('1', 3 as never)],
		])('[BLIND-2] the dialogue’s own document refuses %s, and stays as it is', async (_what, change) => {
			const rooms = await open();
			const dialogue = await rooms.blindDialogue(1);
			const ana = await synced(rooms.guest(dialogue, ANN));
			expect([...ana.doc.share.keys()].filter((root) => /ratings|choices/.test(root))).toEqual([]);
			const before = await bytes(rooms, dialogue);
			change(ana.doc);
			await until(() => ana.closed !== null);
			expect(ana.closed).toMatchObject({ code: 4403, reason: 'unknown-root' });
			expect(await bytes(rooms, dialogue)).toEqual(before);
		});

		test('[BLIND-2] even where something had made a place for them there, it refuses them', async () => {
			const rooms = await open();
			const dialogue = await rooms.blindDialogue(1);
			await rooms.hub.write(dialogue, 0, (doc) => {
				for (const root of [raterMapsOf(doc), choicesOf(doc)]) root.set('1', new Y.Map());
			});
			const before = await bytes(rooms, dialogue);
			for (const [, change] of everywhere) {
				const ana = await synced(rooms.guest(dialogue, ANN));
				const rows = await bytes(rooms, dialogue); // with her name
				change(ana.doc, '1');
				await until(() => ana.closed !== null);
				expect(ana.closed?.code).toBe(4403);
				expect(await bytes(rooms, dialogue)).toEqual(rows);
			}
			expect((await bytes(rooms, dialogue)).slice(0, before.length)).toEqual(before);
		});

		test('[BLIND-2] a rater’s document takes their ratings and choices, with author and time, and nothing else', async () => {
			const rooms = await open();
			const dialogue = await rooms.blindDialogue(1);
			const document = numberOf(rooms, dialogue, 1);
			const ana = await synced(rooms.guest(`${dialogue}.1`, ANN));
			const began = Date.now() - 1000;
			for (const [, change] of everywhere) change(ana.doc, '1');
			await until(() => ana.saved);
			const rows = await rooms.log.rowsOf(document, 0, 100);
			expect(rows.map(({ author }) => author)).toEqual([0, 1]);
			expect(rows.at(-1)?.at.getTime()).toBeGreaterThan(began);
			const kept = await rooms.replay(document);
			expect(raterMapsOf(kept).toJSON()).toEqual({ 1: { [`${ANSWER}/helpful`]: { value: 3 } } });
			expect(choicesOf(kept).toJSON()).toEqual({ 1: { [TURN]: { best: 'tie', degree: 0 } } });

			const others: ((doc: Y.Doc) => void)[] = [
				(doc) => draftOf(doc).insert(0, 'x'),
				(doc) => commentsOf(doc).set('c', { author: '1', text: 'x', at: 1 }),
				(doc) => doc.getMap('dialogue').set('state', 'accepted'),
				(doc) => doc.getMap('turns').set('t', 1),
				(doc) => raterMapsOf(doc).set('2', new Y.Map()),
			];
			const before = await bytes(rooms, document);
			for (const change of others) {
				const once = await synced(rooms.guest(`${dialogue}.1`, ANN));
				change(once.doc);
				await until(() => once.closed !== null);
				expect(once.closed?.code).toBe(4403);
			}
			expect(await bytes(rooms, document)).toEqual(before);
		});

		test('[BLIND-3] nobody else writes in a rating document, whatever their part, and it stays as it is', async () => {
			const rooms = await open();
			const dialogue = await rooms.blindDialogue(1, 2);
			const document = numberOf(rooms, dialogue, 1);
			const ana = await synced(rooms.guest(`${dialogue}.1`, ANN));
			rate(ana.doc, 1, ANSWER, 'helpful', { value: 3 });
			const ben = await synced(rooms.guest(`${dialogue}.2`, REV));
			rate(ben.doc, 2, ANSWER, 'helpful', { value: 2 });
			await until(() => ana.saved && ben.saved);
			const before = await bytes(rooms, document);
			const attacks: ((doc: Y.Doc) => void)[] = [
				(doc) => rate(doc, 1, ANSWER, 'helpful', { value: 1 }),
				(doc) => rate(doc, 1, ANSWER, 'helpful', null),
				(doc) => raterMapsOf(doc).set('2', new Y.Map()),
				(doc) => raterMapsOf(doc).delete('1'),
			];
			for (const who of [REV, LEAD, { userId: 4, part: 'observer' } as const])
				for (const attack of attacks) {
					const thief = await synced(rooms.guest(`${dialogue}.1`, who));
					attack(thief.doc);
					await until(() => thief.closed !== null);
					expect(thief.closed?.code).toBe(4403);
				}
			expect(await bytes(rooms, document)).toEqual(before);
			expect(ana.closes).toEqual([]);
		});

		test('[BLIND-3] nobody rates under another’s key in a document of their own, nor under another’s client id', async () => {
			const rooms = await open();
			const dialogue = await rooms.blindDialogue(1, 2);
			const document = numberOf(rooms, dialogue, 1);
			// As if somebody had made a place for another in it.
			await rooms.hub.write(rooms.ratings(dialogue, 1) ?? 0, 0, (doc) => {
				raterMapsOf(doc).set('2', new Y.Map());
			});
			const first = await synced(rooms.guest(`${dialogue}.1`, { ...ANN, client: 'own' }));
			rate(first.doc, 1, ANSWER, 'helpful', { value: 3 });
			await until(() => first.saved);
			const before = await bytes(rooms, document);
			const under = await synced(rooms.guest(`${dialogue}.1`, ANN));
			rate(under.doc, 2, ANSWER, 'helpful', { value: 1 });
			await until(() => under.closed !== null);
			expect(under.closed).toMatchObject({ code: 4403, reason: `denied ratings/2/${ANSWER}/helpful` });

			const stolen = await rooms.socket(`${dialogue}.1`, { ...LEAD, client: first.doc.clientID });
			await until(() => stolen.closed !== null);
			expect(stolen.closed?.code).toBe(4409);
			const server = await rooms.hub.read(rooms.ratings(dialogue, 1) ?? 0, (doc) => doc.clientID);
			const forger = await synced(rooms.guest(`${dialogue}.1`, ANN));
			const own = forger.doc.clientID;
			forger.doc.clientID = server;
			rate(forger.doc, 1, ANSWER, 'helpful', { value: 1 });
			await until(() => forger.closed !== null);
			forger.doc.clientID = own;
			expect(forger.closed?.code).toBe(4403);
			expect(await bytes(rooms, document)).toEqual(before);
		});

		test('[BLIND-3] a rater writes as the dialogue’s state allows, at once when that changes', async () => {
			const rooms = await open();
			const dialogue = await rooms.blindDialogue(1);
			const document = numberOf(rooms, dialogue, 1);
			const ana = await synced(rooms.guest(`${dialogue}.1`, ANN));
			rate(ana.doc, 1, ANSWER, 'helpful', { value: 3 });
			await until(() => ana.saved);
			await rooms.hub.write(dialogue, 0, (doc) => setState(doc, 'submitted'));
			const before = await bytes(rooms, document);
			rate(ana.doc, 1, ANSWER, 'helpful', { value: 1 });
			await until(() => ana.closed !== null);
			expect(ana.closed?.code).toBe(4403);
			expect(await bytes(rooms, document)).toEqual(before);
		});
	});

	describe('who is told', () => {
		/** Both have rated everything there is. */
		async function bothIn(): Promise<{ rooms: Rooms; dialogue: number; ana: StockGuest; ben: StockGuest }> {
			const rooms = await open();
			const dialogue = await rooms.blindDialogue(1, 2);
			const ana = await synced(rooms.guest(`${dialogue}.1`, ANN));
			const ben = await synced(rooms.guest(`${dialogue}.2`, REV));
			rate(ana.doc, 1, ANSWER, 'helpful', { value: 1, why: WHY });
			rate(ben.doc, 2, ANSWER, 'helpful', { value: 3 });
			await until(() => ana.saved && ben.saved);
			return { rooms, dialogue, ana, ben };
		}

		test('[BLIND-5] a room tells nobody whose own ratings are not in, whatever let them through the door', async () => {
			const rooms = await open();
			const dialogue = await rooms.blindDialogue(1, 2);
			const ana = await synced(rooms.guest(`${dialogue}.1`, ANN));
			rate(ana.doc, 1, ANSWER, 'helpful', { value: 1, why: WHY });
			await until(() => ana.saved);
			const early = await rooms.socket(`${dialogue}.1`, REV);
			early.send(Uint8Array.of(0, 0, 1, 0));
			await until(() => early.closed !== null);
			expect(early.closed).toEqual({ code: 4404, reason: 'no such dialogue' });
			expect(early.heard).toEqual([]);
		});

		test('[BLIND-6] who may see hears what changes, until a new response asks for a rating of theirs', async () => {
			const { rooms, dialogue, ana } = await bothIn();
			const ben = await synced(rooms.guest(`${dialogue}.1`, REV));
			expect(given(ben, 1)).toEqual({ [`${ANSWER}/helpful`]: { value: 1, why: WHY } });
			rate(ana.doc, 1, ANSWER, 'helpful', { value: 2 });
			await until(() => given(ben, 1)?.[`${ANSWER}/helpful`]?.value === 2);
			const heard = ben.heard.length;
			await rooms.hub.write(dialogue, 0, (doc) => {
				addPrompt(doc, { id: 'turn-2', author: 1, text: 'And?' });
				beginResponse(doc, {
					turnId: 'answer-2',
					candidateId: 'answer-2-c',
					parent: 'turn-2',
					bot: { id: 1, name: 'Bot', practice: true },
				});
			});
			// Rated before its first word: the response is being written, and theirs are not in.
			rate(ana.doc, 1, 'answer-2', 'helpful', { value: 1, why: 'the second' });
			await until(() => ana.saved && ben.closed !== null);
			expect(ben.closed).toEqual({ code: 4404, reason: 'no such dialogue' });
			expect(ben.heard.length).toBe(heard);
			await rooms.hub.write(dialogue, 0, (doc) => streamUpTo(doc, 'answer-2-c', 'Words'));
			const again = await rooms.socket(`${dialogue}.1`, REV);
			again.send(Uint8Array.of(0, 0, 1, 0));
			await until(() => again.closed !== null);
			expect(again.heard).toEqual([]);
		});

		test('[BLIND-6] taking an own rating back ends it, and giving it again opens it', async () => {
			const { rooms, dialogue, ana, ben: own } = await bothIn();
			const ben = await synced(rooms.guest(`${dialogue}.1`, REV));
			const heard = ben.heard.length;
			rate(own.doc, 2, ANSWER, 'helpful', null);
			await until(() => own.saved && ben.closed !== null);
			rate(ana.doc, 1, ANSWER, 'helpful', { value: 1, why: 'unheard' });
			await until(() => ana.saved);
			expect(ben.heard.length).toBe(heard);
			rate(own.doc, 2, ANSWER, 'helpful', { value: 3 });
			await until(() => own.saved);
			const again = await synced(rooms.guest(`${dialogue}.1`, REV));
			expect(given(again, 1)?.[`${ANSWER}/helpful`]).toEqual({ value: 1, why: 'unheard' });
		});

		test('[BLIND-6] the annotator sees the reviewer’s while the dialogue is decided, and not a moment longer', async () => {
			const { rooms, dialogue } = await bothIn();
			const step = (state: 'in_review' | 'returned' | 'in_progress') =>
				rooms.hub.write(dialogue, 0, (doc) => setState(doc, state));
			await step('in_review');
			const early = await rooms.socket(`${dialogue}.2`, ANN);
			early.send(Uint8Array.of(0, 0, 1, 0));
			await until(() => early.closed !== null);
			expect(early.heard).toEqual([]);
			await step('returned');
			const ana = await synced(rooms.guest(`${dialogue}.2`, ANN));
			expect(given(ana, 2)).toEqual({ [`${ANSWER}/helpful`]: { value: 3 } });
			await step('in_progress');
			await until(() => ana.closed !== null);
			expect(ana.closed?.code).toBe(4404);
		});

		test('[BLIND-6] a recheck sends away who may not look any more, and nobody else', async () => {
			const { rooms, dialogue, ana } = await bothIn();
			const ben = await synced(rooms.guest(`${dialogue}.1`, REV));
			const lea = await synced(rooms.guest(`${dialogue}.1`, LEAD));
			const asked: unknown[] = [];
			await rooms.hub.recheck({ dialogue }, (userId, ...place) => {
				asked.push([userId, ...place]);
				return userId === 3 ? 'not theirs' : { part: userId === 1 ? 'annotator' : 'reviewer' };
			});
			await until(() => lea.closed !== null);
			expect(lea.closed).toEqual({ code: 4404, reason: 'no such dialogue' });
			expect(asked.sort()).toEqual([
				[1, dialogue, 1],
				[2, dialogue, 1],
				[2, dialogue, 2],
				[3, dialogue, 1],
			]);
			expect([...ana.closes, ...ben.closes]).toEqual([]);
		});

		test('[BLIND-10] nobody is seen at a rating document, and lists of who is here do not count them', async () => {
			const { rooms, dialogue, ana, ben: own } = await bothIn();
			const ben = await synced(rooms.guest(`${dialogue}.1`, REV));
			for (const [guest, here] of [
				[ana, 'ana'],
				[ben, 'ben'],
				[own, 'ben'],
			] as const)
				// prettier-ignore
				guest.provider.awareness.setLocalState({ here });
			rate(ana.doc, 1, ANSWER, 'helpful', { value: 2 });
			await until(() => given(ben, 1)?.[`${ANSWER}/helpful`]?.value === 2);
			for (const guest of [ana, ben, own]) {
				expect(guest.heard).not.toContain('awareness');
				expect(guest.others).toEqual([]);
			}
			expect([...rooms.hub.everyone()].filter(([, present]) => present.length > 0)).toEqual([]);
			expect([...rooms.hub.everyone().keys()]).toEqual([dialogue]);
		});
	});

	describe('what they rest on', () => {
		test('[BLIND-8] nobody rates while a decision about the dialogue is being stored', async () => {
			const rooms = await open();
			const dialogue = await rooms.blindDialogue(1);
			const own = rooms.ratings(dialogue, 1);
			if (!own) throw new Error('no ratings');
			const ana = await synced(rooms.guest(`${dialogue}.1`, ANN));
			const release = rooms.db.hold();
			let seen: unknown;
			const decision = rooms.hub.write(
				dialogue,
				1,
				(doc) => {
					seen = rooms.hub.settledRatings(own) && 'settled';
					setState(doc, 'submitted');
				},
				() => Promise.resolve(),
			);
			await until(() => seen === 'settled');
			const before = await bytes(rooms, own.document);
			rate(ana.doc, 1, ANSWER, 'helpful', { value: 1 });
			await until(() => rooms.hub.settledRatings(own) === null);
			release();
			await decision;
			await until(() => ana.closed !== null);
			expect(ana.closed?.code).toBe(4403);
			expect(await bytes(rooms, own.document)).toEqual(before);
		});

		test('[BLIND-8] when the decision cannot be stored, what waited is judged by the state that stands', async () => {
			const rooms = await open();
			const dialogue = await rooms.blindDialogue(1);
			const own = rooms.ratings(dialogue, 1);
			if (!own) throw new Error('no ratings');
			const ana = await synced(rooms.guest(`${dialogue}.1`, ANN));
			const decision = rooms.hub.write(
				dialogue,
				1,
				(doc) => setState(doc, 'submitted'),
				() => Promise.reject(new Error('the effect fails')),
			);
			rate(ana.doc, 1, ANSWER, 'helpful', { value: 2 });
			await expect(decision).rejects.toThrow('the effect fails');
			await until(() => ana.saved);
			expect(ana.closed).toBeNull();
			const kept = await rooms.replay(own.document);
			expect(raterMapsOf(kept).toJSON()).toEqual({ 1: { [`${ANSWER}/helpful`]: { value: 2 } } });
		});

		test('[BLIND-8] ratings that are being stored are not settled', async () => {
			const rooms = await open();
			const dialogue = await rooms.blindDialogue(1);
			const own = rooms.ratings(dialogue, 1);
			if (!own) throw new Error('no ratings');
			expect(rooms.hub.settledRatings(own)).toBeNull(); // not here
			const ana = await synced(rooms.guest(`${dialogue}.1`, ANN));
			expect(rooms.hub.settledRatings(own)).not.toBeNull();
			const { appends } = rooms.db;
			const release = rooms.db.hold();
			rate(ana.doc, 1, ANSWER, 'helpful', { value: 2 });
			await until(() => rooms.db.appends > appends);
			expect(rooms.hub.settledRatings(own)).toBeNull();
			release();
			await until(() => ana.saved);
			expect(rooms.hub.settledRatings(own)).not.toBeNull();
		});
	});

	describe('how they are kept', () => {
		const QUICK = { unloadAfter: 20, sleepAfter: 20, tendEvery: 10 };

		test('[BLIND-9] a rating is in the log before anybody hears of it, and there after a kill', async () => {
			const rooms = await open();
			const dialogue = await rooms.blindDialogue(1, 2);
			const lea = await synced(rooms.guest(`${dialogue}.1`, LEAD));
			const ana = await synced(rooms.guest(`${dialogue}.1`, ANN));
			const { appends } = rooms.db;
			const release = rooms.db.hold();
			rate(ana.doc, 1, ANSWER, 'helpful', { value: 1, why: WHY });
			await until(() => rooms.db.appends > appends);
			expect(given(lea, 1)).toEqual({});
			release();
			await until(() => ana.saved && given(lea, 1)?.[`${ANSWER}/helpful`] !== undefined);
			rooms.kill();
			rate(ana.doc, 1, ANSWER, 'spam', { value: true });
			rooms.restart();
			await until(() => ana.saved);
			const both = { [`${ANSWER}/helpful`]: { value: 1, why: WHY }, [`${ANSWER}/spam`]: { value: true } };
			await until(() => given(lea, 1)?.[`${ANSWER}/spam`] !== undefined);
			expect(given(lea, 1)).toEqual(both);
			const document = numberOf(rooms, dialogue, 1);
			expect(raterMapsOf(await rooms.replay(document)).toJSON()).toEqual({ 1: both });
		});

		test('[BLIND-9] with nobody there all rooms of a blind dialogue are left, and read again from snapshots', async () => {
			const rooms = await open({ timing: QUICK });
			const dialogue = await rooms.blindDialogue(1, 2);
			const document = numberOf(rooms, dialogue, 1);
			const ana = await synced(rooms.guest(`${dialogue}.1`, ANN));
			const ben = await synced(rooms.guest(`${dialogue}.2`, REV));
			rate(ana.doc, 1, ANSWER, 'helpful', { value: 1, why: WHY });
			rate(ben.doc, 2, ANSWER, 'helpful', { value: 3 });
			await until(() => ana.saved && ben.saved);
			ana.leave();
			await until(async () => (await rooms.figure('rooms_awake')) === 0);
			// Ana is away and Ben is not: he can still be judged by what is here.
			expect(rooms.hub.everyone().has(dialogue)).toBe(true);
			const reading = await synced(rooms.guest(`${dialogue}.1`, REV));
			expect(given(reading, 1)).toEqual({ [`${ANSWER}/helpful`]: { value: 1, why: WHY } });
			reading.leave();
			ben.leave();
			await until(async () => {
				const [awake, asleep] = [await rooms.figure('rooms_awake'), await rooms.figure('rooms_asleep')];
				return awake + asleep === 0;
			});
			expect(await rooms.stored.load(document)).toMatchObject({ head: 2, tail: [], snapshot: { seq: 2 } });
			const again = await synced(rooms.guest(`${dialogue}.1`, ANN));
			expect(given(again, 1)).toEqual({ [`${ANSWER}/helpful`]: { value: 1, why: WHY } });
			// Judged by the state that the sleeping dialogue is in.
			rate(again.doc, 1, ANSWER, 'helpful', { value: 2 });
			await until(() => again.saved);
			expect(again.closed).toBeNull();
		});

		test('[BLIND-9] when one of the rooms of a blind dialogue is given up, who reads comes again through the door', async () => {
			const rooms = await open({ timing: { flushWithin: 600, retryEvery: 10 } });
			const dialogue = await rooms.blindDialogue(1, 2);
			const own = await synced(rooms.guest(`${dialogue}.2`, REV));
			rate(own.doc, 2, ANSWER, 'helpful', { value: 3 });
			await until(() => own.saved);
			const ben = await synced(rooms.guest(`${dialogue}.1`, REV));
			rooms.db.failBefore = 100;
			rate(own.doc, 2, ANSWER, 'helpful', { value: 2 });
			await until(() => own.closes.length > 0 && ben.closes.length > 0);
			rooms.db.failBefore = 0;
			await until(() => own.saved);
			expect(ben.closes).toContain(1012);
		});

		test('[BLIND-9] a dialogue that people rate openly is not touched by any of this', async () => {
			const rooms = await open();
			const dialogue = await rooms.dialogue();
			const ana = await rooms.guest(dialogue, ANN).ready();
			const ben = await rooms.guest(dialogue, REV).ready();
			await rooms.hub.write(dialogue, 0, (doc) => answerIn(doc, ANSWER, TURN));
			rate(ana.doc, 1, ANSWER, 'helpful', { value: 1, why: WHY });
			await until(() => given(ben, 1)?.[`${ANSWER}/helpful`] !== undefined);
			expect(given(ben, 1)).toEqual({ [`${ANSWER}/helpful`]: { value: 1, why: WHY } });
		});
	});
});
