import type { LayoutServerLoad } from './$types.js';

export const load: LayoutServerLoad = ({ locals: { user, project } }) => ({
	account: user && { id: user.id, name: user.name, email: user.email, owner: user.owner },
	project,
});
