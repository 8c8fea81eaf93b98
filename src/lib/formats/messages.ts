import type { DialogueView, TurnView } from '../document/dialogue-view.ts';
import type { Rubric } from '../document/rubric.ts';
import type { Authorship, NamedShare } from '../measure/shares.ts';
import { givenRatings, ratedBy, type GivenRatings, type RatedBy } from './given-ratings.ts';

/** A row of the `messages` format, as TRL, OpenAI fine-tuning, Axolotl and LLaMA-Factory read it. */
export interface MessagesRow {
	messages: { role: 'system' | 'user' | 'assistant'; content: string }[];
	/** Where the row comes from. Only for who asks: some readers take no other key. */
	provenance?: RatedBy & {
		dialogue: number;
		/** Who wrote each of the messages; nobody the system message. */
		authorship: (readonly NamedShare[])[];
		/** What people gave to each of the messages; nothing but to responses. */
		ratings: GivenRatings[][];
	};
}

/** Where a dialogue's rows come from. */
export interface Provenance {
	dialogue: number;
	authorship: Authorship;
	rubric: Rubric;
}

/** What `toMessages` is told beside the dialogue. */
interface Beside {
	system?: string;
	provenance?: Provenance | undefined;
}

/**
 * Why a dialogue gives no row. `no-response`: no prompt has an answer; `unanswered`: a prompt before the end has
 * none; `empty-prompt`: a prompt is blank; `out-of-order`: prompts and responses do not alternate; `stale`: all
 * its text comes after an edit that its responses do not know.
 */
export type Omission = 'no-response' | 'unanswered' | 'empty-prompt' | 'out-of-order' | 'stale';

export type MessagesResult = { ok: true; row: MessagesRow } | { ok: false; why: Omission };

/**
 * The dialogue's visible turns as messages, texts exactly as people left them. Ends before the first stale turn,
 * and without a last prompt that nobody answered. A failed response counts as an answer if it has text: people
 * saw it, and completed or accepted it.
 */
export function toMessages(view: DialogueView, { system = '', provenance }: Beside = {}): MessagesResult {
	const stale = view.turns.findIndex((turn) => turn.stale);
	const turns = stale === -1 ? view.turns : view.turns.slice(0, stale);
	const last = turns.findLastIndex((turn) => turn.role === 'bot' && answered(turn));
	if (last === -1) return { ok: false, why: stale === -1 ? 'no-response' : 'stale' };

	const messages: MessagesRow['messages'] = [];
	const authorship: (readonly NamedShare[])[] = [];
	const ratings: GivenRatings[][] = [];
	if (system !== '') {
		messages.push({ role: 'system', content: system });
		authorship.push([]);
		ratings.push([]);
	}
	for (const [at, turn] of turns.slice(0, last + 1).entries()) {
		if (turn.role !== (at % 2 === 0 ? 'user' : 'bot')) return { ok: false, why: 'out-of-order' };
		if (turn.role === 'bot') {
			if (!answered(turn)) return { ok: false, why: 'unanswered' };
			messages.push({ role: 'assistant', content: turn.text });
		} else {
			if (turn.text.trim() === '') return { ok: false, why: 'empty-prompt' };
			messages.push({ role: 'user', content: turn.text });
		}
		if (!provenance) continue;
		authorship.push(provenance.authorship.get(turn.id) ?? []);
		ratings.push(givenRatings(turn.ratings, 'turn', provenance.rubric, view));
	}
	if (!provenance) return { ok: true, row: { messages } };
	const { dialogue, rubric } = provenance;
	const rated = ratedBy(view, rubric);
	return { ok: true, row: { messages, provenance: { dialogue, authorship, ratings, ...rated } } };
}

function answered(turn: TurnView): boolean {
	return turn.state !== 'generating' && turn.text.trim() !== '';
}
