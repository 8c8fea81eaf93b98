import type { DialogueView, TurnView } from '../document/dialogue-view.ts';
import { givenRatings, ratedBy, type GivenRatings, type RatedBy } from './given-ratings.ts';
import { toMessages, type MessagesRow, type Omission, type Provenance } from './messages.ts';

type Message = MessagesRow['messages'][number];

/** A row of the `preference` format, as TRL's DPOTrainer reads it; readers that need no more pass over the rest. */
export interface PreferenceRow {
	/** What came before, by its Final texts. */
	prompt: Message[];
	chosen: [Message];
	rejected: [Message];
	/** `edit`: Final over the response that it was made from. `choice`: the chosen response over another. */
	source: 'edit' | 'choice';
	/** By how much, 1 to 3, where somebody chose. */
	degree?: number;
	/** Where the row comes from. Only for who asks. */
	provenance?: RatedBy & {
		dialogue: number;
		turn: string;
		/** What people gave to the response that the pair is of. */
		ratings: GivenRatings[];
	};
}

/** `no-pair`: nothing was edited, and nothing chosen. */
export type PreferenceResult = { ok: true; rows: PreferenceRow[] } | { ok: false; why: Omission | 'no-pair' };

/**
 * The pairs of a dialogue, turn by turn, by what its annotator chose. A tie, and where all are bad, gives none, nor
 * does a response that broke off: it lost by that. Nothing from a stale turn on.
 */
export function toPreferences(
	view: DialogueView,
	{ system = '', provenance }: { system?: string; provenance?: Provenance | undefined } = {},
): PreferenceResult {
	const whole = toMessages(view, { system });
	if (!whole.ok) return whole;
	const { messages } = whole.row;
	const first = system === '' ? 0 : 1;
	const annotator = Object.keys(view.members).find((user) => view.members[user]?.part === 'annotator');
	const rows: PreferenceRow[] = [];
	for (const [at, turn] of view.turns.slice(0, messages.length - first).entries()) {
		const prompt = messages.slice(0, first + at);
		for (const pair of pairsOf(turn, annotator))
			rows.push({ prompt, ...pair, ...(provenance && { provenance: fromWhere(view, turn, provenance) }) });
	}
	return rows.length > 0 ? { ok: true, rows } : { ok: false, why: 'no-pair' };
}

const fromWhere = (
	view: DialogueView,
	{ id, ratings }: TurnView,
	{ dialogue, rubric }: Provenance,
): NonNullable<PreferenceRow['provenance']> => ({
	dialogue,
	turn: id,
	ratings: givenRatings(ratings, 'turn', rubric, view),
	...ratedBy(view, rubric),
});

type Pair = Omit<PreferenceRow, 'prompt' | 'provenance'>;

function pairsOf({ role, text, original, choice }: TurnView, annotator: string | undefined): Pair[] {
	if (role === 'user') return [];
	const pairs: Pair[] = [];
	if (original !== undefined && isPair(text, original))
		pairs.push({ chosen: said(text), rejected: said(original), source: 'edit' });
	const given = annotator === undefined ? undefined : choice?.given[annotator];
	const best = choice?.candidates.find(({ id }) => id === given?.best);
	if (!best || !given) return pairs;
	for (const other of choice?.candidates ?? [])
		if (other.state !== 'failed' && isPair(best.text, other.text))
			pairs.push({
				chosen: said(best.text),
				rejected: said(other.text),
				source: 'choice',
				degree: given.degree,
			});
	return pairs;
}

const said = (content: string): [Message] => [{ role: 'assistant', content }];

const isPair = (a: string, b: string): boolean => a !== b && a.trim() !== '' && b.trim() !== '';
