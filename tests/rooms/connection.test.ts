import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { turnText } from '../../src/lib/document/read-dialogue.ts';
import { Connection } from '../../src/lib/live/connection.svelte.ts';
import { MemoryShelf } from '../../src/lib/live/memory-shelf.ts';
import type { Shelf } from '../../src/lib/live/shelf.ts';
import { NotSaved } from '../../src/lib/live/waiting.ts';
import { ENGINES, type FreshDatabase } from '../support/databases.ts';
import { docFrom, FIRST_TEXT, Rooms, TURN, until } from '../support/rooms.ts';

const engine = ENGINES[0];
if (!engine) throw new Error('There is no engine to test on');

/** The page around a connection, as far as it needs one. */
const page = new EventTarget();
let fresh: FreshDatabase;
let rooms: Rooms;
let dialogue: number;
let connection: Connection;
/** Addresses of the sockets that were opened. */
const came: URL[] = [];

beforeAll(async () => {
	fresh = await engine.open();
});
afterAll(() => fresh.close());
beforeEach(async () => {
	vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
	vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
	const { WebSocket } = globalThis;
	// The door of these rooms believes who the URL says it is.
	vi.stubGlobal(
		'WebSocket',
		class extends WebSocket {
			constructor(url: string | URL) {
				came.push(new URL(url));
				super(`${String(url)}&user=1`);
			}
		},
	);
	rooms = await Rooms.open(fresh.db);
	dialogue = await rooms.dialogue();
	connection = open(new MemoryShelf());
	await until(() => connection.synced && connection.saved === 'saved');
});
afterEach(async () => {
	await connection.destroy();
	await rooms.close();
	vi.unstubAllGlobals();
});

function open(shelf: Shelf): Connection {
	const wsOrigin = rooms.url.replace('/sync', '');
	return new Connection(dialogue, { user: '1', shelf: Promise.resolve(shelf), keepsAll: true, wsOrigin });
}

function textOf(doc: Y.Doc): Y.Text {
	const text = turnText(doc, TURN);
	if (!text) throw new Error('The turn has not come yet');
	return text;
}
const stored = async (): Promise<string> =>
	textOf(docFrom((await rooms.log.rowsOf(dialogue, 0, 100_000)).map(({ body }) => body))).toJSON();
const leaving = (): boolean => page.dispatchEvent(new Event('beforeunload', { cancelable: true }));

test('[LIVE-1] saved means committed, and leaving before that is warned of', async () => {
	expect(connection.status).toEqual({ kind: 'live' });
	expect(leaving()).toBe(true);
	const commit = rooms.db.hold();
	textOf(connection.doc).insert(0, 'New: ');
	let saved = false;
	const whenSaved = connection.whenSaved().then(() => (saved = true));
	const before = rooms.db.appends;
	await until(() => rooms.db.appends > before || connection.saved !== 'saving');
	expect([connection.saved, saved, leaving()]).toEqual(['saving', false, false]);
	commit();
	await whenSaved;
	expect(connection.saved).toBe('saved');
	expect(await stored()).toBe(`New: ${FIRST_TEXT}`);
	expect(leaving()).toBe(true);
});

test('[LIVE-4] what is typed offline is counted and not called saved', async () => {
	await rooms.hub.close();
	await until(() => connection.status.kind === 'offline');
	textOf(connection.doc).insert(0, 'A');
	textOf(connection.doc).insert(0, 'B');
	expect(connection.status).toEqual({ kind: 'offline', unsent: 2 });
	expect(connection.saved).toBe('offline');
});

test('[LIVE-4] a network that went away is noticed at once, and another socket tried', async () => {
	page.dispatchEvent(new Event('offline'));
	expect(connection.status).toEqual({ kind: 'offline', unsent: 0 });
	textOf(connection.doc).insert(0, 'A');
	await connection.whenSaved();
	await until(() => connection.status.kind === 'live');
	expect(await stored()).toBe(`A${FIRST_TEXT}`);
});

test('[ROOM-81] every socket of a page comes with what the page has at that moment', async () => {
	const has = () => Buffer.from(came.at(-1)?.searchParams.get('has') ?? '', 'base64url');
	expect(Y.decodeStateVector(has()).size).toBe(0);
	await rooms.hub.close();
	await until(() => connection.status.kind === 'offline');
	textOf(connection.doc).insert(0, 'A');
	page.dispatchEvent(new Event('offline')); // another socket
	expect(Y.decodeStateVector(has())).toEqual(Y.decodeStateVector(Y.encodeStateVector(connection.doc)));
});

test('[LIVE-5] signed out: closed for good, and what waits to be saved fails', async () => {
	const commit = rooms.db.hold();
	textOf(connection.doc).insert(0, 'A');
	const whenSaved = connection.whenSaved();
	await rooms.hub.recheck({ userId: 1 }, () => 'signed out');
	await expect(whenSaved).rejects.toThrow(NotSaved);
	commit();
	expect(connection.status).toMatchObject({ kind: 'closed', code: 4401 });
	expect(connection.saved).toBe('failed');
	await expect(connection.whenSaved()).rejects.toMatchObject({ code: 4401 });
});

test('[LIVE-6] refused: the page starts afresh, and what was typed is kept to be copied', async () => {
	const refused = connection.doc;
	refused.transact(() => {
		textOf(refused).insert(0, 'Typed. ');
		refused.getMap('dialogue').set('state', 'accepted');
	});
	await expect(connection.whenSaved()).rejects.toMatchObject({ code: 4403 });
	await until(() => connection.synced && connection.late.items.length > 0);
	expect(connection.late.items).toMatchObject([
		{ fits: true, change: { kind: 'text', turn: TURN, now: FIRST_TEXT, text: `Typed. ${FIRST_TEXT}` } },
	]);
	expect(leaving()).toBe(false);
	expect(connection.doc).not.toBe(refused);
	expect(textOf(connection.doc).toJSON()).toBe(FIRST_TEXT);
	textOf(connection.doc).insert(0, 'Again. ');
	await connection.whenSaved();
	for (const item of connection.late.items) await connection.late.drop(item);
	expect([connection.late.items, leaving()]).toEqual([[], true]);
	expect(await stored()).toBe(`Again. ${FIRST_TEXT}`);
});

test('[LIVE-7] a page that is refused again and again stops', async () => {
	const refusals = async (): Promise<void> => {
		while (connection.status.kind !== 'closed') {
			const { doc } = connection;
			doc.getMap('dialogue').set('state', 'accepted');
			await until(() => connection.doc !== doc || connection.status.kind === 'closed');
			await until(() => connection.synced || connection.status.kind === 'closed');
		}
	};
	await refusals();
	expect(connection.status).toMatchObject({ kind: 'closed', code: 4403 });
});
