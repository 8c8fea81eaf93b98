import type { DiffAnswer, DiffRequest } from './diff-worker.ts';
import { wordDiff, type WordDiff } from './word-diff.ts';

interface Waiting {
	request: DiffRequest;
	resolve: (diff: WordDiff) => void;
}

/** One worker a page, started when it is first needed; `null` once it has failed. */
let worker: Worker | null | undefined;
let lastId = 0;
const waiting = new Map<number, Waiting>();

/** `wordDiff` off the page's thread, or on it where workers are not to be had. Wait for a pause in the typing first. */
export function diffInWorker(a: string, b: string, locale: string): Promise<WordDiff> {
	worker = worker === undefined ? startWorker() : worker;
	const present = worker;
	if (present === null) return Promise.resolve(wordDiff(a, b, locale));
	return new Promise((resolve) => {
		const request: DiffRequest = { id: (lastId += 1), a, b, locale };
		waiting.set(request.id, { request, resolve });
		present.postMessage(request);
	});
}

function startWorker(): Worker | null {
	try {
		const started = new Worker(new URL('./diff-worker.ts', import.meta.url), { type: 'module' });
		started.addEventListener('message', ({ data }: MessageEvent<DiffAnswer>) => {
			waiting.get(data.id)?.resolve(data.diff);
			waiting.delete(data.id);
		});
		started.addEventListener('error', () => {
			worker = null;
			started.terminate();
			for (const { request, resolve } of waiting.values()) {
				resolve(wordDiff(request.a, request.b, request.locale));
			}
			waiting.clear();
		});
		return started;
	} catch {
		return null;
	}
}
