import * as Y from 'yjs';
import { changeOf, type ChangesSince, type TurnChange } from '#lib/document/changes-since.ts';
import type { TurnView } from '#lib/document/dialogue-view.ts';
import { readDialogue } from '#lib/document/read-dialogue.ts';
import { turnsOf } from '#lib/document/roots.ts';
import type { ReplayRow } from '../store/replay.ts';
import { unpackUpdates } from '../store/update-log.ts';
import type { User } from '../store/users.ts';
import type { Context } from './context.ts';
import { standingIn } from './standing.ts';

/** Rows that are applied before the loop has its turn. */
const PAGE = 100;
/** A longer history is not gone through for this. */
const MOST_ROWS = 50_000;
const NOTHING: ChangesSince = { items: [], tooLong: false };

/** `changesSince`, which who asks again meanwhile does not have gone through twice. */
export function changesIn(ctx: Context): (user: User, id: number) => Promise<ChangesSince> {
	const underWay = new Map<string, Promise<ChangesSince>>();
	return (user, id) => {
		const key = `${user.id} ${id}`;
		const asked = underWay.get(key) ?? changesSince(ctx, user, id).finally(() => underWay.delete(key));
		underWay.set(key, asked);
		return asked;
	};
}

/**
 * What others changed in a dialogue since somebody last looked, turn by turn, in the order of the line: its history
 * is replayed as far as they had seen it, and from there on with an eye on who writes where. What people rate blind
 * is in other documents, and not told of.
 * @throws Refused `not-found`
 */
async function changesSince(ctx: Context, user: User, id: number): Promise<ChangesSince> {
	await standingIn(ctx, user.id, id);
	const [look, head] = await Promise.all([ctx.lastLooks.find(id, user.id), ctx.log.headOf(id)]);
	if (look === null) return NOTHING;
	const seqs = new Set([look.seq, ...Object.values(look.unseen)]);
	if (head <= Math.min(...seqs)) return NOTHING;
	if (head > MOST_ROWS) return { ...NOTHING, tooLong: true };
	const replay = new Replay(user.id, seqs);
	for (let at = 0; at < head;) {
		const rows = await ctx.log.rowsOf(id, at, PAGE);
		if (rows.length === 0) break;
		for (const row of rows) replay.apply(row);
		at += rows.length;
	}
	return { items: replay.changes((turn) => look.unseen[turn] ?? look.seq), tooLong: false };
}

/** Somebody has the dialogue no longer before them. `unseen`: turns whose changes they have not looked at. */
export async function lookAway(
	ctx: Context,
	user: User,
	id: number,
	unseen: readonly string[],
): Promise<void> {
	await standingIn(ctx, user.id, id);
	await ctx.lastLooks.keep(id, user.id, unseen);
}

/** A dialogue from its first row on, for one person: how turns stood at some seqs, and who touched them after. */
class Replay {
	readonly #doc = new Y.Doc();
	readonly #me: number;
	readonly #seqs: ReadonlySet<number>;
	/** seq → turn → how it stood after that row. */
	readonly #stood = new Map<number, Map<string, TurnView>>();
	/** turn → the last row in which somebody else wrote its text or its fields. */
	readonly #text = new Map<string, number>();
	readonly #fields = new Map<string, number>();

	constructor(me: number, seqs: ReadonlySet<number>) {
		this.#me = me;
		this.#seqs = seqs;
		turnsOf(this.#doc).observeDeep((events, { origin }) => {
			const { seq, author } = origin as ReplayRow;
			if (author === this.#me) return;
			for (const { path } of events) {
				const [turn, field] = path;
				if (turn !== undefined) (field === 'text' ? this.#text : this.#fields).set(String(turn), seq);
			}
		});
	}

	apply(row: ReplayRow): void {
		this.#doc.transact(() => {
			for (const update of unpackUpdates(row.body)) Y.applyUpdate(this.#doc, update);
		}, row);
		if (this.#seqs.has(row.seq)) this.#stood.set(row.seq, this.#turns());
	}

	/** `since`: up to where a turn was seen. */
	changes(since: (turn: string) => number): TurnChange[] {
		const changes: TurnChange[] = [];
		for (const now of this.#turns().values()) {
			const seq = since(now.id);
			const touched = {
				text: (this.#text.get(now.id) ?? 0) > seq,
				state: (this.#fields.get(now.id) ?? 0) > seq,
			};
			const change = changeOf(this.#stood.get(seq)?.get(now.id), now, touched, String(this.#me));
			if (change) changes.push(change);
		}
		return changes;
	}

	#turns(): Map<string, TurnView> {
		return new Map(readDialogue(this.#doc).turns.map((turn) => [turn.id, turn]));
	}
}
