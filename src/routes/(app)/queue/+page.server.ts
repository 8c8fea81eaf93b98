import { redirect } from '@sveltejs/kit';
import { isLocale } from '#lib/i18n/words.ts';
import { memberAs } from '../../access.ts';
import { idOf } from '../../form-fields.ts';
import { failWith } from '../../refusal.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { user, project } = memberAs(locals, 'annotator', 'lead');
	const { dialogues, topics } = locals.services;
	const q = url.searchParams.get('q')?.trim() ?? '';
	const wish = url.searchParams.get('language');
	const language = isLocale(wish) ? wish : '';
	const [own, page] = await Promise.all([
		dialogues.list({
			project: project.id,
			annotator: user.id,
			order: 'returned-first',
			states: ['returned', 'draft', 'in_progress'],
			limit: 50,
		}),
		topics.list({
			project: project.id,
			userId: user.id,
			q: q || undefined,
			language: language || undefined,
			cursor: url.searchParams.get('cursor') ?? undefined,
		}),
	]);
	const returned = own.items.filter(({ state }) => state === 'returned');
	const rows = await Promise.all(returned.map(({ id }) => dialogues.get(id)));
	const notes = new Map(rows.map((row) => [row?.id, row?.returnNote ?? null]));
	return {
		q,
		language,
		own: own.items.map((one) => ({ ...one, returnNote: notes.get(one.id) ?? null })),
		returned: returned.length,
		topics: page.items,
		next: page.next,
	};
};

export const actions: Actions = {
	next: async ({ locals, url }) => {
		const { user, project } = memberAs(locals, 'annotator', 'lead');
		const language = url.searchParams.get('language');
		const opened = await locals.services.workflow
			.open(user, { nextIn: project.id, ...(isLocale(language) && { language }) })
			.catch(failWith);
		if ('status' in opened) return opened;
		redirect(303, `/d/${opened.id}`);
	},
	open: async ({ locals, request }) => {
		const { user } = memberAs(locals, 'annotator', 'lead');
		const topic = idOf(await request.formData(), 'topic');
		const opened = await locals.services.workflow.open(user, { topic }).catch(failWith);
		if ('status' in opened) return opened;
		redirect(303, `/d/${opened.id}`);
	},
};
