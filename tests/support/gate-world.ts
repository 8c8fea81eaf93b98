/** A document with people in it, and the gate before it. */
import * as Y from 'yjs';
import { membersOf, standingOf } from '../../src/lib/document/read-dialogue.ts';
import { draftOf } from '../../src/lib/document/roots.ts';
import type { DialogueState, Part } from '../../src/lib/document/workflow.ts';
import * as write from '../../src/lib/document/write-dialogue.ts';
import { ClientOwners, isFreeIn } from '../../server/gate/client-owners.ts';
import type { Sender } from '../../server/gate/authority.ts';
import type { Carrier } from '../../server/gate/limits.ts';
import { UpdateGate } from '../../server/gate/update-gate.ts';
import { policies } from './rubrics.ts';

export const ANN = '1';
export const REV = '2';
/** Another reviewer. */
export const RITA = '3';
/** An observer. */
export const OBS = '4';

export const PARTS: Readonly<Record<string, Part>> = {
	[ANN]: 'annotator',
	[REV]: 'reviewer',
	[RITA]: 'reviewer',
	[OBS]: 'observer',
};

/** Adds prompt `p<n>` and its whole answer: turn `b<n>`, candidate `c<n>`. */
function addExchange(doc: Y.Doc, n: number, answer = `answer ${n} lorem ipsum dolor sit amet`): void {
	beginExchange(doc, n);
	write.streamUpTo(doc, `c${n}`, answer);
	write.finishResponse(doc, { turnId: `b${n}`, candidateId: `c${n}`, state: 'ready' });
}

/** The same with a bot that is still writing. */
export function beginExchange(doc: Y.Doc, n: number): void {
	write.addPrompt(doc, { id: `p${n}`, author: ANN, text: `prompt ${n} lorem ipsum` });
	write.beginResponse(doc, {
		turnId: `b${n}`,
		candidateId: `c${n}`,
		parent: `p${n}`,
		bot: { id: 9, name: 'Practice', practice: true },
	});
}

/** How an update comes in; as a step 2 it may cost most. */
export interface Handing {
	carrier?: Carrier;
	origin?: unknown;
}

export interface World {
	doc: Y.Doc;
	gate: UpdateGate;
	owners: ClientOwners;
	/** Client ids with their users, as they were bound here. */
	bound: Map<number, string>;
	senderOf(user: string): Sender;
	/** A synced copy under a client id that is bound to `user`. */
	copyFor(user: string, clientId?: number): Y.Doc;
	/** A client id bound to `user` that has written nothing. */
	freshId(user: string): number;
	/** Hands an update to the gate as `user`, under the state that the document is in. */
	receive(user: string, update: Uint8Array, how?: Handing): ReturnType<UpdateGate['receive']>;
	/** Edits a copy and hands in what that makes. */
	edit(user: string, change: (doc: Y.Doc) => void, copy?: Y.Doc): ReturnType<UpdateGate['receive']>;
}

export function openWorld(
	options: {
		exchanges?: number;
		state?: DialogueState;
		together?: boolean;
		clientId?: number;
		gc?: boolean;
	} = {},
): World {
	const doc = new Y.Doc({ gc: options.gc ?? true });
	doc.clientID = options.clientId ?? doc.clientID;
	write.begin(doc, { topic: 1, state: options.state ?? 'in_progress', together: options.together ?? true });
	for (const [user, part] of Object.entries(PARTS)) write.admit(doc, user, { name: `name of ${user}`, part });
	for (let n = 0; n < (options.exchanges ?? 2); n++) addExchange(doc, n);
	const owners = new ClientOwners();
	const gate = new UpdateGate(doc, policies.whole, owners);

	const bound = new Map<number, string>();
	const bind = (client: number, user: string): void => {
		if (owners.bind(client, user, isFreeIn(doc))) bound.set(client, user);
	};

	const world: World = {
		doc,
		gate,
		owners,
		bound,
		senderOf: (user) => {
			const part = membersOf(doc)[user]?.part ?? 'observer';
			return { userId: user, part, ...standingOf(doc) };
		},
		copyFor: (user, clientId) => {
			const copy = new Y.Doc();
			if (clientId !== undefined) copy.clientID = clientId;
			bind(copy.clientID, user);
			Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
			return copy;
		},
		freshId: (user) => {
			const { clientID } = new Y.Doc();
			bind(clientID, user);
			return clientID;
		},
		receive: (user, update, { carrier = 'step 2', origin = null } = {}) =>
			gate.receive(update, world.senderOf(user), carrier, origin),
		edit: (user, change, copy = world.copyFor(user)) => world.receive(user, updateOf(copy, change)),
	};
	return world;
}

/** What an edit adds to `doc`, as the one update that a provider would send. */
export function updateOf(doc: Y.Doc, change: (doc: Y.Doc) => void): Uint8Array {
	const updates: Uint8Array[] = [];
	const collect = (update: Uint8Array): void => void updates.push(update);
	doc.on('update', collect);
	doc.transact(() => {
		change(doc);
	}, 'page');
	doc.off('update', collect);
	const [update] = updates;
	if (update === undefined || updates.length > 1) throw new Error(`${updates.length} updates`);
	return update;
}

/** Everything that can be read in a document, in one canonical string. */
export function contentOf(doc: Y.Doc): string {
	const content: unknown[] = [draftOf(doc).toJSON()];
	for (const name of policies.whole.fields.keys())
		if (name !== 'draft') content.push(doc.getMap(name).toJSON());
	return JSON.stringify(content, (_key, value: unknown) =>
		typeof value === 'object' && value !== null && !Array.isArray(value)
			? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
			: value,
	);
}
