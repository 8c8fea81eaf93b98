import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A conversation that nobody here wrote: prompts, and the answers recorded to them. */
export interface Recorded {
	name: string;
	language: 'en' | 'zh';
	turns: { prompt: string; answer: string }[];
}

const FOLDER = fileURLToPath(new URL('../../../shared/data/', import.meta.url));

/** What stands in where the folder of public data is absent: the same shapes, of our own writing. */
const OWN: Recorded[] = [
	{
		name: 'own-en',
		language: 'en',
		turns: [
			{ prompt: 'Name two uses of vinegar.', answer: 'Descaling a kettle, and dressing a salad.\n' },
			{ prompt: 'And a third?', answer: 'Cleaning windows — with `newspaper`, not cloth. 🪟' },
		],
	},
	{
		name: 'own-zh',
		language: 'zh',
		turns: [{ prompt: '给“春天”写两句诗。', answer: '东风一夜入帘栊，\n吹得桃花满院红。🌸' }],
	},
];

const linesOf = (file: string): unknown[] =>
	readFileSync(FOLDER + file, 'utf8')
		.split('\n')
		.filter(Boolean)
		.map((line) => JSON.parse(line) as unknown);

/** Six two-turn prompts of MT-Bench with GPT-4's recorded answers, and four Chinese tasks; ours where those are absent. */
export function realInput(): Recorded[] {
	if (!existsSync(FOLDER)) {
		console.log(`${FOLDER} is absent: the end-to-end test runs on samples of our own`);
		return OWN;
	}
	const answers = new Map(
		(
			linesOf('mt-bench-reference-answers.jsonl') as { question_id: number; choices: { turns: string[] }[] }[]
		).map(({ question_id, choices }) => [question_id, choices[0]?.turns ?? []]),
	);
	const english = (linesOf('mt-bench-questions.jsonl') as { question_id: number; turns: string[] }[])
		.filter(({ question_id }) => answers.has(question_id))
		.filter((_, i) => i % 5 === 0)
		.slice(0, 6)
		.map(({ question_id, turns }): Recorded => ({
			name: `mt-bench-${question_id}`,
			language: 'en',
			turns: turns.map((prompt, i) => ({ prompt, answer: answers.get(question_id)?.[i] ?? '' })),
		}));
	const chinese = (
		linesOf('zh-seed-tasks.jsonl') as {
			id: string;
			instruction: string;
			instances: { input: string; output: string }[];
		}[]
	)
		.filter(({ instances }) => (instances[0]?.output.length ?? 0) > 100)
		.slice(0, 4)
		.map(({ id, instruction, instances }): Recorded => ({
			name: id,
			language: 'zh',
			turns: instances.slice(0, 1).map(({ input, output }) => ({
				prompt: input ? `${instruction}\n${input}` : instruction,
				answer: output,
			})),
		}));
	return [...english, ...chinese];
}
