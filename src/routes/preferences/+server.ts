import { redirect } from '@sveltejs/kit';
import { isDensity } from '#lib/i18n/density.ts';
import { isTheme } from '#lib/i18n/theme.ts';
import { isLocale } from '#lib/i18n/words.ts';
import { readChoice, writeChoice } from '#lib/live/key-choice.ts';
import { localPath } from '../local-path.ts';
import type { RequestHandler } from './$types.js';
import { keysCookie } from './keys-cookie.ts';

const YEAR = 365 * 86_400;
/** What the dialogue page shows or not. */
const SWITCHES = ['who-wrote', 'carets', 'scroll-together'];

/** Keeps the language, the theme or another choice in a cookie, and goes back to the page; signed out too. */
export const POST: RequestHandler = async ({ request, cookies, locals, url }) => {
	const form = await request.formData();
	const [locale, theme, density, keys] = ['locale', 'theme', 'density', 'keys'].map((name) => form.get(name));
	const options = { path: '/', maxAge: YEAR, sameSite: 'lax', secure: url.protocol === 'https:' } as const;
	if (isLocale(locale)) {
		cookies.set('locale', locale, options);
		if (locals.user) await locals.services.users.setLocale(locals.user.id, locale);
	}
	if (isTheme(theme)) cookies.set('theme', theme, options);
	if (isDensity(density)) cookies.set('density', density, options);
	for (const name of SWITCHES) {
		const value = form.get(name);
		if (value === 'on' || value === 'off') cookies.set(name, value, options);
	}
	if (typeof keys === 'string' && locals.user)
		cookies.set(keysCookie(locals.user.id), writeChoice(readChoice(keys)), options);
	redirect(303, localPath(form.get('back')));
};
