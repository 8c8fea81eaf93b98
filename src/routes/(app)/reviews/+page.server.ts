import { redirect } from '@sveltejs/kit';
import { memberAs } from '../../access.ts';
import { idOf } from '../../form-fields.ts';
import { peopleNow } from '../../people-now.ts';
import { failWith } from '../../refusal.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async ({ locals, depends }) => {
	depends('live:reviews');
	const { user, project } = memberAs(locals, 'reviewer', 'lead');
	const { dialogues } = locals.services;
	const now = peopleNow(locals.services);
	const [waiting, mine, disputed, live] = await Promise.all([
		dialogues.list({
			project: project.id,
			states: ['submitted'],
			notAnnotator: user.id,
			order: 'longest-waiting',
			limit: 100,
		}),
		dialogues.list({ project: project.id, states: ['in_review'], reviewer: user.id }),
		dialogues.list({
			project: project.id,
			disputed: true,
			...(project.role === 'reviewer' && { reviewer: user.id }),
		}),
		dialogues.list({
			project: project.id,
			states: ['draft', 'in_progress', 'returned'],
			ids: [...now.keys()],
		}),
	]);
	return {
		waiting: waiting.items,
		mine: mine.items,
		disputed: disputed.items,
		live: live.items.map((one) => ({ ...one, people: now.get(one.id) ?? [] })),
	};
};

export const actions: Actions = {
	claim: async ({ locals, request }) => {
		const { user } = memberAs(locals, 'reviewer', 'lead');
		const id = idOf(await request.formData());
		const claimed = await locals.services.workflow.decide(user, id, { kind: 'claim' }).catch(failWith);
		if ('status' in claimed) return claimed;
		redirect(303, `/d/${id}`);
	},
};
