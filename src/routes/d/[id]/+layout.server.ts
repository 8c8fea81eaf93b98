import type { LayoutServerLoad } from './$types.js';

/** Known also where the dialogue cannot be shown. */
export const load: LayoutServerLoad = ({ locals }) => ({ me: locals.user?.id ?? null });
