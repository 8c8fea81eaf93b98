import { redirect } from '@sveltejs/kit';
import { isTheme } from '#lib/i18n/theme.ts';
import { isLocale } from '#lib/i18n/words.ts';
import { localPath } from '../local-path.ts';
import type { RequestHandler } from './$types.js';

const YEAR = 365 * 86_400;

/** Keeps the language, the theme or another choice in a cookie, and goes back to the page; signed out too. */
export const POST: RequestHandler = async ({ request, cookies, locals, url }) => {
	const form = await request.formData();
	const [locale, theme, whoWrote] = [form.get('locale'), form.get('theme'), form.get('who-wrote')];
	const options = { path: '/', maxAge: YEAR, sameSite: 'lax', secure: url.protocol === 'https:' } as const;
	if (isLocale(locale)) {
		cookies.set('locale', locale, options);
		if (locals.user) await locals.services.users.setLocale(locals.user.id, locale);
	}
	if (isTheme(theme)) cookies.set('theme', theme, options);
	if (whoWrote === 'on' || whoWrote === 'off') cookies.set('who-wrote', whoWrote, options);
	redirect(303, localPath(form.get('back')));
};
