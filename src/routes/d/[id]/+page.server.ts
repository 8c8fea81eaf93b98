import { error } from '@sveltejs/kit';
import { API_STATUS } from '#lib/wire/api-error.ts';
import { keysCookie } from '../../preferences/keys-cookie.ts';
import { refusalOf } from '../../refusal.ts';
import type { PageServerLoad } from './$types.js';

/** The dialogue as it stands now, to be read before its socket is open. */
export const load: PageServerLoad = async ({ locals, params, cookies }) => {
	if (!locals.user) error(401, 'signed-out');
	if (!/^[1-9]\d{0,14}$/.test(params.id)) error(404, 'not-found');
	try {
		return {
			opening: await locals.services.workflow.view(locals.user, Number(params.id)),
			kept: {
				whoWrote: cookies.get('who-wrote') === 'on',
				carets: cookies.get('carets') !== 'off',
				scrollsTogether: cookies.get('scroll-together') !== 'off',
				keys: cookies.get(keysCookie(locals.user.id)) ?? '',
			},
		};
	} catch (problem) {
		const code = refusalOf(problem);
		error(API_STATUS[code], code);
	}
};
