import { redirect } from '@sveltejs/kit';
import { failAccount, faultOf, readAccount } from '../../../account-form.ts';
import { openLink } from '../../../link-state.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async ({ locals, params }) => ({
	link: (await openLink(locals.services, params.token, 'owner')).state,
});

export const actions: Actions = {
	default: async ({ request, locals, params }) => {
		const account = readAccount(await request.formData(), locals);
		const result = await locals.services.entry.createOwner(params.token, account).catch(faultOf);
		if (!('ok' in result) || !result.ok) return failAccount(account, result);
		locals.handBack(result.cookie);
		redirect(303, '/queue');
	},
};
