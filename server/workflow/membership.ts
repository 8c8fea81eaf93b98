import type { Role } from '#lib/document/workflow.ts';
import { Refused } from '#lib/wire/api-error.ts';
import type { Entry } from '../gate/entry.ts';
import type { Queries } from '../store/database.ts';
import type { Links } from '../store/links.ts';
import type { User, Users } from '../store/users.ts';
import type { Context } from './context.ts';
import { judgeParts } from './judge-parts.ts';

/** How long an invitation stands. */
const INVITE_MINUTES = 7 * 24 * 60;

export type Membership = ReturnType<typeof membershipCommands>;

/** Who belongs to a project and as what. Every change acts at once on sockets that are open. */
export function membershipCommands(ctx: Context & { users: Users; links: Links; entry: Entry }) {
	const mustLead = async (user: User, project: number, tx?: Queries): Promise<void> => {
		if ((await ctx.projects.roleOf(project, user.id, tx)) !== 'lead')
			throw new Refused('forbidden', 'Only a lead of the project changes its members');
	};
	const mustStayLed = async (project: number, without: number, tx: Queries): Promise<void> => {
		const members = await ctx.projects.members(project, tx);
		if (!members.some(({ user, role }) => role === 'lead' && user.id !== without && !user.disabled))
			throw new Refused('conflict', 'A project keeps at least one lead');
	};
	/** Two leads who take the role from each other at once: the second waits, and then may not any more. */
	const asLead = (by: User, project: number, change: (tx: Queries) => Promise<void>): Promise<void> =>
		ctx.db.transaction(async (tx) => {
			await ctx.projects.holdMembers(project, tx);
			await mustLead(by, project, tx);
			await change(tx);
		});
	return {
		/** Ends a session, and closes what it has open. @returns the `Set-Cookie` header that takes the cookie away. */
		async signOut(sessionId: string): Promise<string> {
			const cookie = await ctx.entry.signOut(sessionId);
			await ctx.hub.recheck({ sessionId }, () => 'signed out');
			return cookie;
		},
		/** @returns the token of a link that can be used once. */
		async invite(by: User, project: number, wish: { role: Role; email: string | null }): Promise<string> {
			await mustLead(by, project);
			return ctx.links.create({
				kind: 'invite',
				project,
				...wish,
				createdBy: by.id,
				minutes: INVITE_MINUTES,
			});
		},
		async revokeInvite(by: User, project: number, id: number): Promise<void> {
			await mustLead(by, project);
			const open = await ctx.links.openInvites(project);
			if (open.some((link) => link.id === id)) await ctx.links.revoke(id);
		},
		async changeRole(by: User, project: number, userId: number, role: Role): Promise<void> {
			await asLead(by, project, async (tx) => {
				if ((await ctx.projects.roleOf(project, userId, tx)) === null)
					throw new Refused('not-found', 'This person is not in the project');
				if (role !== 'lead') await mustStayLed(project, userId, tx);
				await ctx.projects.setRole(project, userId, role, tx);
			});
			await judgeParts(ctx, { userId });
		},
		async remove(by: User, project: number, userId: number): Promise<void> {
			await asLead(by, project, async (tx) => {
				await mustStayLed(project, userId, tx);
				await ctx.projects.removeMember(project, userId, tx);
			});
			await judgeParts(ctx, { userId });
		},
		/** Signs somebody out everywhere and keeps them out, or lets them in again. */
		async setDisabled(by: User, userId: number, disabled: boolean): Promise<void> {
			if (!by.owner) throw new Refused('forbidden', 'Only the owner of the installation disables accounts');
			if (by.id === userId) throw new Refused('conflict', 'You cannot disable your own account');
			if (disabled) await ctx.users.disable(userId);
			else await ctx.users.enable(userId);
			if (disabled) await ctx.hub.recheck({ userId }, () => 'signed out');
		},
	};
}
