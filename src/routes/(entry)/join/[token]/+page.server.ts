import { redirect } from '@sveltejs/kit';
import { failAccount, faultOf, readAccount } from '../../../account-form.ts';
import { openLink } from '../../../link-state.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async ({ locals, params }) => {
	const opened = await openLink(locals.services, params.token, 'invite');
	if (opened.state !== 'open') return { link: opened.state };
	const { link } = opened;
	const project = await locals.services.projects.get(link.project);
	if (!project) return { link: 'unknown' as const };
	return {
		link: 'open' as const,
		project: project.name,
		role: link.role,
		invited: link.email,
		known: locals.user && { name: locals.user.name, email: locals.user.email },
	};
};

export const actions: Actions = {
	default: async ({ request, locals, params, getClientAddress }) => {
		const account = readAccount(await request.formData(), locals);
		const result = await locals.services.entry
			.acceptInvite(params.token, account, getClientAddress())
			.catch(faultOf);
		if (!('ok' in result) || !result.ok) return failAccount(account, result);
		locals.handBack(result.cookie);
		redirect(303, '/');
	},
};
