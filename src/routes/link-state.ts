import type { Services } from '#server/services.ts';

type Link = NonNullable<Awaited<ReturnType<Services['links']['find']>>>;
type Kind = Link['kind'];

/** An entry link that is good for what its address says, or why not. Looking does not use it up. */
export type Opened<K extends Kind> =
	{ state: 'open'; link: Extract<Link, { kind: K }> } | { state: 'used' | 'expired' | 'unknown' };

export async function openLink<K extends Kind>(
	services: Services,
	token: string,
	kind: K,
): Promise<Opened<K>> {
	const link = await services.links.find(token);
	if (!link || link.kind !== kind) return { state: 'unknown' };
	return link.state === 'open'
		? { state: 'open', link: link as Extract<Link, { kind: K }> }
		: { state: link.state };
}
