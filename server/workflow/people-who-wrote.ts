import { membersOf } from '#lib/document/read-dialogue.ts';
import type { User } from '../store/users.ts';
import type { Context } from './context.ts';
import { standingIn } from './standing.ts';

/** Somebody who wrote in a dialogue, and the Yjs client ids under which they did. */
export interface Writer {
	id: number;
	name: string;
	clients: number[];
}

/**
 * Whoever wrote anything in a dialogue; who only looked is not among them. A client id of the dialogue that nobody
 * here has is the server's.
 * @throws Refused `not-found`
 */
export async function peopleWhoWrote(ctx: Context, user: User, id: number): Promise<Writer[]> {
	await standingIn(ctx, user.id, id);
	return ctx.hub.read(id, (doc, ownerOf) => {
		const members = membersOf(doc);
		const writers = new Map<string, Writer>();
		for (const client of doc.store.clients.keys()) {
			const owner = ownerOf(client);
			if (owner === undefined) continue;
			const known = writers.get(owner);
			if (known) known.clients.push(client);
			else writers.set(owner, { id: Number(owner), name: members[owner]?.name ?? '', clients: [client] });
		}
		return [...writers.values()].sort((a, b) => a.id - b.id);
	});
}
