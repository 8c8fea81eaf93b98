/** The attacks at a live socket. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { packUpdates } from '../../server/store/update-log.ts';
import { embedded, type FreshDatabase } from '../support/databases.ts';
import { EDITS, FORGERIES } from '../support/gate-attacks/all.ts';
import type { Attack } from '../support/gate-attacks/attack.ts';
import { ANN, OBS, PARTS, REV, RITA, type World } from '../support/gate-world.ts';
import { Rooms, until, type Guest, type StockGuest } from '../support/rooms.ts';
import { everyKind } from '../support/rubrics.ts';
import { writeSync } from '../support/write-messages.ts';

let lastDialogue = 900_000;

const guest = (user: string): Guest => ({
	userId: Number(user),
	part: PARTS[user] ?? 'observer',
	name: `name of ${user}`,
});

/** The world's document as a dialogue of its own, its client ids bound as they are there. */
async function housed(rooms: Rooms, { doc, bound }: World): Promise<number> {
	const dialogue = ++lastDialogue;
	await rooms.db.query('insert into head (dialogue) values ($1)', [dialogue]);
	const body = packUpdates([Y.encodeStateAsUpdate(doc)]);
	await rooms.log.append([{ dialogue, rows: [{ author: 0, body }] }]);
	for (const [client, user] of bound) await rooms.log.bindClient(dialogue, client, Number(user));
	return dialogue;
}

/** A socket binds an id that is nobody's to who writes under it first. */
const isOneHere = ({ name }: Attack): boolean => name !== 'a struct under nobody’s client id';
/** Each kind of them: one by one they are before the gate itself. */
const some = (attacks: readonly Attack[]): readonly Attack[] =>
	attacks.filter((_attack, n) => n % Math.ceil(attacks.length / 40) === 0);

let fresh: FreshDatabase;
let rooms: Rooms;
/** Everybody in a dialogue of their own. */
const elsewhere: Record<string, StockGuest> = {};
beforeAll(async () => {
	fresh = await embedded.open();
	rooms = await Rooms.open(fresh.db, { rubricOf: () => Promise.resolve(everyKind) });
	for (const user of [ANN, REV, RITA, OBS]) {
		const own = rooms.guest(await rooms.dialogue(), { userId: Number(user), name: `name of ${user}` });
		elsewhere[user] = await own.ready();
	}
});
afterAll(async () => {
	await rooms.close();
	await fresh.close();
});

async function isRefused({ by, code, prepare }: Attack): Promise<void> {
	const { world, update } = prepare();
	const dialogue = await housed(rooms, world);
	const partner = await rooms.socket(dialogue, guest(by === REV ? ANN : REV));
	await partner.sync();
	const attacker = await rooms.socket(dialogue, guest(by));
	await attacker.sync();
	const look = (): Promise<Uint8Array> => rooms.hub.read(dialogue, (doc) => Y.encodeStateAsUpdate(doc));
	const before = await look();
	const rows = await rooms.log.rowsOf(dialogue, 0, 100);
	const heard = partner.heard.length;

	attacker.send(writeSync('update', update), writeSync('update', update));
	await until(() => attacker.closed !== null);
	expect(attacker.closed?.code).toBe(4403);
	expect(attacker.closed?.reason.split(' ')[0]).toBe(code);
	expect(await look()).toEqual(before);
	expect(await rooms.log.rowsOf(dialogue, 0, 100)).toEqual(rows);
	expect(partner.heard.slice(heard).filter(({ kind }) => kind !== 'awareness')).toEqual([]);
	await partner.sync();
	expect(partner.closed).toBeNull();

	const own = elsewhere[by];
	own?.type('x');
	await until(() => own?.saved === true);
	expect(own?.closes).toEqual([]);
	partner.leave();
}

test.each(Object.entries({ ...EDITS, ...FORGERIES }))(
	'[GATE-14] an attack changes nothing in its dialogue, closes its own socket with the rule, and no other: %s',
	async (_group, attacks) => {
		for (const attack of some(attacks).filter(isOneHere))
			await isRefused(attack).catch((cause: unknown) => {
				throw new Error(`at: ${attack.name}`, { cause });
			});
	},
);
