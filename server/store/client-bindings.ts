import { int4s, int8s } from './binary-parameters.ts';
import type { Database, Queries } from './database.ts';
import { gathered } from './gathering.ts';

/** Somebody says that a Yjs client id of a dialogue is theirs. */
export interface Claim {
	dialogue: number;
	client: number;
	userId: number;
}

interface Binding {
	dialogue: number;
	client: number;
	user_id: number;
}

const textOf = ({ dialogue, client }: Claim | Binding): string => `${dialogue} ${client}`;
const whoseTextOf = (claim: Claim): string => `${textOf(claim)} ${claim.userId}`;

/**
 * Binds client ids to who claims them first, for good, and answers which claims hold: by `whoseTextOf`.
 * In the order of their keys, so that two nodes never wait for each other.
 */
async function bindAll(queries: Queries, claims: readonly Claim[]): Promise<Map<string, boolean>> {
	const bound = await queries.prepared<Binding>(
		'bind-clients',
		`insert into client_owner (dialogue, client, user_id)
		select distinct on (dialogue, client) dialogue, client, user_id
		from unnest($1::bigint[], $2::bigint[], $3::int[]) with ordinality c(dialogue, client, user_id, nth)
		order by dialogue, client, nth
		on conflict (dialogue, client) do update set user_id = client_owner.user_id
		returning dialogue, client, user_id`,
		[
			int8s(claims.map(({ dialogue }) => dialogue)),
			int8s(claims.map(({ client }) => client)),
			int4s(claims.map(({ userId }) => userId)),
		],
	);
	const owners = new Map(bound.map((binding) => [textOf(binding), binding.user_id]));
	return new Map(claims.map((claim) => [whoseTextOf(claim), owners.get(textOf(claim)) === claim.userId]));
}

/** Whether the claim holds; made in the caller's transaction. */
export async function bindClient(tx: Queries, claim: Claim): Promise<boolean> {
	return (await bindAll(tx, [claim])).get(whoseTextOf(claim)) === true;
}

/** As `bindClient`, for the many who come to the door at once: one commit for all of them. */
export function bindingsIn(db: Database): (claim: Claim) => Promise<boolean | null> {
	return gathered((claims) => bindAll(db, claims), whoseTextOf);
}
