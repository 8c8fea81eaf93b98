/**
 * Opens the pages of dialogues where the server cannot be reached: with the scripts of this release, and the copies
 * that `device-pages.ts` has made. It is registered for /d/ alone, and changes nothing of what the server answers.
 */
import { build, version } from '$service-worker';
import { pagesOf } from '#lib/live/device-pages.ts';

interface Lasting extends Event {
	waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Lasting {
	readonly request: Request;
	respondWith(response: Promise<Response>): void;
}
interface Worker {
	addEventListener(name: 'install' | 'activate', hear: (event: Lasting) => void): void;
	addEventListener(name: 'fetch', hear: (event: Fetching) => void): void;
	skipWaiting(): Promise<void>;
}
const worker = self as unknown as Worker;

const SCRIPTS = `scripts-${version}`;
const scripts = new Set(build);
/** What a proxy says whose server is down. */
const DOWN = [502, 503, 504];

worker.addEventListener('install', (event) => {
	event.waitUntil(
		(async () => {
			await (await caches.open(SCRIPTS)).addAll(build);
			await worker.skipWaiting();
		})(),
	);
});

/** Pages of another release ask for scripts of another release. */
worker.addEventListener('activate', (event) => {
	const stay = [SCRIPTS, pagesOf(version)];
	event.waitUntil(
		caches
			.keys()
			.then((names) =>
				Promise.all(names.filter((name) => !stay.includes(name)).map((name) => caches.delete(name))),
			),
	);
});

worker.addEventListener('fetch', (event) => {
	const { request } = event;
	const { origin, pathname } = new URL(request.url);
	if (request.method !== 'GET' || origin !== location.origin) return;
	if (scripts.has(pathname)) event.respondWith(caches.match(pathname).then((kept) => kept ?? fetch(request)));
	else if (request.mode === 'navigate') event.respondWith(page(request, pathname));
});

async function page(request: Request, pathname: string): Promise<Response> {
	const response = await fetch(request).catch(() => null);
	const kept = response === null || DOWN.includes(response.status) ? await caches.match(pathname) : undefined;
	return kept ?? response ?? Response.error();
}
