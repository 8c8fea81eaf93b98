import { fail } from '@sveltejs/kit';
import { ROLES, type Role } from '#lib/document/workflow.ts';
import { memberAs } from '../../access.ts';
import { idOf, textOf } from '../../form-fields.ts';
import { failWith } from '../../refusal.ts';
import type { Actions, PageServerLoad } from './$types.js';

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const SIGN_IN_MINUTES = 24 * 60;

export const load: PageServerLoad = async ({ locals }) => {
	const { user, project } = memberAs(locals, 'lead');
	const [members, invites] = await Promise.all([
		locals.services.projects.members(project.id),
		locals.services.links.openInvites(project.id),
	]);
	return {
		me: { id: user.id, owner: user.owner },
		members: members.map(({ user: { id, name, email, owner, disabled }, role }) => ({
			id,
			name,
			email,
			owner,
			disabled,
			role,
		})),
		invites: invites.map(({ id, role, email, expiresAt }) => ({ id, role, email, expiresAt })),
	};
};

const roleIn = (form: FormData): Role | undefined => ROLES.find((role) => role === form.get('role'));

export const actions: Actions = {
	invite: async ({ locals, request, url }) => {
		const { user, project } = memberAs(locals, 'lead');
		const form = await request.formData();
		const [role, email] = [roleIn(form), textOf(form, 'email')];
		if (!role) return fail(400, { refused: 'bad-input' as const });
		if (email !== '' && !EMAIL.test(email)) return fail(400, { wrongEmail: email });
		const token = await locals.services.membership
			.invite(user, project.id, { role, email: email || null })
			.catch(failWith);
		if (typeof token !== 'string') return token;
		return { link: `${url.origin}/join/${token}` };
	},
	revoke: async ({ locals, request }) => {
		const { user, project } = memberAs(locals, 'lead');
		const id = idOf(await request.formData());
		return (await locals.services.membership.revokeInvite(user, project.id, id).catch(failWith)) ?? {};
	},
	role: async ({ locals, request }) => {
		const { user, project } = memberAs(locals, 'lead');
		const form = await request.formData();
		const role = roleIn(form);
		if (!role) return fail(400, { refused: 'bad-input' as const });
		const { membership } = locals.services;
		return (await membership.changeRole(user, project.id, idOf(form), role).catch(failWith)) ?? {};
	},
	remove: async ({ locals, request }) => {
		const { user, project } = memberAs(locals, 'lead');
		const id = idOf(await request.formData());
		return (await locals.services.membership.remove(user, project.id, id).catch(failWith)) ?? {};
	},
	disabled: async ({ locals, request }) => {
		const { user } = memberAs(locals, 'lead');
		const form = await request.formData();
		const disabled = form.get('disabled') === 'true';
		return (await locals.services.membership.setDisabled(user, idOf(form), disabled).catch(failWith)) ?? {};
	},
	/** Whoever holds such a link is that person: the owner's alone to give. */
	signInLink: async ({ locals, request, url }) => {
		const { user } = memberAs(locals, 'lead');
		if (!user.owner) return fail(403, { refused: 'forbidden' as const });
		const person = await locals.services.users.byId(idOf(await request.formData()));
		if (!person || person.disabled) return fail(404, { refused: 'not-found' as const });
		const token = await locals.services.links.create({
			kind: 'sign-in',
			userId: person.id,
			createdBy: user.id,
			minutes: SIGN_IN_MINUTES,
		});
		return { link: `${url.origin}/enter/${token}`, linkFor: person.name };
	},
};
