import { redirect } from '@sveltejs/kit';
import type { RequestHandler } from './$types.js';

export const POST: RequestHandler = async ({ locals }) => {
	if (locals.sessionId) locals.handBack(await locals.services.membership.signOut(locals.sessionId));
	redirect(303, '/sign-in');
};
