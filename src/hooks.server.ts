import { redirect, type Handle, type HandleServerError } from '@sveltejs/kit';
import { isDensity } from '#lib/i18n/density.ts';
import { isTheme } from '#lib/i18n/theme.ts';
import { isLocale, preferredLocale, TAGS } from '#lib/i18n/words.ts';
import type { Services } from '#server/services.ts';
import { compressed } from './routes/compressed.ts';

/** Filled by whoever runs the pages: server/main.ts, or the Vite plugin. */
const SERVICES = Symbol.for('duologue.services');

/** Routes that answer people who are not signed in; every other one is closed. */
const OPEN = /^\/(\(entry\)|preferences|sign-out)(\/|$)/;

export const handle: Handle = async ({ event, resolve }) => {
	const { locals, cookies, request, route, url } = event;
	const services = await (globalThis as { [SERVICES]?: Promise<Services> })[SERVICES];
	if (!services) throw new Error('the services are not started');

	// The cookie only: a page that a bearer token opened could be posted to without the token.
	const identity = await services.entry.identify({ cookie: request.headers.get('cookie') ?? undefined });
	const handedBack = identity?.setCookie ? [identity.setCookie] : [];
	locals.services = services;
	locals.handBack = (cookie) => void handedBack.push(cookie);
	locals.user = identity?.user ?? null;
	locals.sessionId = identity?.sessionId ?? null;
	locals.projects = locals.user ? await services.projects.ofUser(locals.user.id) : [];
	locals.project = locals.projects[0] ?? null;
	const [locale, theme, density] = [cookies.get('locale'), cookies.get('theme'), cookies.get('density')];
	locals.locale = isLocale(locale)
		? locale
		: (locals.user?.locale ?? preferredLocale(request.headers.get('accept-language')));
	locals.theme = isTheme(theme) ? theme : 'system';
	locals.density = isDensity(density) ? density : 'regular';

	if (!locals.user && route.id !== null && !OPEN.test(route.id)) {
		const next = url.pathname + url.search;
		redirect(303, next === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`);
	}

	const response = await resolve(event, {
		transformPageChunk: ({ html }) =>
			html
				.replace('%lang%', TAGS[locals.locale])
				.replace('%theme%', locals.theme)
				.replace('%density%', locals.density),
	});
	for (const cookie of handedBack) response.headers.append('set-cookie', cookie);
	response.headers.set('x-content-type-options', 'nosniff');
	response.headers.set('referrer-policy', 'same-origin');
	response.headers.set('x-frame-options', 'DENY');
	return compressed(request, response);
};

export const handleError: HandleServerError = ({ error, event, status }) => {
	if (status >= 500)
		event.locals.services?.logger.error({ err: error, route: event.route.id }, 'page failed');
	return { message: status === 404 ? 'not-found' : 'internal' };
};
