import { expect, test } from 'vitest';
import type { CandidateView, ChoiceView, DialogueView, TurnView } from '#lib/document/dialogue-view.ts';
import { toPreferences, type PreferenceResult, type PreferenceRow } from '#lib/formats/preference.ts';
import { exportDialogues, type ExportSummary } from '../../server/workflow/export.ts';
import { everyKind } from '../support/rubrics.ts';

const still = { state: 'ready', stale: false, ratings: {}, earlier: [], followers: [] } as const;
const base = { ...still, earlier: [] as TurnView[], followers: [] as TurnView[] };

const prompt = (n: number): TurnView => ({ ...base, id: `p${n}`, role: 'user', author: '1', text: `Q${n}` });
const answer = (n: number, text: string, original?: string, choice?: ChoiceView): TurnView => ({
	...base,
	id: `b${n}`,
	role: 'bot',
	author: 'bot:1',
	text,
	...(original !== undefined && { original }),
	...(choice && { choice }),
});
const candidate = (id: string, text: string, state: CandidateView['state'] = 'ready'): CandidateView => ({
	id,
	text,
	state,
	bot: { name: 'Qwen', practice: false },
});
/** The annotator is 1, the reviewer 2. */
const choice = (best: string, degree: number, ...candidates: CandidateView[]): ChoiceView => ({
	id: 'b0',
	candidates,
	from: best === 'bad' ? null : 'a',
	given: { 1: { best, degree }, 2: { best: 'b', degree: 3 } },
});
const dialogue = (...turns: TurnView[]): DialogueView => ({
	state: 'accepted',
	together: false,
	members: {
		2: { name: 'Ana', part: 'reviewer', color: 2 },
		1: { name: 'Li', part: 'annotator', color: 1 },
	},
	draft: '',
	turns,
	ratings: {},
});
const rowsIn = (result: PreferenceResult): PreferenceRow[] => (result.ok ? result.rows : []);
const says = (content: string) => [{ role: 'assistant', content }];
const [a, b, c] = [candidate('a', 'A'), candidate('b', 'B'), candidate('c', 'C', 'failed')];

test('[CAND-10] an edit gives Final over what it was made from, a choice the chosen over each other, in that order', () => {
	const first = answer(0, 'A, edited', 'A', choice('a', 3, a, b, c));
	const result = toPreferences(dialogue(prompt(0), first, prompt(1), answer(1, 'Z!', 'Z')), { system: 'S' });
	const start = [
		{ role: 'system', content: 'S' },
		{ role: 'user', content: 'Q0' },
	];
	expect(result).toEqual({
		ok: true,
		rows: [
			{ prompt: start, chosen: says('A, edited'), rejected: says('A'), source: 'edit' },
			{ prompt: start, chosen: says('A'), rejected: says('B'), source: 'choice', degree: 3 },
			{
				prompt: [...start, ...says('A, edited'), { role: 'user', content: 'Q1' }],
				chosen: says('Z!'),
				rejected: says('Z'),
				source: 'edit',
			},
		],
	});
});

test('[RUBRIC-10] a pair says, where that is asked for, what people gave to the response that it is of', () => {
	const rated = { ...answer(0, 'A!', 'A'), ratings: { 2: { tone: { value: 'rude', why: 'curt' } } } };
	const view = { ...dialogue(prompt(0), rated), ratings: { 1: { stuck: { value: true } } } };
	const provenance = { dialogue: 7, authorship: new Map(), rubric: everyKind };
	const [pair] = rowsIn(toPreferences(view, { provenance }));
	expect(pair).toMatchObject({ source: 'edit' });
	expect(pair?.provenance).toEqual({
		dialogue: 7,
		turn: 'b0',
		rubric: { name: 'Every kind', version: 1 },
		ratings: [
			{
				by: { id: 2, name: 'Ana', part: 'reviewer' },
				values: { spam: false, unsafe: false, tone: 'rude' },
				reasons: { tone: 'curt' },
			},
		],
		dialogueRatings: [{ by: { id: 1, name: 'Li', part: 'annotator' }, values: { stuck: true }, reasons: {} }],
	});
	expect(rowsIn(toPreferences(view))[0]).not.toHaveProperty('provenance');
});

test('[RUBRIC-10] what the rubric does not know, and who is no member, is left out of an export', () => {
	const given = {
		1: { helpful: { value: 9 }, correct: { value: 2 }, other: { value: 3 } },
		2: { helpful: { value: 9 } },
		8: { helpful: { value: 3 } },
	};
	const rated = { ...answer(0, 'A!', 'A'), ratings: given };
	const provenance = { dialogue: 7, authorship: new Map(), rubric: everyKind };
	const [pair] = rowsIn(toPreferences(dialogue(prompt(0), rated), { provenance }));
	expect(pair?.provenance?.ratings.map(({ by, values }) => [by.id, values])).toEqual([
		[1, { correct: 2, spam: false, unsafe: false }],
	]);
});

test('[CAND-10] a tie, all bad, equal texts and nothing edited give no pair, and nothing does from a stale turn on', () => {
	const none = { ok: false, why: 'no-pair' };
	expect(toPreferences(dialogue(prompt(0), answer(0, 'A', 'A', choice('tie', 0, a, b))))).toEqual(none);
	const anew = answer(0, 'My own', undefined, choice('bad', 0, a, b));
	expect(toPreferences(dialogue(prompt(0), anew))).toEqual(none);
	const alike = choice('a', 2, a, candidate('d', 'A'));
	expect(toPreferences(dialogue(prompt(0), answer(0, 'A', 'A', alike)))).toEqual(none);
	expect(toPreferences(dialogue(prompt(0), answer(0, 'A', 'A')))).toEqual(none);
	const stale = { ...answer(1, 'Z!', 'Z'), stale: true };
	expect(toPreferences(dialogue(prompt(0), answer(0, 'A', 'A'), prompt(1), stale))).toEqual(none);
	expect(toPreferences(dialogue(prompt(0)))).toEqual({ ok: false, why: 'no-response' });
});

test('[CAND-10] an export of pairs has a row a pair, and counts the dialogues that give none', async () => {
	const views = [
		dialogue(prompt(0), answer(0, 'A, edited', 'A', choice('a', 1, a, b))),
		dialogue(prompt(0), answer(0, 'A', 'A')),
	];
	const filter = { project: 1, state: 'accepted', format: 'preference' } as const;
	const rows = exportDialogues(filter, {
		ids: (after) => Promise.resolve([1, 2].filter((id) => id > after)),
		read: (id) => Promise.resolve({ view: views[id - 1] ?? dialogue(), system: '' }),
	});
	const lines: string[] = [];
	let summary: ExportSummary | null = null;
	while (summary === null) {
		const step = await rows.next();
		if (step.done) summary = step.value;
		else lines.push(step.value);
	}
	expect(summary).toEqual({ filter, dialogues: 2, rows: 2, skipped: { 'no-pair': 1 } });
	expect(lines[1]).toBe(
		'{"prompt":[{"role":"user","content":"Q0"}],"chosen":[{"role":"assistant","content":"A"}],"rejected":[{"role":"assistant","content":"B"}],"source":"choice","degree":1}\n',
	);
});
