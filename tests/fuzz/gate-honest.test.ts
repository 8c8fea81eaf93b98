/**
 * Honest pages of an annotator, of reviewers and of an observer, while the server adds turns, streams answers and
 * moves the dialogue from state to state. Nothing is refused that its sender may do, and all read the same in the end.
 */
import { afterAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { rate } from '../../src/lib/document/ratings.ts';
import { membersOf, standingOf, turnText, visibleTurnIds } from '../../src/lib/document/read-dialogue.ts';
import { choicesOf, commentsOf, draftOf, resolvedOf, turnsOf } from '../../src/lib/document/roots.ts';
import type { Rating } from '../../src/lib/document/rubric.ts';
import { rights, STATES, type Right } from '../../src/lib/document/workflow.ts';
import * as write from '../../src/lib/document/write-dialogue.ts';
import { isFreeIn } from '../../server/gate/client-owners.ts';
import { Refusal } from '../../server/gate/refusal.ts';
import { ANN, contentOf, OBS, openWorld, REV, RITA, type World } from '../support/gate-world.ts';
import { LONG, PATIENCE, seeds, Tally } from '../support/gate-tally.ts';
import { HonestPage, type Message } from '../support/honest-page.ts';
import { random, type Random } from '../support/random.ts';

const RUNS = LONG ? 150 : 6;
const STEPS = 2000;

/** Of them, 544352339: an undo brings back two values of one key in one item. */
const SEEDS = seeds([1000, 7, 544352339], 10);
const TALLY = new Tally('honest pages');

/** Of each kind one: what an honest page gives, by a throw of 0 to 4. */
const VALUES: Readonly<Record<string, (thrown: number) => Rating['value']>> = {
	helpful: (thrown) => 1 + thrown,
	spam: (thrown) => thrown > 2,
	tone: (thrown) => ['plain', 'warm', 'rude'][thrown % 3] ?? '',
};
const CRITERIA = Object.keys(VALUES);

/** The right that a place asks for, read off its path: independent of the policy. */
const NEEDS: Record<string, Right> = {
	turns: 'edit',
	draft: 'draft',
	ratings: 'rate',
	choices: 'rate',
	comments: 'comment',
	resolved: 'resolve',
};

const authorOf = (doc: Y.Doc, comment: string): string | undefined =>
	(commentsOf(doc).get(comment) as { author: string } | undefined)?.author;

class Run {
	readonly #name: string;
	readonly #r: Random;
	readonly #world: World;
	readonly #pages: HonestPage[];
	/** Whether this server also looks at what comes before a step 2, which then overlaps. */
	readonly #eager: boolean;
	#names = 0;
	readonly counts = { accepted: 0, concurrent: 0, trimmed: 0, nothing: 0, late: 0, undone: 0 };

	constructor(seed: number) {
		const r = (this.#r = random(seed));
		this.#name = `run ${seed}`;
		this.#eager = r.chance(0.3);
		const world = openWorld({ clientId: r.int(2 ** 32), exchanges: 3, together: r.chance(0.7) });
		this.#world = world;
		this.#pages = [ANN, ANN, REV, REV, RITA, OBS].map(
			(user) => new HonestPage(user, r, (client) => world.owners.bind(client, user, isFreeIn(world.doc))),
		);
		world.doc.on('update', (body: Uint8Array, origin: unknown) => {
			for (const page of this.#pages)
				if (page.hears && page !== origin) page.down.push({ kind: 'update', body });
		});
	}

	play(steps: number): void {
		// else the first edits are made before the first sync
		if (this.#r.chance(0.7)) this.#drain();
		for (let i = 0; i < steps; i++) this.#step();
		this.#drain();
	}

	check(): void {
		const want = contentOf(this.#world.doc);
		for (const page of this.#pages) {
			expect(contentOf(page.doc), `page of ${page.user}`).toBe(want);
			expect([page.doc.store.pendingStructs, page.doc.store.pendingDs]).toEqual([null, null]);
		}
	}

	#step(): void {
		const r = this.#r;
		const page = r.pick(this.#pages);
		const x = r.next();
		if (x < 0.22) this.#edit(page);
		else if (x < 0.24) this.counts.undone += page.undo.undo() ? 1 : 0;
		else if (x < 0.255) page.undo.redo();
		else if (x < 0.275) this.#comeOrGo(page);
		else if (x < 0.277) page.reload();
		else if (x < 0.287) this.#serve();
		else if (x < 0.55) this.#toServer(page);
		else this.#toPage(page);
	}

	#comeOrGo(page: HonestPage): void {
		if (!page.online) page.connect();
		else if (this.#r.chance(0.35)) page.disconnect();
	}

	#drain(): void {
		for (const page of this.#pages) if (!page.online) page.connect();
		// a refused page starts over: then there is more to come
		for (let busy = true; busy;) {
			busy = false;
			for (const page of this.#pages) {
				while (this.#toServer(page) || this.#toPage(page)) busy = true;
				if (!page.online) {
					page.connect();
					busy = true;
				}
			}
		}
	}

	#toPage(page: HonestPage): boolean {
		const message = page.down.shift();
		if (message) page.receive(message);
		return message !== undefined;
	}

	#toServer(page: HonestPage): boolean {
		const message = page.up.shift();
		if (message) this.#serverReceives(page, message);
		return message !== undefined;
	}

	#serverReceives(page: HonestPage, { kind, body }: Message): void {
		const { doc } = this.#world;
		if (kind === 'step1') {
			page.down.push({ kind: 'update', body: Y.encodeStateAsUpdate(doc, body) });
			page.down.push({ kind: 'step1', body: Y.encodeStateVector(doc) });
			page.hears = true;
			return;
		}
		if (kind === 'step2') page.synced = true;
		if (!page.synced && !this.#eager) return; // its step 2, still to come, repeats this
		const sender = this.#world.senderOf(page.user);
		try {
			const { apply, concurrent } = TALLY.receive(this.#world, page.user, body, this.#name, {
				carrier: kind === 'update' ? kind : 'step 2',
				origin: page,
			});
			if (apply === null) this.counts.nothing++;
			else this.counts.accepted++;
			if (apply !== null && apply !== body) this.counts.trimmed++;
			if (concurrent) this.counts.concurrent++;
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			if (!page.synced && (error.code === 'pending' || error.code === 'dangling')) return;
			// right only where the state has moved on under the edit
			expect(error.code, `${this.#name}: ${error.message}`).toBe('denied');
			const [root = '', key = ''] = error.path.split('/');
			const own = root === 'resolved' && authorOf(this.#world.doc, key) === page.user;
			const needs = own ? 'comment' : NEEDS[root];
			const has = rights(sender.part, sender.state, sender.together);
			expect(needs && !has.has(needs), `${page.user} refused ${error.path} in ${sender.state}`).toBe(true);
			this.counts.late++;
			page.startOver();
		}
	}

	/** The server's own writes. */
	#serve(): void {
		const r = this.#r;
		const { doc } = this.#world;
		const n = ++this.#names;
		const last = visibleTurnIds(doc).at(-1) ?? '';
		const response = {
			turnId: `s${n}`,
			candidateId: `sc${n}`,
			bot: { id: 9, name: 'Practice', practice: true },
		};
		const open = [...turnsOf(doc)].filter(([, turn]) => turn.get('state') === 'generating');
		const [turnId, turn] = open.length > 0 ? r.pick(open) : [];
		switch (r.int(8)) {
			case 0:
				write.addPrompt(doc, {
					id: `sp${n}`,
					author: ANN,
					text: draftOf(doc).toJSON().slice(0, 6) || 'prompt',
				});
				return write.beginResponse(doc, { ...response, parent: `sp${n}` });
			case 1:
				return write.beginResponse(doc, { ...response, parent: last, replaces: last });
			case 2:
				if (turn)
					write.streamUpTo(
						doc,
						turn.get('candidate') as string,
						`what the bot says, 😀 and more`.slice(0, r.int(30)),
					);
				return;
			case 3:
				if (turnId !== undefined && turn)
					write.finishResponse(doc, { turnId, candidateId: turn.get('candidate') as string, state: 'ready' });
				return;
			case 4:
				write.interruptGenerating(doc);
				return;
			case 5:
				return write.setState(doc, r.chance(0.7) ? r.pick(['in_progress', 'in_review']) : r.pick(STATES));
			case 6:
				return write.admit(doc, RITA, { name: `name of ${RITA}`, part: r.pick(['reviewer', 'observer']) });
			default:
				return write.setTogether(doc, r.chance(0.7));
		}
	}

	/** One allowed edit, as the page sees the dialogue. */
	#edit(page: HonestPage): void {
		const r = this.#r;
		const { user, doc } = page;
		const { state, together } = standingOf(doc);
		const has = rights(membersOf(doc)[user]?.part ?? 'observer', state, together);
		const turn = r.pick([...turnsOf(doc).keys(), 'none']);
		const comments = commentsOf(doc);
		/** A comment on a turn, on the dialogue, or on a comment that may be gone by now. */
		const remark = (text: string) => ({
			author: user,
			text,
			at: 1,
			...(turn !== 'none' && { turn }),
			...(comments.size > 0 && r.chance(0.4) && { replyTo: r.pick([...comments.keys()]) }),
		});
		const mine = [...comments.keys()].filter((id) => authorOf(doc, id) === user);
		const edits: (() => void)[] = [];
		const offer = (right: Right, ...some: (() => void)[]): void => {
			if (has.has(right)) edits.push(...some);
		};
		const text = turnText(doc, turn);
		if (text) offer('edit', ...Array.from({ length: 4 }, () => () => this.#type(text)));
		offer('draft', () => this.#type(draftOf(doc)));
		offer(
			'rate',
			() => {
				for (let i = r.int(3); i >= 0; i--) {
					const criterion = r.pick(CRITERIA);
					rate(doc, user, turn, criterion, { value: VALUES[criterion]?.(r.int(5)) ?? 0 });
				}
			},
			() => rate(doc, user, turn, r.pick(CRITERIA), null),
			() =>
				choicesOf(doc)
					.get(user)
					?.set(turn, { best: 'c0', degree: r.int(3) }),
		);
		offer('comment', () => {
			for (let i = r.int(2); i >= 0; i--) comments.set(`c${++this.#names}`, remark('a remark'));
		});
		if (mine.length > 0) {
			offer(
				'comment',
				() => comments.set(r.pick(mine), remark(`changed ${r.int(9)}`)),
				() => comments.delete(r.pick(mine)),
				() => resolvedOf(doc).set(r.pick(mine), r.chance(0.7)),
				() => resolvedOf(doc).delete(r.pick(mine)),
			);
		}
		if (comments.size > 0) {
			const id = r.pick([...comments.keys()]);
			offer(
				'resolve',
				() => resolvedOf(doc).set(id, r.chance(0.7)),
				() => resolvedOf(doc).delete(id),
			);
		}
		if (edits.length > 0) page.edit(r.pick(edits));
	}

	#type(text: Y.Text): void {
		const r = this.#r;
		for (let i = r.int(3); i >= 0; i--) {
			if (text.length > 0 && r.chance(0.45)) {
				const at = r.int(text.length);
				text.delete(at, Math.min(1 + r.int(6), text.length - at));
			} else text.insert(r.int(text.length + 1), r.pick(['x', 'hello ', 'né', '😀', 'a\nb']));
		}
	}
}

test.each(SEEDS)(
	'[GATE-7] honest pages are never refused what they may do, and converge (seed %i)',
	{ timeout: PATIENCE },
	(seed) => {
		const total = { accepted: 0, concurrent: 0, trimmed: 0, nothing: 0, late: 0, undone: 0 };
		TALLY.bounded(() => {
			for (let n = 0; n < RUNS; n++) {
				const run = new Run(seed + n);
				run.play(STEPS);
				run.check();
				for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += run.counts[key];
			}
		});
		// The runs were worth something: much got through, some of it made apart, and some came too late.
		expect(total.accepted).toBeGreaterThan(RUNS * 40);
		expect(total.undone).toBeGreaterThan(0);
		expect(total.nothing).toBeGreaterThan(0);
		expect(total.concurrent).toBeGreaterThan(0);
		expect(total.late).toBeGreaterThan(0);
	},
);

afterAll(() => TALLY.tell());
