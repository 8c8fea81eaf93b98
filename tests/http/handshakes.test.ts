import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../server/config.ts';
import { acceptSockets } from '../../server/http/upgrade.ts';
import { startServices, type Services } from '../../server/services.ts';
import { embeddedDirectory } from '../support/embedded-directory.ts';
import { connection, handshake } from '../support/raw-socket.ts';
import { until } from '../support/rooms.ts';

const MOST = 3;
/** Nobody’s, which only the database knows. */
const TOKEN = `dlg_${'x'.repeat(43)}`;

/** Services on a database of their own, behind a door that takes so many handshakes at once. */
async function door(handshakes: number): Promise<{ services: Services; origin: string }> {
	const { dir, remove } = await embeddedDirectory('migrated');
	onTestFinished(remove);
	const services = await startServices(readConfig({ DATA_DIR: dir, LOG_LEVEL: 'silent' }));
	onTestFinished(() => services.close());
	const http = createServer().listen(0, '127.0.0.1');
	acceptSockets(http, services, { handshakes });
	await once(http, 'listening');
	onTestFinished(() => void http.close());
	return { services, origin: `http://127.0.0.1:${(http.address() as AddressInfo).port}` };
}

/** Keeps the database from answering anybody else until `release`. */
async function hold({ db }: Services): Promise<{ release: () => Promise<void> }> {
	const held = Promise.withResolvers<void>();
	const begun = Promise.withResolvers<void>();
	const whole = db.transaction(() => (begun.resolve(), held.promise));
	await begun.promise;
	onTestFinished(() => held.resolve());
	return { release: () => (held.resolve(), whole) };
}

/** What a new connection that asks to enter is answered: its first line, once it has come. */
async function asking(origin: string): Promise<{ socket: Socket; status: string }> {
	const asked = { socket: await connection(origin), status: '' };
	asked.socket.once('data', (data) => (asked.status = String(data).split(' ')[1] ?? ''));
	onTestFinished(() => void asked.socket.destroy());
	asked.socket.write(handshake({ dialogue: 1, token: TOKEN }));
	return asked;
}

test('[DOOR-8] past so many handshakes a new one is answered 503 at once, and when they are done the door is open again', async () => {
	const { services, origin } = await door(MOST);
	// The second time shows that all places were given back.
	for (let time = 1; time <= 2; time++) {
		const { release } = await hold(services);
		const all = await Promise.all(Array.from({ length: MOST + 2 }, () => asking(origin)));
		const answered = (): string[] => all.map(({ status }) => status).filter(Boolean);
		await until(() => answered().length >= 2);
		expect(answered()).toEqual(['503', '503']);
		const waiting = all.filter(({ status }) => status === '');
		waiting[0]?.socket.resetAndDestroy();
		await release();
		await until(() => answered().length === MOST + 1);
		expect(waiting.map(({ status }) => status)).toEqual(['', '101', '101']);
	}
	const late = await asking(origin);
	await until(() => late.status !== '');
	expect(late.status).toBe('101');
});
