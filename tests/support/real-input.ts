import { readFileSync } from 'node:fs';

/** A conversation that nobody here wrote: prompts, and the answers recorded to them. */
export interface Recorded {
	name: string;
	language: 'en' | 'zh';
	turns: { prompt: string; answer: string }[];
}

const FOLDER = new URL('../real-input/', import.meta.url);

const linesOf = <T>(file: string): T[] =>
	readFileSync(new URL(file, FOLDER), 'utf8')
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as T);

/** Six two-turn prompts of MT-Bench with GPT-4's recorded answers, and four Chinese tasks with theirs. */
export function realInput(): Recorded[] {
	const answers = new Map(
		linesOf<{ question_id: number; choices: { turns: string[] }[] }>('mt-bench-answers.jsonl').map(
			({ question_id, choices }) => [question_id, choices[0]?.turns ?? []],
		),
	);
	const english = linesOf<{ question_id: number; turns: string[] }>('mt-bench-questions.jsonl').map(
		({ question_id, turns }): Recorded => ({
			name: `mt-bench-${question_id}`,
			language: 'en',
			turns: turns.map((prompt, i) => ({ prompt, answer: answers.get(question_id)?.[i] ?? '' })),
		}),
	);
	const chinese = linesOf<{
		id: string;
		instruction: string;
		instances: [{ input: string; output: string }];
	}>('zh-seed-tasks.jsonl').map(({ id, instruction, instances: [{ input, output }] }): Recorded => ({
		name: id,
		language: 'zh',
		turns: [{ prompt: input ? `${instruction}\n${input}` : instruction, answer: output }],
	}));
	return [...english, ...chinese];
}
