import { fail, redirect } from '@sveltejs/kit';
import { openLink } from '../../../link-state.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async ({ locals, params }) => {
	const opened = await openLink(locals.services, params.token, 'sign-in');
	if (opened.state !== 'open') return { link: opened.state };
	const person = await locals.services.users.byId(opened.link.userId);
	if (!person || person.disabled) return { link: 'unknown' as const };
	return { link: 'open' as const, name: person.name };
};

export const actions: Actions = {
	/** The page that is shown then says why: its load looks at the link again. */
	default: async ({ locals, params }) => {
		const result = await locals.services.entry.followSignInLink(params.token);
		if (!result.ok) return fail(410, { refused: result.why });
		locals.handBack(result.cookie);
		redirect(303, '/');
	},
};
