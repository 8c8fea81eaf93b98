import { expect, test } from 'vitest';
import type { DialogueView, TurnView } from '../../src/lib/document/dialogue-view.ts';
import { exportDialogues, type ExportSummary } from '../../server/workflow/export.ts';

const filter = { project: 1, state: 'accepted', format: 'messages' } as const;

function view(id: number, more: Partial<DialogueView> = {}): DialogueView {
	const turn = {
		state: 'ready',
		stale: false,
		ratings: {},
		earlier: [] as TurnView[],
		followers: [] as TurnView[],
	} as const;
	return {
		state: 'accepted',
		together: false,
		members: {},
		draft: '',
		ratings: {},
		turns: [
			{ ...turn, id: 'q', role: 'user', author: '1', text: `Q${id}` },
			{ ...turn, id: 'a', role: 'bot', author: 'bot:1', text: `A${id}`, original: 'o' },
		],
		...more,
	};
}

/** As many dialogues as a project may have, none of them kept. */
function project(count: number, change: (id: number) => Partial<DialogueView> = () => ({}), system = '') {
	const asked: { after: number; limit: number }[] = [];
	return {
		asked,
		ids: (after: number, limit: number) => {
			asked.push({ after, limit });
			const from = Math.floor(after / 3) + 1; // ids are 3, 6, 9, …
			const length = Math.max(0, Math.min(limit, count - from + 1));
			return Promise.resolve(Array.from({ length }, (_, i) => (from + i) * 3));
		},
		read: (id: number) => Promise.resolve({ view: view(id, change(id)), system }),
	};
}

async function collect(
	rows: AsyncGenerator<string, ExportSummary>,
): Promise<{ lines: string[]; summary: ExportSummary }> {
	const lines: string[] = [];
	for (;;) {
		const step = await rows.next();
		if (step.done) return { lines, summary: step.value };
		lines.push(step.value);
	}
}

test.each([0, 1, 199, 200, 201, 1000])(
	'[EXPORT-7] %i dialogues give as many rows, in order of id',
	async (count) => {
		const { lines, summary } = await collect(exportDialogues(filter, project(count)));
		expect(summary).toEqual({ filter, dialogues: count, rows: count, skipped: {} });
		expect(
			lines.map((line) => (JSON.parse(line) as { messages: { content: string }[] }).messages[0]?.content),
		).toEqual(Array.from({ length: count }, (_, i) => `Q${(i + 1) * 3}`));
	},
);

test('[EXPORT-7] it reads on by key, a page at a time, and no further than is asked for', async () => {
	const source = project(1000);
	const rows = exportDialogues(filter, source);
	for (let i = 0; i < 201; i += 1) await rows.next();
	expect(source.asked.map(({ after }) => after)).toEqual([0, 600]);
	await rows.return({ filter, dialogues: 0, rows: 0, skipped: {} });
	expect(source.asked).toHaveLength(2);
});

test('[EXPORT-7] the same filter over the same data gives the same bytes; it can begin after an id', async () => {
	const all = await collect(exportDialogues(filter, project(450)));
	expect((await collect(exportDialogues(filter, project(450)))).lines).toEqual(all.lines);
	const rest = await collect(exportDialogues({ ...filter, afterId: 600 }, project(450)));
	expect(rest.lines).toEqual(all.lines.slice(200));
});

test('[EXPORT-8] what gives no row is counted with its reason, and the system message is in each row', async () => {
	const source = project(
		9,
		(id) => {
			if (id === 9) return { turns: [] };
			if (id === 12) return { state: 'in_review' };
			return id === 15 ? { turns: view(id).turns.map((turn) => ({ ...turn, stale: true })) } : {};
		},
		'S',
	);
	const { lines, summary } = await collect(exportDialogues(filter, source));
	expect(summary).toEqual({
		filter,
		dialogues: 9,
		rows: 6,
		skipped: { 'no-response': 1, state: 1, stale: 1 },
	});
	for (const line of lines)
		expect(line).toMatch(/^\{"messages":\[\{"role":"system","content":"S"\},.*\]\}\n$/);
});

test('[EXPORT-8] a dialogue that cannot be read fails the export: it is never missing without a word', async () => {
	const source = { ...project(3), read: () => Promise.reject(new Error('the log is away')) };
	await expect(collect(exportDialogues(filter, source))).rejects.toThrow('the log is away');
});
