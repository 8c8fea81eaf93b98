import { membersOf } from '#lib/document/read-dialogue.ts';
import type { User } from '../store/users.ts';
import type { Context } from './context.ts';
import { standingIn } from './standing.ts';

/** Whose the Yjs client ids are that wrote in a dialogue. */
export interface WhoWrote {
	/** Whoever wrote anything; who only looked is not among them. */
	people: { id: number; name: string; clients: number[] }[];
	/** The server's own. */
	server: number[];
}

/** @throws Refused `not-found` */
export async function whoWrote(ctx: Context, user: User, id: number): Promise<WhoWrote> {
	await standingIn(ctx, user.id, id);
	return ctx.hub.read(id, (doc, ownerOf) => {
		const members = membersOf(doc);
		const clients = Map.groupBy(doc.store.clients.keys(), ownerOf);
		const server = clients.get(undefined) ?? [];
		clients.delete(undefined);
		const people = [...clients].map(([owner = '', clients]) => ({
			id: Number(owner),
			name: members[owner]?.name ?? '',
			clients,
		}));
		return { people: people.sort((a, b) => a.id - b.id), server };
	});
}
