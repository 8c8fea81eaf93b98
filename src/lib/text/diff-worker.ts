import { wordDiff, type WordDiff } from './word-diff.ts';

export interface DiffRequest {
	id: number;
	a: string;
	b: string;
	locale: string;
}

export interface DiffAnswer {
	id: number;
	diff: WordDiff;
}

addEventListener('message', ({ data }: MessageEvent<DiffRequest>) => {
	const { id, a, b, locale } = data;
	postMessage({ id, diff: wordDiff(a, b, locale) } satisfies DiffAnswer);
});
