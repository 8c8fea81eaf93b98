import { STATES } from '#lib/document/workflow.ts';
import { memberAs } from '../../access.ts';
import { peopleNow } from '../../people-now.ts';
import type { PageServerLoad } from './$types.js';

export const load: PageServerLoad = async ({ locals, url, depends }) => {
	depends('live:dialogues');
	const { project } = memberAs(locals, 'lead');
	const { dialogues } = locals.services;
	const now = peopleNow(locals.services);
	const state = STATES.find((one) => one === url.searchParams.get('state')) ?? null;
	const disputed = url.searchParams.has('disputed');
	const cursor = url.searchParams.get('cursor') ?? undefined;
	const [page, live] = await Promise.all([
		dialogues.list({
			project: project.id,
			states: state ? [state] : undefined,
			disputed: disputed || undefined,
			cursor,
		}),
		dialogues.list({ project: project.id, ids: [...now.keys()], limit: 200 }),
	]);
	const here = live.items.flatMap(({ id }) => now.get(id) ?? []);
	return {
		state,
		disputed,
		older: cursor !== undefined,
		next: page.next,
		live: { dialogues: live.items.length, people: new Set(here.map(({ userId }) => userId)).size },
		dialogues: page.items.map((one) => ({ ...one, people: now.get(one.id) ?? [] })),
	};
};
