/** Copies of dialogues' pages, for the service worker to open them where the server cannot be reached. */

const PREFIX = 'dialogues-';

/** The cache of a release's pages. */
export const pagesOf = (version: string): string => PREFIX + version;

const SCOPE = '/d/';

const pathOf = (dialogue: number): string => SCOPE + dialogue;

/**
 * Makes the page of a dialogue open without the server from now on; what stands in it then comes from the shelf.
 * Where the browser has no service workers (on plain http, or in private windows) nothing happens.
 */
export async function keepPage(dialogue: number, version: string): Promise<void> {
	if (!('serviceWorker' in navigator) || !('caches' in globalThis)) return;
	await navigator.serviceWorker.register('/service-worker.js', { scope: SCOPE });
	const cache = await caches.open(pagesOf(version));
	const path = pathOf(dialogue);
	if (await cache.match(path)) return;
	const response = await fetch(path, { redirect: 'error' });
	if (response.ok) await cache.put(path, response);
}

/** Takes all pages away: somebody else may be at this browser next. */
export async function forgetPages(): Promise<void> {
	await eachPages((name) => caches.delete(name));
}

/** Takes the pages of all other dialogues away. */
export async function keepOnlyPages(dialogues: ReadonlySet<number>): Promise<void> {
	const paths = new Set([...dialogues].map(pathOf));
	await eachPages(async (name) => {
		const cache = await caches.open(name);
		for (const request of await cache.keys())
			if (!paths.has(new URL(request.url).pathname)) await cache.delete(request);
	});
}

async function eachPages(work: (name: string) => Promise<unknown>): Promise<void> {
	if (!('caches' in globalThis)) return;
	for (const name of await caches.keys()) if (name.startsWith(PREFIX)) await work(name);
}
