const HERE = 'http://here.invalid';

/** `wish` when it is a path on this site, else `fallback`: a link in a mail must not lead people elsewhere. */
export function localPath(wish: unknown, fallback = '/'): string {
	if (typeof wish !== 'string' || !wish.startsWith('/') || !URL.canParse(wish, HERE)) return fallback;
	const url = new URL(wish, HERE);
	return url.origin === HERE ? url.pathname + url.search + url.hash : fallback;
}
