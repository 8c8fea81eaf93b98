import { error } from '@sveltejs/kit';
import type { Role } from '#lib/document/workflow.ts';
import type { Membership } from '#server/store/projects.ts';
import type { User } from '#server/store/users.ts';

/**
 * Who asks and in which project, for loads and actions alike: an action runs without its layout's load.
 * @throws 403 for who has no project, or none of these roles in it.
 */
export function memberAs(locals: App.Locals, ...roles: Role[]): { user: User; project: Membership } {
	const { user, project } = locals;
	if (!user) error(401, 'signed-out');
	if (!project) error(403, { message: 'no-project', code: 'no-project' });
	if (roles.length > 0 && !roles.includes(project.role)) error(403, 'forbidden');
	return { user, project };
}

/** Where somebody begins. */
export function homeOf(role: Role | undefined): string {
	return role === 'lead' ? '/dialogues' : role === 'reviewer' ? '/reviews' : '/queue';
}
