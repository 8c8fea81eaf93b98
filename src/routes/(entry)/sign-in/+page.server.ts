import { fail, redirect } from '@sveltejs/kit';
import { secretOf, textOf } from '../../form-fields.ts';
import { localPath } from '../../local-path.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async ({ locals, url }) => {
	if (locals.user) redirect(303, localPath(url.searchParams.get('next')));
	return { firstRun: (await locals.services.users.count()) === 0 };
};

export const actions: Actions = {
	default: async ({ request, locals, url, getClientAddress }) => {
		const form = await request.formData();
		const email = textOf(form, 'email');
		const result = await locals.services.entry.signIn(email, secretOf(form, 'password'), getClientAddress());
		if (!result.ok) {
			const { why } = result;
			const status = why === 'slow' ? 429 : 401;
			return fail(status, { email, why, seconds: result.retryAfterSeconds ?? 0 });
		}
		locals.handBack(result.cookie);
		redirect(303, localPath(url.searchParams.get('next')));
	},
};
